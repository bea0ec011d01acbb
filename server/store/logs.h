#pragma once

#include <optional>
#include <vector>

#include "protocol/sync/message.h"
#include "server/store/numbers.h"

namespace vereda::server {

/// Where a stored block stands in its log: all that judging another one needs, without its bytes.
struct Place {
    std::uint64_t block_no = 0;
    protocol::BlockHash hash;
    protocol::Seq last_seq;
    protocol::Acceptance leaf;
};

struct StoredLog {
    LogNo no;
    protocol::LogId log;
};

/// What a block took of its author's quota.
struct TakenBlock {
    protocol::Millis accepted;
    std::uint64_t size = 0;  ///< Bytes.
    bool evidence = false;
};

/// The devices' logs, by which a push is judged. Their blocks come by Streams::put. Threads,
/// durability and failures: server/store/store.h.
class Logs {
  public:
    virtual ~Logs() = default;

    /// Throws StorageFailure (constraint) when the workspace has this log.
    virtual LogNo add(
        WorkspaceNo workspace, const protocol::LogId& log, const protocol::DeviceId& device) = 0;
    [[nodiscard]] virtual std::vector<StoredLog> of_device(
        WorkspaceNo workspace, const protocol::DeviceId& device) = 0;
    /// Blocks of the log that were taken in at `since` or later, in no order.
    [[nodiscard]] virtual std::vector<TakenBlock> taken_since(
        LogNo log, protocol::Millis since) = 0;
    /// The newest block that is not evidence.
    [[nodiscard]] virtual std::optional<Place> tip_of(LogNo log) = 0;
    /// One block, if it is there. Costs the same however many others claim its place.
    [[nodiscard]] virtual std::optional<Place> find_place(
        LogNo log, std::uint64_t block_no, const protocol::BlockHash& hash) = 0;
};

}  // namespace vereda::server
