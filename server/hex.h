#pragma once

#include <string>

#include "crypto/bytes.h"

namespace vereda::server {

/// Lower-case hex digits, for ids in log lines, file names and tokens.
[[nodiscard]] inline std::string hex(ByteView bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

}  // namespace vereda::server
