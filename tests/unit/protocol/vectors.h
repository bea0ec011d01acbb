#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

/// Known answers and hexadecimal, for the tests of the format.
namespace vereda::test {

/// The bytes that `hex` spells, in either case. Throws std::invalid_argument for anything else.
[[nodiscard]] Bytes from_hex(std::string_view hex);
[[nodiscard]] std::string to_hex(ByteView bytes);

/// The JSON document at tests/vectors/`path`.
[[nodiscard]] nlohmann::json load_vectors(const std::string& path);

/// tests/vectors/vereda-format/vectors.json, read once.
[[nodiscard]] const nlohmann::json& format_vectors();

/// The bytes spelled by the string `name` of `object`.
[[nodiscard]] Bytes hex_at(const nlohmann::json& object, const char* name);

/// The same, as an array or as an id of the format.
template <std::size_t size>
[[nodiscard]] ByteArray<size> array_at(const nlohmann::json& object, const char* name) {
    const Bytes bytes = hex_at(object, name);
    ByteArray<size> array{};
    if (bytes.size() != size) throw std::invalid_argument(name);
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

template <class Id>
[[nodiscard]] Id id_at(const nlohmann::json& object, const char* name) {
    return Id{array_at<Id::size>(object, name)};
}

}  // namespace vereda::test
