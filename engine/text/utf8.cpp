#include "engine/text/utf8.h"

#include <cstdint>

namespace vereda::engine {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

bool continues(std::string_view text, std::size_t at) {
    return at < text.size() && (byte_at(text, at) & 0xC0) == 0x80;
}

struct Sequence {
    char32_t code_point = replacement_character;
    std::size_t size = 0;  ///< 0: not well-formed.
};

/// The smallest code point that a sequence of this many bytes may carry; anything below is
/// overlong.
constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

Sequence read(std::string_view text, std::size_t at) {
    const std::uint8_t lead = byte_at(text, at);
    if (lead < 0x80) return {lead, 1};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {};
    char32_t code_point = lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if (!continues(text, at + i)) return {};
        code_point = code_point << 6 | (byte_at(text, at + i) & 0x3Fu);
    }
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (code_point < smallest[size] || code_point > 0x10FFFF || surrogate) return {};
    return {code_point, size};
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = read(text, at).size;
        if (size == 0) return false;
        at += size;
    }
    return true;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const Sequence sequence = read(text, at);
    at += sequence.size == 0 ? 1 : sequence.size;
    return sequence.code_point;
}

void append_utf8(std::string& to, char32_t code_point) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        code_point = replacement_character;
    }
    const auto put = [&to](char32_t byte) { to.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) return put(code_point);
    if (code_point < 0x800) {
        put(0xC0 | code_point >> 6);
    } else {
        if (code_point < 0x10000) {
            put(0xE0 | code_point >> 12);
        } else {
            put(0xF0 | code_point >> 18);
            put(0x80 | (code_point >> 12 & 0x3F));
        }
        put(0x80 | (code_point >> 6 & 0x3F));
    }
    put(0x80 | (code_point & 0x3F));
}

std::string make_valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) append_utf8(valid, next_code_point(text, at));
    return valid;
}

}  // namespace vereda::engine
