#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "crypto/bytes.h"

/// What a fuzz target claims of every input; a false claim is a crash, which is what a fuzzer looks
/// for.
namespace vereda::fuzz {

inline void expect(bool claim, const char* words) {
    if (claim) return;
    std::fprintf(stderr, "false: %s\n", words);
    std::abort();
}

inline void expect_same(ByteView a, ByteView b, const char* words) {
    expect(std::equal(a.begin(), a.end(), b.begin(), b.end()), words);
}

}  // namespace vereda::fuzz
