#pragma once

#include <string>

#include "client/desk/problems/problem.h"
#include "engine/workspace/workspace.h"

namespace vereda::client {

/// Characters of a name of a workspace, member, device or turf, at most.
inline constexpr std::size_t name_size_max = 100;

/// The name that somebody typed, without space around it. Refused: an empty one, one that is not
/// UTF-8, has control characters or is longer than `name_size_max`.
[[nodiscard]] Or<std::string> read_name(const std::string& typed);

/// A member's name and that of the laptop.
[[nodiscard]] Or<engine::NewVault> read_owner(const std::string& member, const std::string& device);

}  // namespace vereda::client
