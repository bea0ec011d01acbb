#pragma once

#include <string_view>

#include "crypto/bytes.h"
#include "engine/log/references.h"
#include "engine/merge/stub.h"
#include "protocol/log/event.h"

namespace vereda::engine {

struct Action;
/// Whether the entry is to stay in the log as a whole (projection/deferred_entries.h).
[[nodiscard]] bool stays_in_log(const Action& action);

/// One entry on its way into the projection, its references resolved.
struct Action {
    protocol::EventType type{};
    std::uint64_t version = 1;
    bool critical = false;
    TurfNumber turf;
    LocalDot dot;
    LocalDot record;
    bool record_proven = false;  ///< Its author has proven to have seen the record.
    LocalDot parent;             ///< None where the entry has none.
    std::int64_t said_ms = 0;    ///< As its author's clock said and the entry has it.
    std::int64_t time_ms = 0;    ///< The same, not after the hub's acceptance: for display only,
        ///< since who has not heard of the acceptance yet sees another one.
    ByteView body;
    const ReferenceTable* references = nullptr;
    TextForm texts = TextForm::keyed;  ///< In which the projection keeps what the entry says.
    bool by_coordinator = false;       ///< Its author was one, at the roster position of the block.
};

/// What became of an entry here. All but `applied` are exceptions to the frontier: kept, shown and
/// counted.
enum class EntryStatus : std::uint8_t {
    applied = 0,
    pending = 1,   ///< Its block does not open here (yet).
    withheld = 2,  ///< Its slot is empty and no order names it.
    /// Its author might not write this, at the roster position the block had seen.
    no_authority = 3,
    unknown = 4,  ///< A type that a later version makes; harmless to go on without.
    /// The same, but its record is read-only here until this program is newer.
    unknown_critical = 5,
    malformed = 6,  ///< Its author signed something that is not what its type says.
    foreign = 7,    ///< It names a record of another turf.
    erased = 8,     ///< An order took it away. Nothing sets it yet.
};

}  // namespace vereda::engine
