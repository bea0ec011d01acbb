#pragma once

#include "engine/actions/actions.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/seen_dots.h"

namespace vereda::engine {

/// The body of a new interaction's entry, written at `now`.
[[nodiscard]] std::expected<Bytes, ActionError> new_interaction_body(
    const InteractionDraft& draft, protocol::Millis now);

/// A correction of the one field `code` to what was typed; a time is in milliseconds since 1970.
/// Error: `unknown_value` for a time that is none.
[[nodiscard]] std::expected<InteractionChange, ActionError> interaction_change(
    std::uint32_t code, std::string_view typed);

/// Puts what `change` asks for into `edit`, over what `seen` has of `state`.
[[nodiscard]] std::expected<void, ActionError> write_interaction_change(
    EditDraft& edit, const RecordState& state, const InteractionChange& change,
    const SeenDots& seen);

}  // namespace vereda::engine
