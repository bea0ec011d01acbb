#pragma once

#include <compare>
#include <cstdint>

/// Numbers that a store gives to long names; they mean nothing outside it.
namespace vereda::server {

struct WorkspaceNo {
    std::int64_t value = 0;
    auto operator<=>(const WorkspaceNo&) const = default;
};
struct StreamNo {
    std::int64_t value = 0;
    auto operator<=>(const StreamNo&) const = default;
};
struct LogNo {
    std::int64_t value = 0;
    auto operator<=>(const LogNo&) const = default;
};

}  // namespace vereda::server
