#pragma once

#include <map>
#include <vector>

#include "engine/workspace/workspace.h"
#include "protocol/sync/leaf.h"

/// Leaves that the hub gave to what was pushed, in this conversation or earlier, and that no cursor
/// has passed: it need not send those blocks back, and has to keep to them.
namespace vereda::engine::sync {

class GivenLeaves {
  public:
    using BySeq = std::map<std::uint64_t, protocol::LeafBytes>;

    explicit GivenLeaves(Workspace& workspace) : workspace_(workspace) {}

    /// `epoch` 0, of a device that may read no roster and so pulls nothing: not kept for later.
    void note(TurfNumber turf, std::uint64_t epoch, std::uint64_t seq, const protocol::LeafBytes&);
    /// What earlier conversations pushed, when they were cut before they could see it in the
    /// stream. `epoch` counts where nothing was read yet.
    void recall(const protocol::TurfId& turf, std::uint64_t epoch);
    [[nodiscard]] const BySeq& of(const protocol::TurfId& turf) { return given_[turf]; }
    /// Places after `seq` that the hub need not serve.
    [[nodiscard]] std::vector<protocol::LeafRange> after(
        const protocol::TurfId& turf, std::uint64_t seq) const;
    /// Whether the stream ends before a leaf that the hub gave.
    [[nodiscard]] bool has_after(
        const protocol::TurfId& turf, const protocol::StreamHead& head) const;

    /// The cursor has passed them. Within the caller's transaction.
    void pass(const protocol::TurfId& turf, std::uint64_t seq);
    void forget(const protocol::TurfId& turf);
    /// The hub says itself that it has not got these blocks: it need not keep to their leaves.
    void forget_from(LogOrdinal log, std::uint64_t block_no, std::uint64_t epoch);

  private:
    Workspace& workspace_;
    std::map<protocol::TurfId, BySeq> given_;
};

}  // namespace vereda::engine::sync
