#include "tests/unit/protocol/vectors.h"

#include <fstream>
#include <stdexcept>

namespace vereda::test {
namespace {

std::uint8_t nibble(char digit) {
    constexpr std::string_view digits = "0123456789abcdef";
    const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit + 32) : digit;
    const std::size_t value = digits.find(lower);
    if (value == std::string_view::npos) throw std::invalid_argument("not hexadecimal");
    return static_cast<std::uint8_t>(value);
}

}  // namespace

Bytes from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) throw std::invalid_argument("half a byte");
    Bytes bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(nibble(hex[i]) << 4 | nibble(hex[i + 1])));
    }
    return bytes;
}

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const std::uint8_t byte : bytes) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

nlohmann::json load_vectors(const std::string& path) {
    std::ifstream file(VEREDA_TEST_DATA "/vectors/" + path);
    if (!file) throw std::runtime_error("no vectors at " + path);
    return nlohmann::json::parse(file);
}

const nlohmann::json& format_vectors() {
    static const nlohmann::json vectors = load_vectors("vereda-format/vectors.json");
    return vectors;
}

Bytes hex_at(const nlohmann::json& object, const char* name) {
    return from_hex(object.at(name).get_ref<const std::string&>());
}

}  // namespace vereda::test
