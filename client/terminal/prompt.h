#pragma once

// Lives here: what a terminal needs: questions, secrets, tables, colours, progress.
// Begin: here, then `table.h`.
// Must not know: the hub, JSON, the sentences.

#include <expected>
#include <string>
#include <string_view>

#include "crypto/secret_bytes.h"

/// Questions on the terminal itself (/dev/tty), so that they work while standard input and output
/// are files.
namespace vereda::client {

enum class PromptError {
    no_terminal,  ///< Nobody to ask: a passphrase file or key file is needed instead.
    ended,        ///< End of input (Ctrl-D on an empty line).
    too_long,     ///< More than 1,023 bytes, or 4,000 of a text that shows.
    different,    ///< Typed twice, not the same.
};

/// Asks for a secret without showing it. It is read byte by byte into guarded memory and passes
/// through no other buffer of ours. A signal that ends or stops the program (Ctrl-C, Ctrl-Z,
/// SIGTERM, SIGHUP) first restores the terminal; after a stop the question is asked again. Before
/// threads are started only: the signal handlers are the process's.
[[nodiscard]] std::expected<crypto::SecretBytes, PromptError> ask_secret(std::string_view question);

/// As `ask_secret`, twice; for a secret that is new.
[[nodiscard]] std::expected<crypto::SecretBytes, PromptError> ask_new_secret(
    std::string_view question, std::string_view again);

/// On an open terminal; for tests.
[[nodiscard]] std::expected<crypto::SecretBytes, PromptError> ask_secret_on(
    int terminal, std::string_view question);

/// Asks for one line of text, shown as it is typed. A signal does what it does everywhere: the
/// terminal needs no repair. Errors: `no_terminal`, `ended`, `too_long`.
[[nodiscard]] std::expected<std::string, PromptError> ask_line(std::string_view question);
/// On an open terminal; for tests.
[[nodiscard]] std::expected<std::string, PromptError> ask_line_on(
    int terminal, std::string_view question);

/// Asks for y or n; anything but a yes is no.
[[nodiscard]] std::expected<bool, PromptError> ask_yes_or_no(std::string_view question);

}  // namespace vereda::client
