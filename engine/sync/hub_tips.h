#pragma once

#include <vector>

#include "engine/sync/talk.h"

/// How far the hub says it has this laptop's own logs. So a vault that went back learns what it
/// wrote before, a hub that lost blocks gets them again, and a damaged log ends where nobody has
/// more of it.
namespace vereda::engine::sync {

class HubTips {
  public:
    explicit HubTips(Talk& talk) : talk_(talk) {}

    /// The logs to ask about. Also those that this vault has not: one that went back in time may
    /// have written them.
    [[nodiscard]] std::vector<protocol::LogId> ask();
    /// False for an answer that is none.
    [[nodiscard]] bool receive(const std::vector<protocol::LogTip>& tips);
    /// What the hub has of a damaged log, it gives back; what it has not, nobody has: there the log
    /// ends.
    void end_damaged_logs(const std::vector<protocol::LogTip>& tips);
    /// Of a damaged block that the hub has, only the whole stream tells where it lies, unless its
    /// place is known (LogStore::want_again).
    void read_again_for_damaged();
    /// The hub says that it has newer blocks of this device: they are to be seen before anything is
    /// closed. Its word alone proves nothing; the block, signed by this device, does.
    [[nodiscard]] bool are_ahead() const { return are_ahead_; }
    void have_been_read() { are_ahead_ = false; }

  private:
    [[nodiscard]] std::optional<std::uint64_t> damaged_unsent(LogOrdinal log);
    void meet(const protocol::LogTip& tip);
    void offer_again_from(LogOrdinal log, std::uint64_t block_no);

    Talk& talk_;
    std::vector<protocol::LogId> asked_;
    bool are_ahead_ = false;
};

}  // namespace vereda::engine::sync
