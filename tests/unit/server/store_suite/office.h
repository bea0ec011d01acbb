#pragma once

#include "engine/roster/roster_writer.h"
#include "engine/storage/storage_failure.h"
#include "protocol/log/block.h"
#include "server/store/store.h"

namespace vereda::server::test {

/// One log of a device, as far as its author has written it.
struct OfficeLog {
    protocol::Core core;
    const crypto::SigningKey& key;
};

/// A workspace and what its devices write, put into a store as a hub would, but without judging.
class Office {
  public:
    explicit Office(std::uint64_t seed = 11);

    crypto::SeededEntropy entropy;
    engine::DeviceSecrets ana, ben;
    protocol::WorkspaceId workspace;
    std::vector<engine::WrittenEntry> entries;  ///< Of its founding.
    protocol::TurfId east, west;

    /// Everything above.
    [[nodiscard]] Footprint footprint(bool writes) const;
    /// Begins a group with that; how the workspace stands.
    [[nodiscard]] WorkspaceStanding begin(Store& store, bool writes = true) const;
    /// How it stands now, in a group of its own that only reads.
    [[nodiscard]] WorkspaceStanding look(Store& store) const;
    /// In a group of its own: the workspace, bound to `token`, and its entries. Its number.
    WorkspaceNo found(Store& store, const TokenHash& token = {}) const;
    /// The entry at `position` of the founding, taken in at `now`.
    void put_entry(
        Store& store, const WorkspaceStanding& standing, std::uint64_t position,
        protocol::Millis now = {1}) const;

    [[nodiscard]] OfficeLog log(const engine::DeviceSecrets& author, const protocol::TurfId& turf);
    /// The next block of the log.
    [[nodiscard]] Bytes next(OfficeLog& log, std::size_t size = 100);
    /// Puts a block at its stream's end, which moves on in `standing`.
    NewBlock put(
        Store& store, WorkspaceStanding& standing, ByteView block, bool evidence = false,
        protocol::Millis now = {1}) const;
    /// The next block of the log, in a group of its own.
    NewBlock push(Store& store, OfficeLog& log, bool evidence = false, protocol::Millis now = {1});
};

/// The fault of what `work` throws.
template <class Work>
[[nodiscard]] std::optional<engine::StorageFault> fault_of(Work work) {
    try {
        work();
    } catch (const engine::StorageFailure& failure) {
        return failure.fault();
    }
    return std::nullopt;
}

/// All blocks of a stream.
[[nodiscard]] std::vector<StoredBlock> all_blocks(Store& store, StreamNo stream);

}  // namespace vereda::server::test
