#pragma once

#include <expected>
#include <string>
#include <vector>

#include "engine/storage/file_system.h"
#include "engine/vault/vault_header.h"

namespace vereda::engine {

enum class CreateVaultError {
    occupied,      ///< The directory holds a vault, or what is left of one: it is never replaced.
    unfit_secret,  ///< An empty or overlong passphrase, a key file that is too short …
    cost_out_of_bounds,  ///< The passphrase cost is below the floor or above the ceiling.
};

enum class OpenVaultError {
    missing,        ///< No header in this directory.
    damaged,        ///< The header's bytes are not what was written.
    newer_version,  ///< Made by a later version of this program.
    no_such_slot,   ///< The vault has no slot of this kind.
    wrong_secret,   ///< No slot of this kind opens with it (or that slot is damaged).
};

enum class ChangeSlotsError {
    cannot_read,  ///< The header is missing, damaged, of a newer version, or not this key's.
    no_such_slot,
    last_slot,  ///< A vault without a slot could never be opened again.
    no_room,    ///< `key_slots_max` slots are in use.
    unfit_secret,
    cost_out_of_bounds,
};

/// An open vault: its key, and the slot that gave it.
struct OpenedVault {
    VaultKey key;
    SlotId slot;
};

/// What there is to know about a slot without opening it.
struct SlotSummary {
    SlotId id;
    SlotKind kind;
};

/// The key slots of the vault in one directory. Hold the VaultLock meanwhile. Every change is
/// durable on return, and after a crash the header is the old one or the new one. Throws
/// StorageFailure.
class KeySlots {
  public:
    KeySlots(FileSystem& files, std::string vault_directory);

    /// A new vault key under a first slot; the directory is made if need be. The slot has been read
    /// back and tried.
    [[nodiscard]] std::expected<OpenedVault, CreateVaultError> create(
        const KeySecret& secret, crypto::PassphraseCost cost, crypto::Entropy& entropy);

    /// Takes as long as the passphrase's cost says, for each passphrase slot that is tried.
    [[nodiscard]] std::expected<OpenedVault, OpenVaultError> open(const KeySecret& secret);

    /// One more way in; read back and tried before this returns.
    [[nodiscard]] std::expected<SlotId, ChangeSlotsError> add(
        const VaultKey& key, const KeySecret& secret, crypto::PassphraseCost cost,
        crypto::Entropy& entropy);

    /// `add`, and only when that slot is known to open, `remove` of the old one: after a crash both
    /// may be there.
    [[nodiscard]] std::expected<SlotId, ChangeSlotsError> replace(
        const VaultKey& key, SlotId old, const KeySecret& secret, crypto::PassphraseCost cost,
        crypto::Entropy& entropy);

    [[nodiscard]] std::expected<void, ChangeSlotsError> remove(const VaultKey& key, SlotId id);

    /// As the file says it, not yet authenticated.
    [[nodiscard]] std::expected<std::vector<SlotSummary>, OpenVaultError> list();

    /// True when any file of a vault lies in the directory.
    [[nodiscard]] bool is_occupied();

  private:
    [[nodiscard]] std::expected<UnverifiedHeader, OpenVaultError> load();
    [[nodiscard]] std::expected<VaultHeader, ChangeSlotsError> load_verified(const VaultKey& key);
    void store(const VaultHeader& header, const VaultKey& key);
    void expect_opens(SlotId id, const KeySecret& secret, const VaultKey& key);

    FileSystem& files_;
    std::string directory_;
};

}  // namespace vereda::engine
