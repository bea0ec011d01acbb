#include "engine/actions/action_checks.h"
#include "engine/actions/actions.h"
#include "engine/actions/contact_change.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/interaction_change.h"
#include "engine/actions/seen_dots.h"
#include "engine/schema/fields.h"
#include "engine/schema/typed_value.h"
#include "engine/schema/value_text.h"

/// Says which of several values holds, of a record of any kind.
namespace vereda::engine {
namespace {

// The value among those that show which people read as `text`; null when it is a new one.
const RecordState::Item* value_shown_as(
    const RecordState& state, std::uint32_t code, std::string_view text) {
    for (const RecordState::Item* item : state.live(code)) {
        if (trimmed(value_text(code, as_bytes(item->value))) == trimmed(text)) return item;
    }
    return nullptr;
}

// The field, if there can be a conflict in it.
std::expected<NamedField, ActionError> field_to_settle(FieldOwner owner, std::string_view name) {
    const auto field = find_named_field(owner, name);
    if (!field) return refused(ActionProblem::unknown_field, name);
    const bool is_set = field->known != nullptr && field->known->rule != MergeRule::single;
    if (is_set) return refused(ActionProblem::keeps_all, name);
    return *field;
}

bool has_conflict(const RecordState& state, std::uint32_t code) {
    return state.live(code).size() > 1;
}

// Of a field without a conflict: whether the value wanted is the one that stands.
ActionProblem without_conflict(
    const std::expected<void, ActionError>& read, const EditDraft& edit) {
    return read && edit.empty() ? ActionProblem::nothing_to_change : ActionProblem::no_conflict;
}

}  // namespace

template <class NewValue>
People::Result People::settle(
    FieldOwner owner, LocalDot id, std::string_view name, std::string_view value, const Seen& there,
    NewValue new_value) {
    const auto record = writable(owner, id, protocol::EventType::edit);
    if (!record) return std::unexpected(record.error());
    const auto field = field_to_settle(owner, name);
    if (!field) return std::unexpected(field.error());
    const auto seen = seen_of(owner, *record, there);
    if (!seen) return std::unexpected(seen.error());
    const RecordState::Item* shown = value_shown_as(record->state, field->code, value);
    if (shown == nullptr && field->known == nullptr)
        return refused(ActionProblem::not_among_values, name);
    const bool conflict = has_conflict(record->state, field->code);
    if (shown == nullptr) return new_value(*record, *field, *seen, conflict);
    if (!conflict) return refused(ActionProblem::nothing_to_change, name);
    EditDraft edit = new_edit(*record);
    edit.set(field->code, as_bytes(shown->value), seen->of_value(record->state, field->code));
    return write(*record, edit, *seen);
}

People::Result People::settle_conflict(
    LocalDot contact, std::string_view name, std::string_view value, const Seen& there) {
    const auto new_value = [&](const WritableRecord& record, const NamedField&,
                               const SeenDots& seen, bool conflict) -> Result {
        const ContactChange change{.set = {{std::string(name), std::string(value)}}, .seen = there};
        if (conflict) return edit_contact(contact, change);
        EditDraft edit = new_edit(record);
        const auto read = write_contact_change(edit, record.state, change, seen, options_);
        return refused(without_conflict(read, edit), name);
    };
    return settle(FieldOwner::contact, contact, name, value, there, new_value);
}

People::Result People::settle_interaction_conflict(
    LocalDot interaction, std::string_view name, std::string_view value, const Seen& there) {
    const auto new_value = [&](const WritableRecord& record, const NamedField& field,
                               const SeenDots& seen, bool conflict) -> Result {
        auto change = interaction_change(field.code, value);
        if (!change) return std::unexpected(change.error());
        change->seen = there;
        if (conflict) return correct_interaction(interaction, *change);
        EditDraft edit = new_edit(record);
        const auto read = write_interaction_change(edit, record.state, *change, seen);
        return refused(without_conflict(read, edit), name);
    };
    return settle(FieldOwner::interaction, interaction, name, value, there, new_value);
}

}  // namespace vereda::engine
