#pragma once

#include <string_view>

#include "client/desk/problems/problem.h"
#include "client/terminal/prompt.h"

namespace vereda::client {

/// Why a secret was not typed.
[[nodiscard]] Problem problem_of(PromptError error);
/// Why a text that was asked for, such as a note, was not.
[[nodiscard]] Problem question_problem(PromptError error, std::string_view asked_for);

}  // namespace vereda::client
