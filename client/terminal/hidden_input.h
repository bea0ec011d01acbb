#pragma once

#include <expected>
#include <string>

#include "crypto/secret_bytes.h"

namespace vereda::client {

enum class HiddenInputError {
    no_terminal,  ///< The program has none, or it was closed.
    interrupted,  ///< Ctrl-D on an empty line.
};

/// Asks `question` on the terminal itself, whatever standard input and output lead to, and reads
/// one line without showing it. The line goes straight into guarded memory; at most 1024 bytes
/// count. The terminal is put back as it was, also when the program is interrupted meanwhile.
[[nodiscard]] std::expected<crypto::SecretBytes, HiddenInputError> ask_hidden(
    const std::string& question);

}  // namespace vereda::client
