#pragma once

#include <string_view>

#include "client/desk/problems/problem.h"
#include "engine/storage/storage_failure.h"
#include "engine/vault/key_slots.h"
#include "engine/workspace/workspace.h"
#include "protocol/printed_key.h"

namespace vereda::client {

/// Why a vault does not open, or cannot be kept.
[[nodiscard]] Problem problem_of(engine::WorkspaceError error, std::string_view vault = {});
[[nodiscard]] Problem problem_of(engine::ChangeSlotsError error);
[[nodiscard]] Problem problem_of(protocol::PrintedKeyError error);
/// The machine failed; `what` is its own message, free of personal data.
[[nodiscard]] Problem problem_of(engine::StorageFault fault, std::string_view what);
/// Why the vault goes on in a new log, and what its owner should do about it.
[[nodiscard]] Sentence why_new_log(engine::WhyNewLog why);
/// What an older copy of a vault may lack, and who has it.
[[nodiscard]] Sentence old_copy_sentence(bool may_catch_up);

}  // namespace vereda::client
