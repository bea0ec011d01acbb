#pragma once

#include "engine/merge/record_state.h"
#include "engine/projection/action.h"

namespace vereda::engine {

/// The writes of an edit, each by the rule that it says of itself.
void apply_edit(
    RecordState& state, const Action& action, const protocol::Edit& edit, const AppliedDots& log);

/// What an over removes from a slot: just what created the record, or the dots it lists.
void remove_seen(
    RecordState& state, RecordState::Slot slot, const Action& action, const protocol::Over& over,
    std::string_view source, const AppliedDots& log);

}  // namespace vereda::engine
