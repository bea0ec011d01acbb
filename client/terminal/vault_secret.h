#pragma once

#include <string>

#include "client/desk/problems/problem.h"
#include "crypto/entropy.h"
#include "crypto/secret_bytes.h"
#include "engine/storage/file_system.h"
#include "engine/vault/key_slot.h"

/// The secrets that open a vault, on their way from a person or a file to the engine. They never
/// stand on a command line, where every process could read them.
namespace vereda::client {

/// A secret in guarded memory, and what kind it is.
struct VaultSecret {
    engine::SlotKind kind = engine::SlotKind::passphrase;
    crypto::SecretBytes bytes;
    std::string made_file;  ///< The key file that was made for it; empty when none was.

    /// Borrows from this.
    [[nodiscard]] engine::KeySecret view() const { return {kind, bytes.view()}; }
};

inline constexpr std::size_t new_passphrase_size_min = 8;  ///< Bytes of a new passphrase.

/// The first line of a file, brought into one Unicode form.
[[nodiscard]] Or<VaultSecret> load_passphrase(engine::FileSystem& files, const std::string& path);
/// The whole file: 32 bytes to 64 KiB.
[[nodiscard]] Or<VaultSecret> load_key_file(engine::FileSystem& files, const std::string& path);
/// 32 random bytes in a new file, readable by its owner alone, durable on return.
[[nodiscard]] VaultSecret make_key_file(
    engine::FileSystem& files, const std::string& path, crypto::Entropy& entropy);

/// Asks on the terminal, without showing what is typed. Problem: there is no terminal.
[[nodiscard]] Or<VaultSecret> ask_passphrase(const std::string& question);
/// Asks twice. Problem: not the same, or too short.
[[nodiscard]] Or<VaultSecret> ask_new_passphrase();
/// Why a new passphrase is refused; nothing when it is fit.
[[nodiscard]] Or<VaultSecret> fit_to_be_new(VaultSecret secret);

/// The code on paper, from a file or from the terminal when `path` is empty.
[[nodiscard]] Or<VaultSecret> load_recovery_code(
    engine::FileSystem& files, const std::string& path);

/// Where a changed vault's new secret comes from: a file, a key file (made when it is not there),
/// or the terminal.
[[nodiscard]] Or<VaultSecret> load_new_secret(
    engine::FileSystem& files, const std::string& passphrase_file, const std::string& key_file,
    crypto::Entropy& entropy);

/// `typed` in Unicode's composed form (NFC), so that é typed on two keyboards is one passphrase.
/// Bytes that are not UTF-8 stay as they are. Leaves no copy behind.
[[nodiscard]] crypto::SecretBytes compose_passphrase(ByteView typed);

}  // namespace vereda::client
