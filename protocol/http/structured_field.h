#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/bytes.h"

/// The part of Structured Field Values (RFC 8941, RFC 9651) that Signature-Input, Signature and
/// Content-Digest need: dictionaries of items and inner lists. Stricter than the RFC in three
/// things, because a signed field with two readings is a hole: a repeated key is refused (the RFC
/// lets the last one win), base64 must be canonical, and decimals, dates and display strings are
/// refused.
namespace vereda::http {

struct Token {
    std::string text;
    auto operator<=>(const Token&) const = default;
};

/// Integer (15 digits at most), string, token, byte sequence or boolean.
using BareItem = std::variant<std::int64_t, std::string, Token, Bytes, bool>;

struct Parameter {
    std::string key;
    BareItem value;
    bool operator==(const Parameter&) const = default;
};

struct Item {
    BareItem value;
    std::vector<Parameter> parameters;
    bool operator==(const Item&) const = default;
};

struct InnerList {
    std::vector<Item> items;
    std::vector<Parameter> parameters;
    bool operator==(const InnerList&) const = default;
};

struct Member {
    std::string key;
    std::variant<Item, InnerList> value;
    bool operator==(const Member&) const = default;
};

using Dictionary = std::vector<Member>;

enum class FieldError { malformed, too_long };

inline constexpr std::size_t field_size_max = 4096;

/// Reads a dictionary from one field value. Errors: `too_long` beyond `field_size_max` characters;
/// `malformed`.
[[nodiscard]] std::expected<Dictionary, FieldError> parse_dictionary(std::string_view text);

/// The canonical text (RFC 8941 §4.1). Strings must be printable ASCII, keys and tokens well
/// formed: ours are.
[[nodiscard]] std::string serialize(const BareItem& item);
[[nodiscard]] std::string serialize(const Item& item);
[[nodiscard]] std::string serialize(const InnerList& list);
[[nodiscard]] std::string serialize(const Dictionary& dictionary);

/// The member called `key`, or null. Borrowed from the dictionary.
[[nodiscard]] const Member* find_member(const Dictionary& dictionary, std::string_view key);

/// The parameter called `key` if it is of type T, else null. Borrowed.
template <class T>
[[nodiscard]] const T* find_parameter(
    const std::vector<Parameter>& parameters, std::string_view key) {
    for (const Parameter& parameter : parameters) {
        if (parameter.key == key) return std::get_if<T>(&parameter.value);
    }
    return nullptr;
}

}  // namespace vereda::http
