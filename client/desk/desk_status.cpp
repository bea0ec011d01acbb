#include <algorithm>

#include "client/desk/desk.h"
#include "client/desk/lookup.h"
#include "engine/queries/hidden_work.h"
#include "engine/queries/workspace_status.h"
#include "protocol/text_id.h"

namespace vereda::client {
namespace {

engine::Author owner_of(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    const bool joining = workspace.beginnings().joining.has_value();
    return {
        joining ? workspace.beginnings().member_name : status.member,
        joining ? workspace.beginnings().device_name : status.device, workspace.identity().member,
        workspace.identity().keys.device()};
}

SetAsideShown::Why why_shown(engine::WhySetAside why) {
    return why == engine::WhySetAside::missing ? SetAsideShown::Why::missing
                                               : SetAsideShown::Why::too_large;
}

}  // namespace

Or<std::vector<TurfRow>> Desk::read(const ListTurfs&) {
    std::vector<TurfRow> rows;
    for (const engine::TurfNumber turf : queries_.turfs())
        if (turf != engine::TurfNumber{0})
            rows.push_back({turf_id(turf), queries_.turf_name(turf)});
    return rows;
}

Or<StatusShown> Desk::read(const ShowStatus&) {
    const engine::WorkspaceStatus status = engine::status_of(workspace_);
    StatusShown answer{
        .workspace = status.workspace,
        .owner = authors_.shown(owner_of(workspace_, status)),
        .role = status.role,
        .joining = workspace_.beginnings().joining.has_value(),
        .has_hub = workspace_.has_hub(),
        .contacts = status.contacts,
        .interactions = status.interactions,
        .conflicts = status.conflicts,
        .unsynced = status.unsynced,
        .waits = status.waits,
        .pending = status.pending,
        .damaged = status.damaged,
        .has_damage = status.has_damage,
        .old_copy = status.old_copy,
        .may_catch_up = workspace_.may_catch_up(),
        .lost = shown(status.lost),
        .withheld = status.withheld,
        .no_authority = status.no_authority,
        .unknown = status.unknown,
        .waiting = status.waiting,
        .own_waiting = status.own_waiting,
        .forks = status.forks,
        .roster_forks = status.roster_forks,
        .set_aside = shown(status.set_aside),
        .digest = to_text(status.digest)};
    for (const engine::MissingContact& contact : status.missing_contacts)
        answer.missing_contacts.push_back(
            {ids_.text_of(contact.id), contact.lost, contact.interactions});
    for (const engine::UnprovenClaims& claims : status.unproven)
        answer.unproven.push_back(
            {authors_.shown(claims.author), claims.waiting, claims.contradicted});
    for (const engine::TurfStatus& turf : status.turfs)
        answer.turfs.push_back(
            {turf.name, turf_id(turf.turf), to_text(turf.digest), turf.contacts, turf.interactions,
             turf.conflicts});
    return answer;
}

std::vector<SetAsideShown> Desk::set_aside() { return shown(engine::set_aside_of(workspace_)); }

std::vector<SetAsideShown> Desk::shown(const std::vector<engine::SetAsideView>& actions) const {
    std::vector<SetAsideShown> answer;
    for (const engine::SetAsideView& action : actions)
        answer.push_back(
            {.entry = ids_.text_of(action.entry),
             .why = why_shown(action.why),
             .record = action.type.empty() ? std::string() : ids_.text_of(action.record),
             .type = action.type,
             .at = action.at,
             .steps = action.steps,
             .evidence = action.evidence});
    return answer;
}

std::vector<LostWorkShown> Desk::shown(const std::vector<engine::LostWork>& lost) const {
    std::vector<LostWorkShown> answer;
    for (const engine::LostWork& work : lost) {
        answer.push_back(
            {.place = work.place,
             .entries = work.entries,
             .ids = work.ids,
             .turf = {},
             .after = work.after,
             .before = work.before,
             .contacts = ids_of(work.contacts)});
        if (work.turf) answer.back().turf = queries_.turf_name(*work.turf);
    }
    return answer;
}

std::string Desk::turf_id(engine::TurfNumber turf) const {
    return protocol::text_id(workspace_.store().turf(turf).view());
}

SyncNews Desk::take_news() {
    SyncNews news;
    take_hidden(news);
    take_lost(news);
    return news;
}

void Desk::take_hidden(SyncNews& news) {
    engine::HiddenWork hidden_work(workspace_);
    const engine::HiddenRecords hidden = hidden_work.to_tell();
    if (hidden.empty()) return;
    news.hidden_contacts = ids_of(hidden.contacts);
    news.hidden_visits = ids_of(hidden.interactions);
    for (const engine::LocalDot visit : hidden.interactions)
        news.hidden_visits_contacts.push_back(contact_id_of(visit));
    hidden_work.note_told(hidden);
}

// What the contact is shown under; of one that is not here its own id, which finds what is left.
std::string Desk::contact_id_of(engine::LocalDot visit) {
    const auto line = queries_.interaction(visit);
    if (!line) return {};
    const auto contact = queries_.contact(line->what.contact);
    return ids_.text_of(contact ? contact->id : line->what.contact);
}

void Desk::take_lost(SyncNews& news) {
    std::vector<engine::LostWork> lost = engine::lost_work(workspace_);
    std::erase_if(lost, [](const engine::LostWork& work) { return work.told; });
    if (lost.empty()) return;
    news.lost = shown(lost);
    news.sent_under_new_ids = workspace_.opening().renamed_entries != 0;
    engine::note_lost_work_told(workspace_);
}

}  // namespace vereda::client
