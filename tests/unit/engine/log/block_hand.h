#pragma once

#include <functional>

#include "engine/replay/digest.h"
#include "protocol/log/entry.h"
#include "protocol/log/payload.h"
#include "tests/unit/engine/office.h"

namespace vereda::tests {

/// A block, and what it was made from.
struct MadeBlock {
    protocol::BlockDraft draft;
    protocol::ClosedBlock closed;

    [[nodiscard]] const Bytes& wire() const { return closed.wire; }
    [[nodiscard]] const protocol::BlockHash& hash() const { return closed.hash; }
};

/// A hand that closes blocks with a laptop's own keys, right ones and wrong ones: what whoever
/// holds them could do. Each entry of a block adds a contact.
class BlockHand {
  public:
    using Change = std::function<void(protocol::BlockDraft&)>;

    /// Writes into a log of the turf North of its own; another number is another log.
    explicit BlockHand(Desk& desk, std::uint8_t number = 0x77);

    [[nodiscard]] MadeBlock first(std::size_t entries = 1, const Change& change = {});
    [[nodiscard]] MadeBlock after(
        const MadeBlock& before, std::size_t entries = 1, const Change& change = {});

    /// The same block, its first entry taken out, as a holder of the turf's key can.
    [[nodiscard]] Bytes without_first_entry(const MadeBlock& block) const;
    /// The same entries, sealed again: whole, and yet not the bytes that the author signed.
    [[nodiscard]] Bytes sealed_again(const MadeBlock& block) const;
    /// The same block under a signature that is not its author's.
    [[nodiscard]] Bytes with_forged_signature(const MadeBlock& block) const;
    [[nodiscard]] protocol::LogId log() const;

  private:
    [[nodiscard]] Bytes resealed(
        const MadeBlock& block, const protocol::EmptySlots& empty, int compression_level) const;
    [[nodiscard]] MadeBlock close(
        protocol::BlockDraft draft, std::size_t entries, const Change& change);

    Desk& desk_;
    protocol::Incarnation incarnation_{};
    std::uint64_t blocks_ = 0;  // so that no two are alike
};

/// One block, alone.
engine::Workspace::Received take(
    Desk& desk, Bytes wire, std::optional<protocol::Acceptance> acceptance = std::nullopt);

/// A block that its carrier has spoilt.
[[nodiscard]] Bytes spoilt(Bytes wire);

/// What a row of a table says of the block that it means.
[[nodiscard]] protocol::BlockHashStart start_of(const protocol::BlockHash& hash);

/// A newcomer who has nothing open: only then may a log part.
[[nodiscard]] Desk& join_quietly(Office& office, const std::string& name);

/// Of the turf North.
[[nodiscard]] engine::StateDigest digest_of(Desk& desk);

}  // namespace vereda::tests
