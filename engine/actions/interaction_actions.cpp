#include "engine/actions/action_checks.h"
#include "engine/actions/actions.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/interaction_change.h"
#include "engine/actions/seen_dots.h"
#include "engine/schema/fields.h"

namespace vereda::engine {

using protocol::EventType;

People::Result People::add_interaction(LocalDot contact, const InteractionDraft& draft) {
    const auto with = writable(FieldOwner::contact, contact, EventType::interaction_create);
    if (!with) return std::unexpected(with.error());
    const protocol::Millis now = writing_time(workspace_.environment().clock.now());
    auto body = new_interaction_body(draft, now);
    if (!body) return std::unexpected(std::move(body.error()));
    const EntryDraft entry{
        .type = EventType::interaction_create,
        .parent = contact,
        .body = std::move(*body),
        .time = now};
    return append(with->turf, {entry});
}

People::Result People::correct_interaction(LocalDot interaction, const InteractionChange& change) {
    const auto record = writable(FieldOwner::interaction, interaction, EventType::edit);
    if (!record) return std::unexpected(record.error());
    const auto seen = seen_of(FieldOwner::interaction, *record, change.seen);
    if (!seen) return std::unexpected(seen.error());
    EditDraft edit = new_edit(*record);
    const auto done = write_interaction_change(edit, record->state, change, *seen);
    if (!done) return std::unexpected(done.error());
    if (edit.empty()) return refused(ActionProblem::nothing_to_change);
    return write(*record, edit, *seen);
}

}  // namespace vereda::engine
