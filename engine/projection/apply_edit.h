#pragma once

#include "engine/merge/merge_target.h"
#include "engine/projection/action.h"

namespace vereda::engine {

/// What of an entry takes effect: all of it, or, when the proof of a row has come, only what it
/// takes away through proven rows. The rest has been there since the entry was applied, and what
/// somebody has written over meanwhile must not come back.
enum class Effect { all, removals };

/// The writes of an edit, each by the rule that it says of itself.
void apply_edit(
    MergeTarget& state, const Action& action, const protocol::Edit& edit, const AppliedDots& log,
    Effect effect);

/// What a deferred entry does to its record.
void apply_deferred(RecordState& state, const Action& deferred, const AppliedDots& log);

/// What an over removes from a slot: just what created the record, or the dots it lists, as far as
/// the author proves to have seen them.
void remove_seen(
    MergeTarget& state, StateSlot slot, const Action& action, const protocol::Over& over,
    std::string_view source, const AppliedDots& log);

}  // namespace vereda::engine
