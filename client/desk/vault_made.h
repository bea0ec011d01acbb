#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// What the commands around a vault answer: those that make one, or change who opens it.
namespace vereda::client {

/// A new vault, of a workspace just founded or joined.
struct VaultMade {
    std::string workspace;
    std::string vault;                        ///< Its directory.
    std::string recovery_code;                ///< Printed form. Shown once.
    std::optional<std::string> recovery_key;  ///< Of a workspace just founded.
    std::optional<bool> on_hub;               ///< Founded: whether the hub has it.
    std::optional<bool> joined;               ///< Joined: whether the hub has heard of it.
    std::optional<std::uint64_t> pulled;      ///< Joined: entries received.
    std::string key_file;                     ///< That was made; empty when none was.
};

/// Another secret opens the vault.
struct SecretChanged {
    bool changed = true;
    std::string key_file;  ///< That was made; empty when none was.
};

struct RecoveryCodeShown {
    std::string recovery_code;  ///< Printed form. Shown once.
};

struct InviteShown {
    std::string code;  ///< Printed form.
    std::string role;
    std::string expires;  ///< ISO 8601.
};

struct FileWritten {
    std::string file;
    std::uint64_t rows = 0;
};

}  // namespace vereda::client
