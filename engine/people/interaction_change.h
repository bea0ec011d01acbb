#pragma once

#include "engine/people/actions.h"
#include "engine/people/edit_draft.h"

namespace vereda::engine {

/// The body of a new interaction's entry, written at `now`.
[[nodiscard]] std::expected<Bytes, ActionError> new_interaction_body(
    const InteractionDraft& draft, protocol::Millis now);

/// Puts what `change` asks for into `edit`, over what `state` shows.
[[nodiscard]] std::expected<void, ActionError> write_interaction_change(
    EditDraft& edit, const RecordState& state, const InteractionChange& change);

}  // namespace vereda::engine
