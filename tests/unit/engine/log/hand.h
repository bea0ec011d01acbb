#pragma once

#include <vector>

#include "protocol/log/payload.h"
#include "tests/unit/engine/office.h"

namespace vereda::tests {

/// A member with genuine keys and a program of their own: writes whatever entries they like into
/// the turf North, as the owner of a desk. That desk writes nothing there from then on.
class Hand {
  public:
    explicit Hand(Desk& desk);

    [[nodiscard]] const protocol::LogId& log() const { return log_; }
    /// Where the next entry will stand.
    [[nodiscard]] protocol::Seq next() const { return next_; }
    /// Signs the entries into the log's next block; the table as it is, true or not.
    void write(
        const std::vector<protocol::Entry>& entries, std::vector<protocol::TableRow> table = {});
    /// As many voids: entries that are there and say nothing.
    void write_voids(std::size_t count);
    /// The block written last.
    [[nodiscard]] const Bytes& last() const { return blocks_.back(); }
    /// All blocks so far, to another laptop.
    void give(Desk& to) const;

  private:
    Desk& desk_;
    protocol::LogId log_;
    std::uint64_t block_no_ = 0;
    protocol::Seq next_{1};
    protocol::BlockHash previous_{};
    std::vector<Bytes> blocks_;
};

/// The last block of the own log of `turf`, its payload open.
struct LastBlock {
    Bytes wire;
    protocol::ParsedBlock parsed;
    protocol::OpenedPayload payload;
};
[[nodiscard]] std::unique_ptr<LastBlock> last_block(Desk& desk, engine::TurfNumber turf);

}  // namespace vereda::tests
