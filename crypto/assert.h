#pragma once

/// An invariant of ours, checked in release builds too: a false one names itself on standard error
/// and aborts. For our own mistakes only; what the world sends is answered with `std::expected`.
#define VEREDA_ASSERT(condition) \
    ((condition) ? static_cast<void>(0) : ::vereda::fail_assertion(#condition, __FILE__, __LINE__))

namespace vereda {
[[noreturn]] void fail_assertion(const char* condition, const char* file, int line);
}
