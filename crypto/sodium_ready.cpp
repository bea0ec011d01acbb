#include "crypto/sodium_ready.h"

#include <sodium.h>

#include "crypto/assert.h"

namespace vereda::crypto {
namespace {

bool start() {
    VEREDA_ASSERT(sodium_init() >= 0);
    return true;
}

}  // namespace

void ensure_sodium_ready() { [[maybe_unused]] static const bool started = start(); }

}  // namespace vereda::crypto
