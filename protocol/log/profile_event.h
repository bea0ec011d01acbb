#pragma once

#include "protocol/log/event_parts.h"

/// The event that names a member, a device, a turf or the workspace. Source:
/// docs/protocol/events.md.
namespace vereda::protocol {

struct Profile {
    enum class Kind : std::uint64_t { member = 1, device = 2, turf = 3, workspace = 4 };
    std::uint64_t kind = 1;
    ByteView id;
    std::string_view name;
    Over over;
};

[[nodiscard]] std::expected<Profile, EventError> parse_profile(ByteView body);
[[nodiscard]] Bytes encode(const Profile& event);

}  // namespace vereda::protocol
