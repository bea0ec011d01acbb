#include <algorithm>

#include "engine/actions/action_checks.h"
#include "engine/actions/actions.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/entry_parts.h"
#include "engine/actions/together.h"
#include "engine/queries/hidden_work.h"
#include "engine/schema/fields.h"

/// What is done to a record of any kind: hide it, bring it back, end what binds it.
namespace vereda::engine {

using protocol::EventType;

People::Result People::retract(FieldOwner owner, LocalDot record) {
    const auto found = writable(owner, record, EventType::retract);
    if (!found) return std::unexpected(found.error());
    if (found->state.retracted()) return refused(ActionProblem::nothing_to_change);
    Together together(workspace_);
    const EntryDraft entry{
        .type = EventType::retract,
        .record = record,
        .parent = found->parent,
        .body = protocol::encode_retract()};
    auto retracted = append(found->turf, {entry});
    if (retracted) note_hidden(owner, record);
    together.commit();
    return retracted;
}

// What its author hides, they have seen.
void People::note_hidden(FieldOwner owner, LocalDot record) {
    HiddenRecords hidden;
    (owner == FieldOwner::contact ? hidden.contacts : hidden.interactions) = {record};
    HiddenWork(workspace_).note_told(hidden);
}

People::Result People::restore(FieldOwner owner, LocalDot record) {
    const auto found = writable(owner, record, EventType::restore);
    if (!found) return std::unexpected(found.error());
    if (!found->state.retracted()) return refused(ActionProblem::nothing_to_change);
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), found->turf);
    const auto parts =
        in_parts(found->state.dots({retracted_slot, {}}), [&](std::span<const LocalDot> retracts) {
            const protocol::Restore event{over_of(retracts, record, own)};
            return EntryDraft{
                .type = EventType::restore,
                .record = record,
                .parent = found->parent,
                .body = protocol::encode(event)};
        });
    if (!parts) return std::unexpected(parts.error());
    return append(found->turf, *parts);
}

People::Result People::release(FieldOwner owner, LocalDot record) {
    const auto found = writable(owner, record, EventType::critical_lift);
    if (!found) return std::unexpected(found.error());
    if (!found->state.is_bound()) return refused(ActionProblem::nothing_to_change);
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), found->turf);
    const auto parts =
        in_parts(found->state.dots({critical_slot, {}}), [&](std::span<const LocalDot> binding) {
            const protocol::CriticalLift event{over_of(binding, record, own)};
            return EntryDraft{
                .type = EventType::critical_lift,
                .record = record,
                .parent = found->parent,
                .body = protocol::encode(event)};
        });
    if (!parts) return std::unexpected(parts.error());
    return append(found->turf, *parts);
}

People::Result People::retract_contact(LocalDot contact) {
    return retract(FieldOwner::contact, contact);
}
People::Result People::restore_contact(LocalDot contact) {
    return restore(FieldOwner::contact, contact);
}
People::Result People::release_contact(LocalDot contact) {
    return release(FieldOwner::contact, contact);
}
People::Result People::retract_interaction(LocalDot interaction) {
    return retract(FieldOwner::interaction, interaction);
}
People::Result People::restore_interaction(LocalDot interaction) {
    return restore(FieldOwner::interaction, interaction);
}
People::Result People::release_interaction(LocalDot interaction) {
    return release(FieldOwner::interaction, interaction);
}

}  // namespace vereda::engine
