#pragma once

#include <string>
#include <vector>

#include "engine/queries/entry_pages.h"

namespace vereda::engine {

/// Own entries that the disk destroyed before anybody else had them.
struct LostWork {
    static constexpr std::uint64_t ids_max = 20;
    std::string place;             ///< As an audit names it.
    std::uint64_t entries = 0;     ///< 0: nothing says how many.
    std::vector<std::string> ids;  ///< Their text ids, the first twenty.
    bool told = false;             ///< By a sync, before.
    // What the rest of the vault says of them; nothing of it is in the lost bytes.
    std::optional<TurfNumber> turf;
    std::optional<protocol::Millis> after;  ///< The entry before them was written then.
    protocol::Millis before;                ///< They were written by then.
    std::vector<LocalDot> contacts;         ///< Contacts among them: visits or changes are left.
};

/// Of the last 90 days.
[[nodiscard]] std::vector<LostWork> lost_work(Workspace& workspace);
/// A sync has told its owner.
void note_lost_work_told(Workspace& workspace);

}  // namespace vereda::engine
