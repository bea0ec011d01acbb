#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "engine/actions/actions.h"
#include "engine/merge/record_state.h"

/// Channels of consent as people type them. The log takes any words (docs/protocol/events.md), so
/// that a later version's or another program's channel is kept; a person's typing error must not
/// become one, or a withdrawal would stand where nobody looks.
namespace vereda::engine {

/// A channel as it is kept: the schema's word; or one that `state` has already, whoever brought it
/// there; or, with `new_channels`, the words in lower case. Errors: `unknown_channel`;
/// `unknown_value` when it is empty or no text.
[[nodiscard]] std::expected<std::string, ActionError> read_channel(
    std::string_view typed, const RecordState& state, bool new_channels);

}  // namespace vereda::engine
