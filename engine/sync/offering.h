#pragma once

#include <set>
#include <utility>
#include <vector>

#include "engine/log/hub_waits.h"
#include "engine/workspace/workspace.h"

/// What is offered to the hub: own blocks, or after its restore everything; and which logs it gets
/// no more of today.
namespace vereda::engine::sync {

/// The hub's epoch, kept among the vault's odds and ends while a hub in a new epoch has not been
/// offered everything yet: the offer outlives a session that was cut.
inline constexpr const char* offering_name = "offering-everything";

class Offering {
  public:
    /// Logs are stuck from the beginning of which the hub has said when to come again.
    explicit Offering(Workspace& workspace);

    /// Everything, once for each epoch of the hub: all of it or nothing. A second restore begins
    /// the offer again.
    void start(std::uint64_t hub_epoch);
    [[nodiscard]] bool has_everything() const { return everything_; }
    /// True once after an offer was started.
    [[nodiscard]] bool has_just_begun() { return std::exchange(begun_, false); }
    /// The logs to push, in order; those that are stuck among them.
    [[nodiscard]] std::vector<LogOrdinal> logs() const;
    /// A block that the hub may not have.
    [[nodiscard]] bool has_blocks() const;
    /// Nothing more is pushed of this log today.
    void hold(LogOrdinal log) { stuck_.insert(log); }
    void release(LogOrdinal log) { stuck_.erase(log); }
    void release_all() { stuck_.clear(); }
    [[nodiscard]] bool holds(LogOrdinal log) const { return stuck_.contains(log); }
    [[nodiscard]] std::size_t held() const { return stuck_.size(); }
    /// The hub took more of an own log than it has: whether it lost or dropped it, it is offered
    /// again. How many blocks that are. Of a log that forked none: its newest block is one branch's
    /// and says nothing of the others.
    std::size_t again_from(LogOrdinal log, std::uint64_t block_no);
    /// All has been pushed that is not stuck.
    void end();

    /// What the hub has put off, here and before.
    [[nodiscard]] HubWaits& waits() { return waits_; }

  private:
    Workspace& workspace_;
    bool everything_ = false;
    bool begun_ = false;
    std::set<LogOrdinal> stuck_;
    HubWaits waits_;
};

}  // namespace vereda::engine::sync
