#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>

#include "engine/storage/file_system.h"
#include "engine/vault/subkeys.h"
#include "protocol/ids.h"

/// The guard: a small file beside the log, rewritten when a block was closed and before it is sent,
/// that tells a database which went back in time, and a vault that was copied or restored from a
/// backup.
///
///     file = CBOR [body, mac 32]
///     mac  = BLAKE2b-256(key = guard subkey, "vereda/guard/v1\0" | body)
///     body = CBOR [1, incarnation, own inode, own birth time in ns,
///                  [[log, block_no, block hash]…]]          logs ascending
///
/// Every writing makes a new file, hence a new inode and birth time, and names them inside: bytes
/// put back from elsewhere, even in place, name another file than the one they lie in. Normative:
/// docs/protocol/vault.md; why: docs/decisions/0003-guard-and-incarnation.md.
namespace vereda::engine {

/// The last closed block of a log.
struct GuardedHead {
    std::uint64_t block_no = 0;
    protocol::BlockHash hash;
    auto operator<=>(const GuardedHead&) const = default;
};

/// By log; only logs of this device's current incarnation that have a closed block.
using GuardedHeads = std::map<protocol::LogId, GuardedHead>;

struct Guard {
    protocol::Incarnation incarnation;
    GuardedHeads heads;
    bool operator==(const Guard&) const = default;
};

/// What a guard file says, and which file it says it lies in.
struct GuardContents {
    Guard guard;
    FileIdentity file;
};

[[nodiscard]] Bytes encode_guard_body(const GuardContents& contents);
/// Of a file whose MAC was right.
[[nodiscard]] std::optional<GuardContents> parse_guard_body(ByteView body);

enum class GuardReadError {
    missing,
    doubtful,  ///< Damaged, or another vault's.
    copied,    ///< Whole, and not in the file that it was written to: copied or restored.
};

class GuardFile {
  public:
    static constexpr std::size_t logs_max = 4096;
    GuardFile(FileSystem& files, std::string vault_directory, const VaultKey& key);

    /// Replaces the guard, durably: on return a block that it names may be sent. Throws
    /// StorageFailure.
    void write(const Guard& guard);
    [[nodiscard]] std::expected<Guard, GuardReadError> read();

  private:
    FileSystem& files_;
    std::string path_;
    crypto::SecretBytes mac_key_;
};

/// What the database knows of this device's own logs, for comparing with the guard.
class OwnLogs {
  public:
    virtual ~OwnLogs() = default;
    [[nodiscard]] virtual protocol::Incarnation incarnation() const = 0;
    /// Whether one of its own logs is of this incarnation, be it an earlier one.
    [[nodiscard]] virtual bool has_log_of(const protocol::Incarnation& incarnation) const = 0;
    /// The last closed block of each own log of the current incarnation.
    [[nodiscard]] virtual GuardedHeads heads() const = 0;
    [[nodiscard]] virtual std::optional<protocol::BlockHash> closed_block(
        const protocol::LogId& log, std::uint64_t block_no) const = 0;
};

enum class GuardVerdict {
    fine,      ///< Guard and database tell the same story.
    missing,   ///< No guard.
    doubtful,  ///< Damaged, or of an earlier incarnation than the database.
    copied,    ///< The vault was copied or restored.
    behind,  ///< The database has closed more: a crash came before the guard, and nothing was sent.
    database_behind_guard,  ///< The guard names a block or an incarnation that the database has
                            ///< not: the database went back.
};

[[nodiscard]] GuardVerdict judge_guard(
    const std::expected<Guard, GuardReadError>& guard, const OwnLogs& database);

/// True when the next write must go to a new incarnation; otherwise the guard needs at most to be
/// written again.
[[nodiscard]] bool needs_new_incarnation(GuardVerdict verdict);

}  // namespace vereda::engine
