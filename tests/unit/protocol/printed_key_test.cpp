#include "protocol/printed_key.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>

#include "crypto/entropy.h"
#include "protocol/base32.h"

namespace vereda::protocol {
namespace {

/// Every text that differs from `text` in one character of the alphabet.
template <class Check>
void for_each_typo(const std::string& text, Check check) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '-') continue;
        for (const char letter : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
            if (letter == text[at]) continue;
            std::string typo = text;
            typo[at] = letter;
            check(typo);
        }
    }
}

}  // namespace

TEST_CASE("base32 spells bytes as Crockford does", "[base32]") {
    // Reference values: RFC 4648 base32 with the alphabet exchanged.
    CHECK(encode_base32({}).empty());
    CHECK(encode_base32(as_bytes("foobar")) == "CSQPYRK1E8");
    CHECK(encode_base32(Bytes{0xff}) == "ZW");
    CHECK(encode_base32(Bytes{0x00, 0x44, 0x32, 0x14, 0xc7}) == "01234567");
    CHECK(encode_base32(Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) == "000G40R40M30E209");
}

TEST_CASE("base32 of any length comes back", "[base32]") {
    crypto::SeededEntropy entropy(1);
    for (std::size_t size = 0; size < 40; ++size) {
        Bytes bytes(size);
        entropy.fill(bytes);
        CHECK(parse_base32(encode_base32(bytes)) == bytes);
    }
}

TEST_CASE("base32 refuses other letters, impossible lengths and spare bits", "[base32]") {
    CHECK(parse_base32("0U").error() == Base32Error::unknown_character);
    CHECK(parse_base32("0!").error() == Base32Error::unknown_character);
    CHECK(parse_base32("0").error() == Base32Error::wrong_length);
    CHECK(parse_base32("000").error() == Base32Error::wrong_length);
    CHECK(parse_base32("000000").error() == Base32Error::wrong_length);
    CHECK(parse_base32("01").error() == Base32Error::padding_not_zero);
    CHECK(parse_base32("ZZ").error() == Base32Error::padding_not_zero);
}

TEST_CASE("a recovery code comes back from its print, however it is typed", "[printed_key]") {
    const auto secret = crypto::SeededEntropy(2).bytes<16>();
    const std::string text = print_recovery_code(secret);
    CHECK(text.size() == 35);
    std::string typed;
    for (const char letter : text)
        typed += static_cast<char>(letter == '-' ? ' ' : std::tolower(letter));
    for (const std::string& one : {text, typed}) {
        const auto parsed = parse_recovery_code(one);
        REQUIRE(parsed);
        CHECK(parsed->equals(secret));
    }
}

TEST_CASE("a recovery key comes back from its print", "[printed_key]") {
    const auto seed = crypto::SeededEntropy(3).bytes<32>();
    const std::string text = print_recovery_key(seed);
    CHECK(text.size() == 71);
    const auto parsed = parse_recovery_key(text);
    REQUIRE(parsed);
    CHECK(parsed->equals(seed));
}

TEST_CASE("any one mistyped character of a recovery code or key is noticed", "[printed_key]") {
    crypto::SeededEntropy entropy(4);
    for_each_typo(print_recovery_code(entropy.bytes<16>()), [](const std::string& typo) {
        REQUIRE(parse_recovery_code(typo).error() == PrintedKeyError::mistyped);
    });
    for_each_typo(print_recovery_key(entropy.bytes<32>()), [](const std::string& typo) {
        REQUIRE(parse_recovery_key(typo).error() == PrintedKeyError::mistyped);
    });
}

TEST_CASE("a code with a group missing, or of the other kind, is unreadable", "[printed_key]") {
    crypto::SeededEntropy entropy(5);
    const std::string code = print_recovery_code(entropy.bytes<16>());
    const std::string key = print_recovery_key(entropy.bytes<32>());
    CHECK(parse_recovery_code(code.substr(6)).error() == PrintedKeyError::unreadable);
    CHECK(parse_recovery_code(key).error() == PrintedKeyError::unreadable);
    CHECK(parse_recovery_key(code).error() == PrintedKeyError::unreadable);
    CHECK(parse_recovery_code("not a code!").error() == PrintedKeyError::unreadable);
    CHECK(parse_recovery_code("").error() == PrintedKeyError::unreadable);
}

}  // namespace vereda::protocol
