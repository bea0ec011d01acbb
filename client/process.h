#pragma once

#include <string>
#include <vector>

namespace vereda::client {

/// Makes the process keep its secrets to itself: no core dumps, no debugger of another process, and
/// no death by a broken pipe in the middle of a commit. Call first.
void harden_process();

/// The arguments after the program's name. What the system shows of them to everybody (`ps`,
/// /proc/PID/cmdline) is wiped: names and notes may be among them. It stays in the shell's history,
/// and somebody may have looked in the moment before.
[[nodiscard]] std::vector<std::string> take_arguments(int argc, char** argv);

/// Whether whoever read from this pipe, or terminal, is gone. False for files and devices, full
/// ones too.
[[nodiscard]] bool is_closed_pipe(int descriptor);

}  // namespace vereda::client
