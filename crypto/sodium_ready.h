#pragma once

namespace vereda::crypto {

/// Starts libsodium once for the whole program and returns when that is done: it then picks the
/// fastest code for this processor. Safe from any thread; every function of this folder that needs
/// it calls it. Aborts if it cannot start.
void ensure_sodium_ready();

}  // namespace vereda::crypto
