#pragma once

#include <string_view>

#include "client/desk/problems/problem.h"
#include "client/desk/requests.h"

namespace vereda::client {

/// One line of `vereda batch`: a JSON object that asks for one write (docs/commands.md "batch").
/// Members that nobody knows are an error, because a mistyped one would be lost silently. So is a
/// name that one object has twice. Keys are those of "source", or of "batch". Times like
/// "yesterday" are seen from `now`.
[[nodiscard]] Or<WriteRequest> parse_batch_line(std::string_view line, protocol::Millis now);

}  // namespace vereda::client
