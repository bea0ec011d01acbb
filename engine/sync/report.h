#pragma once

#include <cstdint>
#include <optional>

#include "crypto/bytes.h"
#include "engine/log/hub_waits.h"
#include "protocol/sync/message.h"

/// What a conversation with a hub is to do, says, and comes to.
namespace vereda::engine::sync {

struct Message {
    protocol::MessageName name{};
    Bytes body;
};

/// Why a session stopped before its end. Whatever it had done until then is kept.
enum class Trouble {
    none,
    refused,          ///< The hub said no; `refusal` says why.
    nonsense,         ///< An answer that is not what docs/protocol/sync.md says.
    roster_refused,   ///< The hub served a roster entry that does not verify.
    hub_contradicts,  ///< The hub's signature or chain is wrong: it served another history than it
                      ///< signed, dropped what it took, or denies a turf that its roster grants.
    not_enrolled,     ///< The roster does not have this device.
    roster_split,  ///< The hub's roster is another branch than ours; work travelled all the same.
};

struct Report {
    std::size_t pushed_entries = 0;
    std::size_t pushed_blocks = 0;
    std::size_t pulled_entries = 0;
    std::size_t pulled_blocks = 0;
    std::size_t roster_entries = 0;
    std::size_t roster_given = 0;     ///< Entries that the hub, restored, had lost.
    std::int64_t clock_ahead_ms = 0;  ///< Of this laptop's clock before the hub's.
    bool hub_went_back = false;       ///< The hub was shown that it once had more.
    std::size_t roster_behind = 0;    ///< Entries that the hub lacks and would not take back.
    std::size_t left_open = 0;  ///< Entries of turfs whose newest key this laptop has not got.
    std::size_t set_aside = 0;  ///< Own entries that no block can hold (queries/set_aside.h).
    /// Own blocks that the hub refused, or served ones that nobody signed.
    std::size_t refused_blocks = 0;
    HubWaitCount waits;     ///< Entries that the hub has put off; nothing is wrong with them.
    std::size_t forks = 0;  ///< Blocks met that have another one in their place.
    /// Served with a payload that is not their author's: asked for again next time.
    std::size_t damaged_blocks = 0;
    std::size_t lost_entries = 0;   ///< Own ones in blocks that this disk has damaged before the
                                    ///< hub had them.
    std::size_t unread_blocks = 0;  ///< Of logs with more branches than are read: kept.
    std::size_t wanted_blocks = 0;  ///< Left to ask for again: came damaged or found no room.
    std::size_t offered_again = 0;  ///< Own blocks that the hub once took and does not have.
    bool new_incarnation = false;   ///< The hub knew newer blocks of this very device.
    Trouble trouble = Trouble::none;
    std::optional<protocol::Refusal> refusal;
};

/// What a session is to do. The order never changes: roster, close, push, pull. What is to be
/// pulled is asked for with the last push, or with the roster when there is nothing to push: a
/// request less.
struct Plan {
    bool close = true;  ///< False: open entries stay open, as a watching sync does until there is
                        ///< enough for a block.
    bool push = true;
    bool pull = true;
    std::size_t push_bytes_max = 512 * 1024;  ///< Of one message.
};

}  // namespace vereda::engine::sync
