#include "engine/actions/actions.h"

#include <algorithm>

#include "engine/actions/action_checks.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/entry_parts.h"
#include "engine/actions/seen_dots.h"
#include "engine/actions/shown_effect.h"
#include "engine/actions/together.h"
#include "engine/queries/missing_contacts.h"
#include "engine/queries/queries.h"
#include "engine/schema/fields.h"
#include "engine/schema/typed_value.h"
#include "engine/text/compose.h"

namespace vereda::engine {
namespace {

using protocol::EventType;

// What an entry that binds a record keeps from being written. It marks and does not forbid: visits,
// retractions and withdrawals of consent always pass.
bool is_kept_back(EventType type) {
    return type == EventType::edit || type == EventType::restore || type == EventType::consent_lift;
}

bool hides(EventType type) { return type == EventType::retract || type == EventType::restore; }

}  // namespace

bool People::may_write(TurfNumber turf, EventType type) const {
    const Roster& roster = workspace_.roster();
    if (roster.empty()) return false;
    return roster.may_write(
        workspace_.identity().keys.device(), workspace_.store().turf(turf), type,
        roster.last_position());
}

LocalDot People::next_entry(TurfNumber turf) {
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), turf);
    return LocalDot::of(own, workspace_.projection().frontier().read_to(own).next());
}

People::Result People::append(TurfNumber turf, const std::vector<EntryDraft>& drafts) {
    if (!std::ranges::all_of(drafts, fits_an_entry)) return refused(ActionProblem::too_long);
    Written written{.entries = drafts.size()};
    Together together(workspace_);
    for (const EntryDraft& draft : drafts) written.entry = workspace_.append(turf, draft);
    together.commit();
    if (!effect_shows(workspace_, written.entry, drafts)) return refused(ActionProblem::no_effect);
    return written;
}

People::Result People::append_edit(
    TurfNumber turf, const EditDraft& edit, LocalDot parent,
    std::optional<std::string_view> source) {
    const auto parts = edit.entries(next_entry(turf), parent, source);
    if (!parts) return refused(ActionProblem::too_long);
    return append(turf, *parts);
}

std::unexpected<ActionError> People::refuse_bound(const RecordState& state) {
    std::vector<LocalDot> binding = state.dots({critical_slot, {}});
    const DotOrder& order = workspace_.projection().frontier();
    std::ranges::sort(binding, [&order](LocalDot a, LocalDot b) { return order.before(a, b); });
    return refused(ActionProblem::read_only, Queries(workspace_).author_of(binding.front()).member);
}

std::expected<WritableRecord, ActionError> People::writable(
    FieldOwner owner, LocalDot record, EventType type, bool though_bound) {
    auto found = owner == FieldOwner::contact ? contact_to_write(record, type)
                                              : interaction_to_write(record, type);
    if (!found) return found;
    if (!may_write(found->turf, type)) return refused(ActionProblem::no_authority);
    if (found->state.is_bound() && is_kept_back(type) && !though_bound)
        return refuse_bound(found->state);
    return found;
}

// What is left of a lost contact can be hidden as a whole, also where there are only visits.
std::expected<WritableRecord, ActionError> People::contact_to_write(
    LocalDot contact, EventType type) {
    std::optional<ContactRow> row = workspace_.projection().contacts().load(contact);
    if (row && row->kind) return WritableRecord{contact, {}, row->turf, std::move(row->state)};
    EntryPages pages(workspace_);
    if (!hides(type) || !is_lost_contact(pages, contact))
        return refused(ActionProblem::no_such_contact);
    const TurfNumber turf = row ? row->turf : workspace_.store().info(contact.log()).turf;
    return WritableRecord{contact, {}, turf, row ? std::move(row->state) : RecordState{}};
}

std::expected<WritableRecord, ActionError> People::interaction_to_write(
    LocalDot interaction, EventType type) {
    std::optional<InteractionRow> row = workspace_.projection().interactions().load(interaction);
    if (!row || row->contact.is_none()) return refused(ActionProblem::no_such_interaction);
    if (const auto problem = problem_with_contact_of(*row, type)) return refused(*problem);
    return WritableRecord{interaction, row->contact, row->turf, std::move(row->state)};
}

// An entry names both, and a block can only name what is here. Where a lost contact was stands a
// void entry: its visits can be hidden, once they are recorded again with another contact.
std::optional<ActionProblem> People::problem_with_contact_of(
    const InteractionRow& visit, EventType type) {
    const auto contact = workspace_.projection().contacts().load(visit.contact);
    if (contact && contact->kind && contact->turf == visit.turf) return std::nullopt;
    if (contact && contact->kind) return ActionProblem::contact_not_here;
    EntryPages pages(workspace_);
    if (!is_lost_contact(pages, visit.contact)) return ActionProblem::contact_not_here;
    return hides(type) ? std::nullopt : std::optional(ActionProblem::contact_lost);
}

std::expected<SeenDots, ActionError> People::seen_of(
    FieldOwner owner, const WritableRecord& record, const Seen& seen) {
    Contacts& contacts = workspace_.projection().contacts();
    const LocalDot contact = record.parent.is_none() ? record.record : record.parent;
    return SeenDots::read(owner, seen, Contacts::GroupDots(contacts, contacts.root_of(contact)));
}

EditDraft People::new_edit(const WritableRecord& record) {
    return EditDraft(record.record, workspace_.writer().own_log(workspace_.roster(), record.turf));
}

People::Result People::write(
    const WritableRecord& record, const EditDraft& edit, const SeenDots& seen) {
    Result written = append_edit(record.turf, edit, record.parent);
    if (written && !seen.empty()) written->conflicts = seen.conflicts(state_now(record));
    return written;
}

RecordState People::state_now(const WritableRecord& record) {
    Projection& projection = workspace_.projection();
    return record.parent.is_none() ? projection.contacts().load(record.record)->state
                                   : projection.interactions().load(record.record)->state;
}

People::Result People::name(protocol::Profile::Kind kind, ByteView id, std::string_view name) {
    const TurfNumber common{0};
    const Roster& roster = workspace_.roster();
    const auto code = static_cast<std::uint64_t>(kind);
    const bool allowed =
        may_write(common, EventType::profile) &&
        roster.may_name(workspace_.identity().keys.device(), code, id, roster.last_position());
    if (!allowed) return refused(ActionProblem::no_authority);
    const std::string text = composed(trimmed(name));
    if (text.empty() || !protocol::is_valid_utf8(text))
        return refused(ActionProblem::unknown_value, name);
    const auto shows = [&] {  // asked twice: the projection may be another one by then
        return workspace_.projection().profiles().name_of(kind, id) == text;
    };
    const std::vector<LocalDot> seen = workspace_.projection().profiles().seen(kind, id);
    if (seen.size() == 1 && shows()) return refused(ActionProblem::nothing_to_change);
    const LogOrdinal own = workspace_.writer().own_log(roster, common);
    const auto parts =
        in_chained_parts(seen, next_entry(common), [&](std::span<const LocalDot> names) {
            protocol::Profile event{.kind = code, .id = id, .name = text};
            for (const LocalDot dot : names) event.over.dots.push_back(open_reference(dot, own));
            return EntryDraft{.type = EventType::profile, .body = protocol::encode(event)};
        });
    if (!parts) return std::unexpected(parts.error());
    auto named = append(common, *parts);
    if (named && !shows()) return refused(ActionProblem::no_effect);
    return named;
}

}  // namespace vereda::engine
