#pragma once

#include <optional>
#include <vector>

#include "server/store/footprint.h"

namespace vereda::server {

/// A block as received, with its leaf and the stream's chain after it.
struct StoredBlock {
    Bytes block;
    protocol::Acceptance leaf;
    protocol::ChainHash chain;
    bool evidence = false;  ///< On a branch that lost: served, but never the log's tip.
};

/// A block that was accepted: the next leaf of its stream.
struct NewBlock {
    WorkspaceNo workspace;
    StreamNo stream;
    LogNo log;
    protocol::DeviceId author;  ///< The log's device, whose version grows.
    std::uint64_t block_no = 0;
    bool evidence = false;
    protocol::Acceptance leaf;
    protocol::ChainHash chain;
    protocol::BlockHash hash;
    protocol::Seq last_seq;
    ByteView block;
};

/// The turfs' blocks in the order of their acceptance, numbered from 1 without a gap. Threads,
/// durability and failures: server/store/store.h.
class Streams {
  public:
    virtual ~Streams() = default;

    /// The same that `begin` answers for a footprint's streams, for one that is not in it.
    [[nodiscard]] virtual std::optional<StreamEnd> find(
        WorkspaceNo workspace, const protocol::TurfId& turf) = 0;
    /// A stream without leaves, whose chain begins with `first`. Throws StorageFailure (constraint)
    /// when the turf has one.
    virtual StreamNo add(
        WorkspaceNo workspace, const protocol::TurfId& turf, const protocol::ChainHash& first) = 0;
    /// Stores a block and its place in its log. Throws StorageFailure (constraint) when the stream
    /// has this leaf, or the log this very block.
    virtual void put(const NewBlock& block) = 0;

    /// The chain after leaf `seq`; nothing when the stream is shorter.
    [[nodiscard]] virtual std::optional<protocol::ChainHash> chain_at(
        StreamNo stream, std::uint64_t seq) = 0;
    /// The blocks after leaf `seq` and before leaf `before` in order, while their bytes with
    /// `overhead` each fit in `bytes_max`; at least one, if there is any, when `at_least_one`.
    [[nodiscard]] virtual std::vector<StoredBlock> blocks_after(
        StreamNo stream, std::uint64_t seq, std::uint64_t before, std::size_t bytes_max,
        std::size_t overhead, bool at_least_one) = 0;
};

}  // namespace vereda::server
