#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/bytes.h"

namespace vereda::sim {

/// What a call on the disk came to.
enum class DiskResult { ok, no_power, full, io_error, missing };

/// A disk in memory that forgets, on power loss, what was not synced: contents file by file, names
/// directory by directory. Under it lie two doors: FaultyVfs for SQLite and FaultyFiles for
/// everything else. Directories need not be made. One thread.
class FaultyDisk {
  public:
    class File;

    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    // Faults.

    /// From here on every call fails, and every open file stays dead for ever; what was not synced
    /// is gone.
    void lose_power() { lose_power(std::nullopt); }
    /// The same, but a random part of what was not synced did reach the disk: any of its 512-byte
    /// sectors, some of them half, in any order, and the first of the changes of names.
    void lose_power_torn(std::uint64_t seed) { lose_power(seed); }
    void restart();
    [[nodiscard]] bool has_power() const { return has_power_; }
    /// Loses power during the n-th operation from now (1 is the next): it does not return, and a
    /// sync does not happen.
    void lose_power_at(
        std::uint64_t operation, std::optional<std::uint64_t> torn_seed = std::nullopt);
    /// The n-th sync from now (1 is the next) fails, and as some kernels do, what it should have
    /// written counts as clean from then on: only writing it again would bring it to the disk.
    void fail_sync_at(std::uint64_t sync);
    /// The disk holds this many bytes in all; a write that does not fit is cut off there.
    void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }
    /// Syncs return at once and do nothing: to show that a durability test would notice.
    void ignore_syncs(bool ignore) { ignore_syncs_ = ignore; }
    /// Bit rot: flips the bits of `mask` in one byte, on the disk and for every reader.
    void rot(const std::string& path, std::size_t offset, std::uint8_t mask);
    /// A copy as a backup program makes it: same bytes, another file. Durable. `from` must exist.
    void copy(const std::string& from, const std::string& to);

    /// Becomes what `other` durably holds, inode by inode, as when a machine's image is cloned or
    /// an old one put back. Whatever was open here is dead.
    void become(const FaultyDisk& other);

    // Looking.

    [[nodiscard]] std::uint64_t operations() const { return operations_; }
    [[nodiscard]] std::uint64_t writes() const { return writes_; }
    [[nodiscard]] std::uint64_t syncs() const { return syncs_; }
    /// What a reader would see; nothing when there is no such file.
    [[nodiscard]] std::optional<Bytes> contents(const std::string& path) const;
    /// What would be there after a power loss now.
    [[nodiscard]] std::optional<Bytes> durable_contents(const std::string& path) const;
    [[nodiscard]] std::vector<std::string> paths() const;
    /// Every byte of every file, seen and durable, one after the other: for canary searches.
    [[nodiscard]] Bytes all_bytes() const;
    /// Notes every write from now on that contains `canary`, also into what is later overwritten or
    /// removed.
    void watch_for(ByteView canary) { canaries_.emplace_back(canary.begin(), canary.end()); }
    [[nodiscard]] std::uint64_t canary_sightings() const { return canary_sightings_; }

    // The file system, for the two doors.

    /// The file at `path`; made if `create` says so and nothing is there; null when missing or
    /// without power.
    [[nodiscard]] std::shared_ptr<File> open(const std::string& path, bool create);
    [[nodiscard]] std::optional<std::size_t> read(
        const File& file, std::uint64_t offset, std::span<std::uint8_t> out) const;
    [[nodiscard]] DiskResult write(File& file, std::uint64_t offset, ByteView data);
    [[nodiscard]] DiskResult truncate(File& file, std::uint64_t size);
    [[nodiscard]] DiskResult sync(File& file);
    /// Makes the names below `directory` durable.
    [[nodiscard]] DiskResult sync_directory(const std::string& directory);
    [[nodiscard]] DiskResult remove(const std::string& path);
    [[nodiscard]] DiskResult rename(const std::string& from, const std::string& to);
    [[nodiscard]] bool exists(const std::string& path) const { return names_.contains(path); }
    /// Grows with every power loss: a handle from before it is dead.
    [[nodiscard]] std::uint64_t generation() const { return generation_; }

  private:
    /// A change of names that its directory has not synced yet: `path` is now `file`, or nothing.
    struct NameChange {
        std::string path;
        std::shared_ptr<File> file;
    };
    using Names = std::map<std::string, std::shared_ptr<File>>;

    void lose_power(std::optional<std::uint64_t> torn_seed);
    [[nodiscard]] bool power_fails_now();
    [[nodiscard]] bool sync_fails_now();
    [[nodiscard]] std::uint64_t room_for(const File& file) const;
    void look_for_canaries(ByteView data);

    Names names_;
    Names durable_names_;
    std::vector<std::vector<NameChange>> pending_names_;  // those of one rename belong together
    bool has_power_ = true;
    bool ignore_syncs_ = false;
    std::uint64_t generation_ = 0;
    std::uint64_t operations_ = 0;
    std::uint64_t writes_ = 0;
    std::uint64_t syncs_ = 0;
    std::uint64_t power_fails_at_ = 0;
    std::optional<std::uint64_t> torn_seed_;
    std::uint64_t sync_fails_at_ = 0;
    std::uint64_t capacity_ = UINT64_MAX;
    std::uint64_t next_inode_ = 1;
    std::vector<Bytes> canaries_;
    std::uint64_t canary_sightings_ = 0;
};

/// An inode: what is seen, what is durable, and the writes between the two, oldest first.
class FaultyDisk::File {
  public:
    explicit File(std::uint64_t number) : inode(number) {}
    const std::uint64_t inode;
    [[nodiscard]] std::uint64_t size() const { return seen_.size(); }
    /// Creation, as statx would say it.
    [[nodiscard]] std::int64_t birth_ns() const;
    /// SQLite's locks on the file, by holder; levels as SQLite numbers them.
    std::map<const void*, int> locks;

  private:
    friend class FaultyDisk;
    struct Change {
        std::uint64_t offset = 0;  // of a truncation: the new size
        Bytes data;
        bool truncation = false;
    };
    static void apply(Bytes& image, const Change& change);
    void apply_torn(const Change& change, class SectorDice& dice);
    void make_durable();
    void power_lost(class SectorDice* dice);

    Bytes seen_;
    Bytes durable_;
    std::vector<Change> pending_;
};

/// The directory of a path, as `sync_directory` names it.
[[nodiscard]] std::string directory_of(const std::string& path);

}  // namespace vereda::sim
