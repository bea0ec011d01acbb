#pragma once

#include <optional>
#include <string>

#include "engine/storage/file_system.h"

namespace vereda::server {

/// What a guard file says: which files it was written beside, and how far the hub had come.
///
///     "vereda/hub-guard/v1\0" | epoch u64 | own inode u64 | own birth ns u64
///     | database inode u64 | database birth ns u64 | leaves u64
struct GuardState {
    std::uint64_t epoch = 0;
    engine::FileIdentity guard;
    engine::FileIdentity database;
    std::uint64_t leaves = 0;
    auto operator<=>(const GuardState&) const = default;
};

[[nodiscard]] Bytes encode(const GuardState& state);
/// Nothing for what is no guard file.
[[nodiscard]] std::optional<GuardState> parse_guard(ByteView wire);

/// A small file beside the database that a copy, a restored backup or an older database betrays:
/// inode and birth time change with a copy and not with a move, and the count of leaves never falls
/// behind. The count is overwritten in place after each commit, without a sync: after a crash of
/// the machine it may be behind the database, never ahead.
class HubGuard {
  public:
    /// The guard file as it is, if there is a whole one.
    [[nodiscard]] static std::optional<GuardState> load(
        engine::FileSystem& files, const std::string& path);
    /// True when nothing speaks against the database being the one that this hub served last.
    [[nodiscard]] static bool vouches(
        const GuardState& guard, const engine::FileIdentity& guard_now,
        const engine::FileIdentity& database_now, std::uint64_t epoch, std::uint64_t leaves);

    /// Writes a new guard file, durable on return, and keeps it open.
    HubGuard(
        engine::FileSystem& files, const std::string& path, std::uint64_t epoch,
        const engine::FileIdentity& database, std::uint64_t leaves);
    HubGuard(const HubGuard&) = delete;
    HubGuard& operator=(const HubGuard&) = delete;
    ~HubGuard();

    /// Throws StorageFailure when the file does not take it.
    void note(std::uint64_t leaves);

  private:
    int file_ = -1;
};

}  // namespace vereda::server
