#pragma once

#include <map>

#include "engine/log/log_store.h"
#include "engine/roster/roster.h"
#include "engine/vault/secrets.h"

/// What a vault keeps of its roster: all of it sealed, because the roster names the hub, and a
/// searched laptop must not tell who its owner works with.
namespace vereda::engine {

/// Each entry for itself, at its position (docs/protocol/vault.md).
class RosterSealer {
  public:
    explicit RosterSealer(const VaultKey& key) : sealer_(derive_subkey(key, KeyPurpose::roster)) {}
    [[nodiscard]] Bytes seal(std::uint64_t position, ByteView entry) const;
    /// Error: `does_not_open`.
    [[nodiscard]] std::expected<Bytes, UnsealError> open(
        std::uint64_t position, ByteView sealed) const;

  private:
    Sealer sealer_;
};

/// Durable with the caller's transaction.
void keep_entry(
    LogStore& store, const RosterSealer& sealer, std::uint64_t position, ByteView entry);
/// In their order. Throws StorageFailure (corrupt) when one does not open.
[[nodiscard]] std::vector<Bytes> kept_entries(LogStore& store, const RosterSealer& sealer);

/// The requests with which this laptop put its own changes on the roster, wraps and shares
/// included, sealed. The roster's entries alone are with everybody, these parts with the hub and
/// their author: a hub that was put back to an older copy gets them from here. Durable with the
/// caller's transaction. What was kept for the same position before is replaced: it never came onto
/// the roster.
void keep_change(
    LogStore& store, const SecretSealer& sealer, protocol::RosterPosition position,
    ByteView request);

/// By position, ascending. Throws StorageFailure (corrupt) when one does not open.
[[nodiscard]] std::map<protocol::RosterPosition, Bytes> kept_changes(
    LogStore& store, const SecretSealer& sealer);

/// Evidence that the roster has parted: entries of others on the predecessors of ours, so that it
/// is shown until somebody settles it, whether or not the hub says it again.
void keep_forks(LogStore& store, const SecretSealer& sealer, const Roster& roster);
/// Gives them back to a roster just loaded, which verifies them again. Throws StorageFailure
/// (corrupt) when they do not open.
void load_forks(LogStore& store, const SecretSealer& sealer, Roster& roster);

/// Seals the entries and forks of a vault in which they lay in clear, as they did until 2026-11-29.
void seal_clear_roster(LogStore& store, const RosterSealer& entries, const SecretSealer& forks);

}  // namespace vereda::engine
