#pragma once

#include <deque>
#include <map>

#include "engine/sync/talk.h"

/// Roster entries that a restored hub has lost: it takes them from whoever has them, and the wraps
/// and shares that went with them from their author.
namespace vereda::engine::sync {

/// The last hub epoch in which the hub was given this laptop's own changes of the roster again.
inline constexpr const char* roster_given_name = "roster-given-in-epoch";

class RosterGifts {
  public:
    explicit RosterGifts(Talk& talk) : talk_(talk) {}

    /// What to give to a hub that stands there.
    void list(const protocol::StreamHead& hub);
    [[nodiscard]] bool has_more() const { return !to_give_.empty(); }
    [[nodiscard]] Message next() const;
    /// The hub has taken the first of them.
    void note_taken();
    /// It has them all, or had.
    void note_given();
    /// How many it would not take.
    std::size_t give_up();

  private:
    Talk& talk_;
    std::deque<protocol::RosterPosition> to_give_;
    std::map<protocol::RosterPosition, Bytes> kept_;  ///< Own changes with all their parts.
    protocol::StreamHead from_;                       ///< Where the hub's roster stood before.
};

}  // namespace vereda::engine::sync
