#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace vereda::client {

/// The whole program, except what belongs to its process: reads the command line, does it, tells
/// what went wrong. Returns the exit code.
[[nodiscard]] int run_program(
    std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace vereda::client
