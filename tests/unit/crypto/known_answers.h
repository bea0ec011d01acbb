#pragma once

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

/// Published answers and the hexadecimal they are written in.
namespace vereda::crypto::test {

/// The bytes that lower-case `hex` spells. Throws std::invalid_argument for anything else.
inline Bytes from_hex(std::string_view hex) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (hex.size() % 2 != 0 || hex.find_first_not_of(digits) != hex.npos)
        throw std::invalid_argument("not hexadecimal");
    Bytes bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes.push_back(
            static_cast<std::uint8_t>(digits.find(hex[i]) << 4 | digits.find(hex[i + 1])));
    return bytes;
}

/// The same, where exactly `size` bytes are wanted.
template <std::size_t size>
ByteArray<size> array_from_hex(std::string_view hex) {
    const Bytes bytes = from_hex(hex);
    if (bytes.size() != size) throw std::invalid_argument("another length");
    ByteArray<size> array;
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

/// The string `name` of `object`, as the bytes it spells.
inline Bytes hex_at(const nlohmann::json& object, const char* name) {
    return from_hex(object.at(name).get<std::string>());
}

/// The JSON document at tests/vectors/`path`.
inline nlohmann::json load_vectors(const std::string& path) {
    std::ifstream file(VEREDA_TEST_DATA "/vectors/" + path);
    if (!file) throw std::runtime_error("no such vectors: " + path);
    return nlohmann::json::parse(file);
}

}  // namespace vereda::crypto::test
