#pragma once

#include <string_view>

#include "client/desk/problems/problem.h"
#include "engine/queries/record_ids.h"

namespace vereda::client {

/// What was typed names no record, or several.
[[nodiscard]] Problem problem_of(
    const engine::LookupError& error, std::string_view typed, engine::RecordKind kind);
[[nodiscard]] Problem problem_of(const engine::EntryLookupError& error);
/// Of a contact that is to be written to, while only visits to it or changes of it are here.
[[nodiscard]] Problem missing_contact_problem(std::string_view id, bool is_lost);

}  // namespace vereda::client
