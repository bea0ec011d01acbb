#include "client/desk/desk.h"
#include "client/desk/lookup.h"
#include "client/desk/problems/action_problem.h"
#include "client/desk/problems/record_problem.h"
#include "engine/audit/history.h"
#include "engine/queries/missing_contacts.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"

namespace vereda::client {
namespace {}  // namespace

Or<ContactShown> Desk::read(const ShowContact& request) {
    const auto found = find_contact_to_read(ids_, request.contact.typed);
    if (!found) return std::unexpected(found.error());
    const auto contact = found->here ? queries_.contact(found->id)
                                     : std::optional(queries_.missing_contact(found->id));
    if (contact) return shown(*contact, request.retracted);
    return std::unexpected(problem_of(
        engine::LookupError{engine::LookupProblem::not_found, {}}, request.contact.typed,
        engine::RecordKind::contact));
}

Or<std::vector<ContactRow>> Desk::read(const ListContacts& request) {
    const auto turf = only_turf(request.turf);
    if (!turf) return std::unexpected(turf.error());
    return rows_of(queries_.contacts(
        {.turf = *turf,
         .limit = request.limit.value_or(SIZE_MAX),
         .retracted = request.retracted}));
}

Or<ContactsExport> Desk::read(const ExportContacts& request) {
    const auto turf = only_turf(request.turf);
    if (!turf) return std::unexpected(turf.error());
    return ContactsExport(workspace_, queries_.contacts({.turf = *turf}));
}

Or<VisitsExport> Desk::read(const ExportVisits& request) {
    const auto turf = only_turf(request.turf);
    if (!turf) return std::unexpected(turf.error());
    auto contacts = queries_.contacts({.turf = *turf});
    for (const engine::MissingContact& missing : engine::missing_contacts_to_tell(workspace_))
        contacts.push_back({.id = missing.id, .turf = {}, .name = {}});
    return VisitsExport(workspace_, std::move(contacts), *turf);
}

Or<std::vector<ContactRow>> Desk::read(const SearchContacts& request) {
    return rows_of(queries_.search(request.words, request.limit.value_or(SIZE_MAX)));
}

Or<std::vector<EntryShown>> Desk::read(const ShowHistory& request) {
    const auto contact = find_contact_to_read(ids_, request.contact.typed);
    if (!contact) return std::unexpected(contact.error());
    std::vector<EntryShown> entries;
    for (auto& action : engine::ActionHistory(workspace_).of_contact(contact->id)) {
        entries.push_back(
            {.entry = ids_.text_of(action.entry),
             .record = ids_.text_of(action.record),
             .type = std::move(action.type),
             .at = action.at,
             .author = authors_.shown(action.author),
             .status = action.status,
             .source = std::move(action.source),
             .evidence = std::move(action.evidence),
             .waits_for = std::move(action.waits_for),
             .steps = std::move(action.steps)});
    }
    return entries;
}

std::vector<ContactRow> Desk::rows_of(const std::vector<engine::ContactLine>& lines) {
    std::vector<ContactRow> rows;
    rows.reserve(lines.size());
    for (const engine::ContactLine& line : lines)
        rows.push_back({ids_.text_of(line.id), line.name, queries_.turf_name(line.turf)});
    return rows;
}

ContactShown::Presence Desk::presence_of(const engine::ContactView& contact) {
    if (contact.is_here) return ContactShown::Presence::here;
    return is_lost(workspace_, contact.id) ? ContactShown::Presence::lost
                                           : ContactShown::Presence::not_here;
}

ContactShown Desk::shown(const engine::ContactView& contact, bool lists_hidden) {
    ContactShown answer{
        .id = ids_.text_of(contact.id),
        .turf = queries_.turf_name(contact.turf),
        .kind = contact.kind,
        .name = contact.name,
        .presence = presence_of(contact),
        .retracted = contact.retracted,
        .read_only = contact.read_only,
        .created = contact.created,
        .consents = client::shown(contact.consents),
        .keys = contact.keys,
        .lists_hidden = lists_hidden};
    for (const engine::FieldView& field : contact.fields) {
        answer.fields.push_back(shown(field));
        answer.seen.push_back({field.name, ids_of(field.entries)});
    }
    for (const auto& visit : queries_.interactions_of(contact.id, true)) {
        if (!visit.what.retracted) {
            answer.visits.push_back(shown(visit, contact.id));
            continue;
        }
        ++answer.hidden_visit_count;
        if (lists_hidden) answer.hidden_visits.push_back(shown(visit, contact.id));
    }
    return answer;
}

VisitShown Desk::shown(const engine::InteractionLine& visit, engine::LocalDot contact) {
    const engine::InteractionView& what = visit.what;
    VisitShown answer{
        .id = ids_.text_of(what.id),
        .contact = ids_.text_of(contact),
        .kind = what.kind,
        .outcome = what.outcome,
        .note = what.note,
        .at = {what.at_ms},
        .author = authors_.shown(visit.author),
        .retracted = what.retracted};
    for (const std::uint32_t code : what.conflicts)
        answer.conflicts.push_back(engine::field_label(code));
    for (const engine::ShownField& field : queries_.shown_entries(what.id))
        answer.seen.push_back({field.name, ids_of(field.entries)});
    return answer;
}

FieldShown Desk::shown(const engine::FieldView& field) {
    FieldShown answer{.name = field.name, .set = field.set, .conflict = field.conflict};
    for (const engine::ValueView& value : field.values) answer.values.push_back(shown(value));
    return answer;
}

ValueShown Desk::shown(const engine::ValueView& value) {
    return {
        .text = value.text,
        .entry = ids_.text_of(value.dot),
        .at = value.at,
        .author = authors_.shown(value.author)};
}

std::vector<std::string> Desk::ids_of(const std::vector<engine::LocalDot>& entries) const {
    std::vector<std::string> ids;
    for (const engine::LocalDot entry : entries) ids.push_back(ids_.text_of(entry));
    return ids;
}

std::vector<ConsentShown> shown(const std::vector<engine::ConsentView>& consents) {
    std::vector<ConsentShown> answer;
    for (const engine::ConsentView& consent : consents)
        answer.push_back({consent.channel, consent.given});
    return answer;
}

std::vector<std::string> conflicts_of(const ContactShown& contact) {
    std::vector<std::string> names;
    for (const FieldShown& field : contact.fields)
        if (field.conflict) names.push_back(field.name);
    return names;
}

}  // namespace vereda::client
