#pragma once

namespace vereda::client {

/// Makes the process keep its secrets to itself: no core dumps, no debugger of another process, and
/// no death by a broken pipe in the middle of a commit. Call first.
void harden_process();

/// Whether whoever read from this pipe, or terminal, is gone. False for files and devices, full
/// ones too.
[[nodiscard]] bool is_closed_pipe(int descriptor);

}  // namespace vereda::client
