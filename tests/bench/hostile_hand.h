#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "protocol/domain.h"
#include "protocol/log/event.h"
#include "protocol/log/payload.h"
#include "tests/bench/team.h"

/// What a member with genuine keys can write, and what reading it costs.
namespace vereda::bench {

using Json = nlohmann::ordered_json;

/// The time of every entry, ms.
inline constexpr std::int64_t base_ms = 1'762'000'200'000 - 1'762'000'200'000 % 3'600'000;

/// Writes blocks with the coordinator's keys, of any content.
class Hand {
  public:
    explicit Hand(Team& team, std::uint8_t number = 1) : workspace_(team.coordinator()) {
        turf_ = workspace_.store().turf(team.turf_of(workspace_));
        incarnation_.bytes.fill(number);
        log_ = protocol::log_id(
            workspace_.roster().workspace(), workspace_.identity().keys.device(), turf_,
            incarnation_);
    }

    void close(
        const std::vector<Bytes>& entries, const std::vector<protocol::TableRow>& table = {}) {
        const engine::Roster& roster = workspace_.roster();
        const protocol::BlockDraft draft{
            .workspace = roster.workspace(),
            .turf = turf_,
            .incarnation = incarnation_,
            .block_no = block_no_++,
            .first_seq = {next_},
            .previous = previous_,
            .epoch = {1},
            .roster_position = roster.last_position(),
            .roster_hash = roster.last_hash(),
            .preamble = protocol::encode_preamble({.base = {base_ms}, .table = table}),
            .entries = entries};
        protocol::ClosedBlock closed = protocol::close_block(
            draft, *workspace_.keyring().find(turf_, {1}), workspace_.identity().keys.signing,
            entropy_.bytes<16>(), 16);
        previous_ = closed.hash;
        next_ += entries.size();
        bytes_ += closed.wire.size();
        blocks_.push_back(std::move(closed.wire));
    }

    /// Its blocks go with these: of the same number they make the log part.
    void take(const Hand& other) {
        blocks_.insert(blocks_.end(), other.blocks_.begin(), other.blocks_.end());
        bytes_ += other.bytes_;
    }

    [[nodiscard]] std::uint64_t next() const { return next_; }
    [[nodiscard]] const std::vector<Bytes>& blocks() const { return blocks_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    engine::Workspace& workspace_;
    protocol::TurfId turf_;
    protocol::Incarnation incarnation_;
    protocol::LogId log_;
    crypto::SystemEntropy entropy_;
    std::uint64_t block_no_ = 0;
    std::uint64_t next_ = 1;
    protocol::BlockHash previous_{};
    std::vector<Bytes> blocks_;
    std::size_t bytes_ = 0;
};

[[nodiscard]] Bytes entry(protocol::EventType type, protocol::Reference record, ByteView body);
/// Of one name.
[[nodiscard]] Bytes contact_entry(std::uint64_t seq);
/// An edit of the first record.
[[nodiscard]] Bytes edit_entry(std::uint64_t field, const std::string& text, bool element);
/// Letters that compress no better than to three quarters.
[[nodiscard]] std::string random_letters(std::size_t size);

/// How a laptop comes by the blocks: all at once, or one after another once it has the first ones.
struct Delivery {
    std::size_t before = 0;  ///< Blocks that it has already, and that do not count.
    std::size_t per_commit = 100;
};

/// What reading the blocks costs a laptop that looks at its people afterwards, and what opening its
/// vault costs then.
[[nodiscard]] Json cost_of(Team& team, const Hand& hand, const Delivery& delivery = {});

}  // namespace vereda::bench
