#include "protocol/base32.h"

namespace vereda::protocol {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char upper(char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
}

char without_look_alikes(char letter) {
    if (letter == 'I' || letter == 'L') return '1';
    return letter == 'O' ? '0' : letter;
}

bool is_separator(char letter) {
    return letter == '-' || letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

/// How many characters a whole number of bytes may have: all remainders but 1, 3 and 6.
bool is_possible_length(std::size_t characters) {
    const std::size_t remainder = characters % 8;
    return remainder != 1 && remainder != 3 && remainder != 6;
}

}  // namespace

std::string encode_base32(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = (pending << 8 | byte) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5) text += alphabet[pending >> (bits - 5) & 31];
    }
    if (bits > 0) text += alphabet[pending << (5 - bits) & 31];
    return text;
}

std::expected<std::string, Base32Error> canonical_base32(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (const char letter : text) {
        if (is_separator(letter)) continue;
        const char digit = without_look_alikes(upper(letter));
        if (!alphabet.contains(digit)) return std::unexpected(Base32Error::unknown_character);
        plain += digit;
    }
    return plain;
}

std::expected<Bytes, Base32Error> parse_base32(std::string_view text) {
    const auto plain = canonical_base32(text);
    if (!plain) return std::unexpected(plain.error());
    if (!is_possible_length(plain->size())) return std::unexpected(Base32Error::wrong_length);
    Bytes bytes;
    bytes.reserve(plain->size() * 5 / 8);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char letter : *plain) {
        pending = (pending << 5 | static_cast<std::uint32_t>(alphabet.find(letter))) & 0xfff;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<std::uint8_t>(pending >> bits));
    }
    if ((pending & ((1u << bits) - 1)) != 0) return std::unexpected(Base32Error::padding_not_zero);
    return bytes;
}

std::string in_groups(std::string_view plain, std::size_t size) {
    std::string text;
    for (std::size_t at = 0; at < plain.size(); at += size) {
        if (at > 0) text += '-';
        text += plain.substr(at, size);
    }
    return text;
}

}  // namespace vereda::protocol
