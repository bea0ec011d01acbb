#include "client/desk/desk.h"
#include "client/desk/lookup.h"
#include "client/desk/problems/action_problem.h"
#include "engine/actions/seen_dots.h"
#include "engine/schema/fields.h"

namespace vereda::client {

Or<Written> Desk::write(const SettleConflict& request) {
    const auto kind = kind_to_settle(request);
    if (!kind) return std::unexpected(kind.error());
    return *kind == engine::RecordKind::contact ? settle_contact(request)
                                                : settle_interaction(request);
}

// No known field belongs to both, so the field tells which of the two the id names. One that no
// program knows may be of either: then the id tells.
Or<engine::RecordKind> Desk::kind_to_settle(const SettleConflict& request) {
    if (request.kind) return *request.kind;
    using enum engine::FieldOwner;
    const bool of_interaction = engine::find_named_field(interaction, request.field).has_value();
    const bool of_contact = engine::find_named_field(contact, request.field).has_value();
    if (!of_interaction && !of_contact) {
        return std::unexpected(
            problem_of(engine::ActionError{engine::ActionProblem::unknown_field, request.field}));
    }
    if (!of_interaction) return engine::RecordKind::contact;
    if (!of_contact) return engine::RecordKind::interaction;
    const auto found = ids_.find(request.record.typed, engine::RecordKind::contact);
    const bool names_contact = found || found.error().problem == engine::LookupProblem::ambiguous;
    return names_contact ? engine::RecordKind::contact : engine::RecordKind::interaction;
}

Or<Written> Desk::settle_contact(const SettleConflict& request) {
    const auto contact = contact_called(request.record);
    if (!contact) return std::unexpected(contact.error());
    const auto seen = find_seen(ids_, *contact, request.seen);
    if (!seen) return std::unexpected(seen.error());
    return changed(
        *contact, people_.settle_conflict(*contact, request.field, request.value, *seen));
}

Or<Written> Desk::settle_interaction(const SettleConflict& request) {
    const auto interaction = find_interaction(ids_, request.record.typed);
    if (!interaction) return std::unexpected(interaction.error());
    const auto seen = find_seen_of_interaction(ids_, *interaction, request.seen);
    if (!seen) return std::unexpected(seen.error());
    const auto value = value_to_settle(request);
    if (!value) return std::unexpected(value.error());
    return changed(
        *interaction,
        people_.settle_interaction_conflict(*interaction, request.field, *value, *seen));
}

// A time as people write one, in the milliseconds that settling takes.
Or<std::string> Desk::value_to_settle(const SettleConflict& request) const {
    const auto field = engine::find_named_field(engine::FieldOwner::interaction, request.field);
    if (!field || field->code != engine::field::at) return request.value;
    const auto time = find_time(request.value, workspace_.environment().clock);
    if (!time) return std::unexpected(time.error());
    return std::to_string(time->value);
}

Or<std::vector<ConflictShown>> Desk::read(const ListConflicts& request) {
    const auto turf = only_turf(request.turf);
    if (!turf) return std::unexpected(turf.error());
    std::vector<ConflictShown> conflicts;
    for (const auto& conflict : queries_.conflicts(*turf)) conflicts.push_back(shown(conflict));
    return conflicts;
}

ConflictShown Desk::shown(const engine::ConflictView& conflict) {
    ConflictShown shown_conflict{
        .contact = ids_.text_of(conflict.contact),
        .contact_name = conflict.contact_name,
        .field = conflict.field,
        .waits = conflict.waits};
    if (conflict.interaction) shown_conflict.interaction = ids_.text_of(*conflict.interaction);
    for (const auto& value : conflict.values) shown_conflict.values.push_back(shown(value));
    return shown_conflict;
}

}  // namespace vereda::client
