#pragma once

#include "engine/sync/talk.h"

/// A hub whose whole machine was put back: nothing there tells it, so it is shown its own hand.
/// Each leaves in the talk a head that the hub signed, has no more, and is to be shown.
namespace vereda::engine::sync {

/// The newest head of the roster's stream that the hub signed, as the body of `went-back`.
inline constexpr const char* roster_head_name = "roster-head";

/// Whether the roster that the hub signed `now` is shorter than it signed before.
[[nodiscard]] bool shows_older_roster(
    Talk& talk, const protocol::StreamHead& now, const protocol::SignedHead& signed_now);
/// Whether the hub knows nothing of where we stood in its stream, which it signed in this epoch.
[[nodiscard]] bool shows_older_stream(Talk& talk, TurfNumber turf, const protocol::StreamHead& now);
[[nodiscard]] Message proof_message(const Talk& talk);

}  // namespace vereda::engine::sync
