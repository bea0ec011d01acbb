#pragma once

#include "protocol/roster/roster_body.h"

namespace vereda::protocol {
enum class EventType : std::uint64_t;  // protocol/log/event.h
}

namespace vereda::engine {

/// Where a device means to write, as the roster sees it.
enum class WritePlace {
    elsewhere,  ///< A turf that is unknown at that position or not the member's.
    common,     ///< What everyone shares.
    own_turf,   ///< A turf granted to the member; any turf for a coordinator.
};

/// The table of who may write what, event type × role × place (docs/protocol/roster.md
/// "Authority"). What it does not name, nobody may write: an event of an unknown type is judged
/// when it becomes known.
[[nodiscard]] bool may_write(protocol::Role role, protocol::EventType type, WritePlace place);

/// Whose name a profile event sets.
enum class ProfileSubject {
    oneself,  ///< The author's own member, or a device of that member.
    other,    ///< Another member or device, a turf, the workspace.
};

/// A coordinator names everything, everyone else names themselves and their devices.
[[nodiscard]] bool may_name(protocol::Role role, ProfileSubject subject);

}  // namespace vereda::engine
