#pragma once

// Lives here: the program `vereda`, around its commands: the command line, the process, the end.
// Begin: `main.cpp`, `program.h`, then here.
// Must not know: what a command does.

#include <expected>
#include <string>
#include <variant>
#include <vector>

#include "client/commands/command.h"

namespace vereda::client {

struct CommandLine {
    Settings settings;
    Command command;
};

/// Asked for with --help or --version.
struct HelpText {
    std::string text;
};

struct UsageError {
    std::string error;   ///< What is wrong with the command line.
    std::string why;     ///< The form that is wanted.
    std::string advice;  ///< Which help to read.
    bool json = false;   ///< As far as --json was read.
};

/// Reads `arguments` (without the program's name). The environment fills what was not said:
/// VEREDA_VAULT, VEREDA_PASSPHRASE_FILE, VEREDA_KEY_FILE, VEREDA_PHONE_REGION, NO_COLOR,
/// XDG_DATA_HOME, HOME. A usage error as well: nothing of all this says where the vault is.
[[nodiscard]] std::expected<std::variant<CommandLine, HelpText>, UsageError> parse_command_line(
    std::vector<std::string> arguments);

}  // namespace vereda::client
