#include "crypto/assert.h"

#include <cstdio>
#include <cstdlib>

namespace vereda {

void fail_assertion(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "vereda: broken invariant: %s (%s:%d)\n", condition, file, line);
    std::fflush(stderr);
    std::abort();
}

}  // namespace vereda
