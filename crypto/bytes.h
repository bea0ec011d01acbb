#pragma once

// Lives here: bytes as every layer passes them, and every use of libsodium.
// Begin: `secret_bytes.h` for secrets, `signature.h`, `aead.h`, `hash.h` for what is done with
// them.
// Must not know: what the bytes mean: people, logs, messages.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Bytes as every layer passes them: owned, borrowed, or of a fixed size.
namespace vereda {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
template <std::size_t size>
using ByteArray = std::array<std::uint8_t, size>;

/// The characters of `text`, as bytes. Borrows: `text` must outlive the view.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The bytes of `view`, as characters. Borrows; says nothing about them being valid UTF-8.
[[nodiscard]] inline std::string_view as_text(ByteView view) {
    return {reinterpret_cast<const char*>(view.data()), view.size()};
}

inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }
inline void append(Bytes& to, std::string_view more) { append(to, as_bytes(more)); }

/// Big-endian, as every raw layout of docs/protocol.md.
inline void append_u32(Bytes& to, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void append_u64(Bytes& to, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// Lower-case hex digits, as ids stand in log lines, file names and tokens.
[[nodiscard]] inline std::string hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace vereda
