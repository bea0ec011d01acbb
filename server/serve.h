#pragma once

// Lives here: the program: configuration, start, stop.
// Begin: `main.cpp`, then here.
// Must not know: what a request means (`hub/`).

#include <ostream>

#include "server/config.h"

namespace vereda::server {

/// Exit codes of `vereda-hub`.
enum class Exit : int {
    ok = 0,
    failed = 1,  ///< The disk or the network failed; the log says how.
    usage = 2,
    not_startable = 3,  ///< Data, key or address cannot be had; nothing was changed.
};

/// Serves until SIGTERM or SIGINT, then finishes what is running. Prints {"url":…,"pin":…} to
/// `ready` once requests are taken, and log lines to `log`. Call it before any other thread starts:
/// it takes over these two signals.
[[nodiscard]] Exit serve(const ServeConfig& config, std::ostream& ready, std::ostream& log);

/// Makes a founding token in `data`, beside a running hub or not, and prints {"token":…} to `out`.
/// Where no hub's data is (`serve` makes it) it makes nothing, and says so to `err`.
[[nodiscard]] Exit print_token(const std::string& data, std::ostream& out, std::ostream& err);

}  // namespace vereda::server
