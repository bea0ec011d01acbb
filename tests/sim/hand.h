#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/log/payload.h"
#include "protocol/log/preamble.h"
#include "tests/sim/world.h"

/// A member with valid keys and a program of their own: closes blocks with whatever they like in
/// them. The laptops that read those run the product's code.
namespace vereda::sim {

class Hand {
  public:
    /// Writes into `turf` with the keys of `laptop`, in a log that the laptop's vault knows nothing
    /// of. Sees the roster as the laptop does now.
    Hand(Laptop& laptop, const protocol::TurfId& turf, std::uint64_t seed);

    struct Block {
        Bytes wire;
        protocol::BlockHash hash;
        protocol::Seq first;
        protocol::Seq last;
    };

    /// The next block of the log: these entries, as encoded, under this table, which ascends.
    const Block& close(
        const std::vector<Bytes>& entries, const std::vector<protocol::TableRow>& table);
    /// Another block in place of the last one, and after it: the log parts there.
    void forget_last();

    [[nodiscard]] const protocol::LogId& log() const { return log_; }
    [[nodiscard]] std::uint64_t last() const {
        return blocks_.empty() ? 0 : blocks_.back().last.value;
    }
    [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
    /// The block that holds an entry; null for one that is not written yet.
    [[nodiscard]] const Block* holding(std::uint64_t seq) const;
    /// What somebody writes into a table who has seen this log up to `seq`, which is there.
    [[nodiscard]] protocol::TableRow row(std::uint64_t seq) const;

    /// The time that every entry and block bears.
    static constexpr std::int64_t hour_ms = 1'800'000'000'000;
    [[nodiscard]] static Bytes entry(
        protocol::EventType type, const protocol::Reference& record,
        const std::optional<protocol::Reference>& parent, ByteView body, bool critical = false);

  private:
    Laptop& laptop_;
    protocol::TurfId turf_;
    protocol::Incarnation incarnation_;
    crypto::SeededEntropy entropy_;
    protocol::LogId log_;
    std::vector<Block> blocks_;
};

[[nodiscard]] protocol::BlockHashStart start_of(const protocol::BlockHash& hash);

/// Hands `blocks` to a laptop, in that order and at once.
void hand_to(Laptop& laptop, const std::vector<Bytes>& blocks);

}  // namespace vereda::sim
