#include "engine/sheets/encoding.h"

#include <algorithm>

#include "engine/sheets/convert.h"
#include "engine/sheets/guess_encoding.h"
#include "engine/text/utf8.h"

namespace vereda::engine {
namespace {

constexpr std::size_t file_size_max = 512ULL * 1024 * 1024;

using Decoded = std::expected<DecodedText, EncodingError>;

Decoded converted(std::string_view bytes, const std::string& encoding, bool guessed) {
    auto text = convert_to_utf8(bytes, encoding, Faults::refused);
    if (!text) return std::unexpected(EncodingError::damaged);
    if (text->find('\0') != std::string::npos) return std::unexpected(EncodingError::not_text);
    return DecodedText{.text = std::move(*text), .encoding = encoding, .guessed = guessed};
}

/// The letter at `at`, which moves past it; empty for a byte that is none.
std::string_view take_letter(std::string_view bytes, std::size_t& at) {
    const std::size_t start = at;
    const bool replaced = next_code_point(bytes, at) == replacement_character;
    return replaced && at == start + 1 ? std::string_view() : bytes.substr(start, at - start);
}

/// UTF-8 with each byte that is none replaced, and the lines named where that was so.
DecodedText mended(std::string_view bytes) {
    DecodedText text{.text = {}, .encoding = "UTF-8"};
    std::uint64_t line = 1;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::string_view letter = take_letter(bytes, at);
        if (letter.empty()) {
            text.text += "\uFFFD";
            if (text.damaged_lines.empty() || text.damaged_lines.back() != line)
                text.damaged_lines.push_back(line);
            continue;
        }
        const bool crlf = letter == "\r" && at < bytes.size() && bytes[at] == '\n';
        if (letter == "\n" || (letter == "\r" && !crlf)) ++line;
        text.text += letter;
    }
    return text;
}

/// UTF-8 in which some bytes may be of another hand: in a text of one of the old encodings hardly
/// anything beyond ASCII is well-formed UTF-8.
bool is_mostly_utf8(std::string_view bytes) {
    std::size_t good = 0;
    std::size_t bad = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::string_view letter = take_letter(bytes, at);
        if (letter.empty()) ++bad;
        if (letter.size() > 1) ++good;
    }
    return good > bad;
}

/// Whether the last letter of UTF-8 lacks its end.
bool is_cut_off(std::string_view bytes) {
    for (std::size_t size = 1; size <= std::min<std::size_t>(bytes.size(), 3); ++size) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - size]);
        if (byte >= 0x80 && byte < 0xC0) continue;
        return byte >= 0xC2 && size < (byte >= 0xF0 ? 4U : byte >= 0xE0 ? 3U : 2U);
    }
    return false;
}

Decoded as_utf8(std::string_view bytes) {
    if (bytes.find('\0') != std::string_view::npos) return std::unexpected(EncodingError::not_text);
    if (is_valid_utf8(bytes)) return DecodedText{.text = std::string(bytes), .encoding = "UTF-8"};
    if (!is_mostly_utf8(bytes) || is_cut_off(bytes)) return std::unexpected(EncodingError::damaged);
    return mended(bytes);
}

bool is_spreadsheet(std::string_view bytes) {
    return bytes.starts_with("PK\x03\x04") || bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1");
}

/// Control characters, apart from those that lay text out.
bool has_binary_bytes(std::string_view bytes) {
    return std::ranges::any_of(bytes, [](char byte) {
        const auto value = static_cast<unsigned char>(byte);
        return value < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' &&
               byte != '\v' && byte != 0x1A;  // DOS wrote it at the end of a file
    });
}

/// UTF-16 without a mark: the upper halves of its letters, always on the same side, are zero or,
/// in Cyrillic and Arabic, 4 and 6; and some, of commas and line ends, are zero while no lower half
/// is. One stray zero byte in a text of bytes is not that.
Decoded as_utf16(std::string_view bytes) {
    constexpr unsigned char upper_half_max = 7;  // of U+07FF: what two bytes of UTF-8 hold
    std::size_t zeros[2] = {0, 0};
    std::size_t upper_halves[2] = {0, 0};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (byte == 0) ++zeros[i % 2];
        if (byte <= upper_half_max) ++upper_halves[i % 2];
    }
    const bool little = zeros[0] == 0;
    const bool big = zeros[1] == 0;
    const std::size_t most = bytes.size() / 4;  // half of every second byte
    if (bytes.size() % 2 != 0 || little == big || upper_halves[little ? 1 : 0] <= most)
        return std::unexpected(EncodingError::not_text);
    return converted(bytes, little ? "UTF-16LE" : "UTF-16BE", false);
}

bool names_utf8(std::string_view name) {
    constexpr std::string_view spellings[] = {"UTF-8", "utf-8", "UTF8", "utf8"};
    return std::ranges::find(spellings, name) != std::end(spellings);
}

}  // namespace

std::expected<DecodedText, EncodingError> decode_text(
    std::string_view bytes, std::string_view named) {
    if (bytes.size() > file_size_max) return std::unexpected(EncodingError::too_large);
    if (names_utf8(named)) return as_utf8(bytes.substr(bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0));
    if (!named.empty()) {
        const std::string name(named);
        if (!is_known_encoding(name)) return std::unexpected(EncodingError::unknown_encoding);
        Decoded result = converted(bytes, name, false);
        if (result && result->text.starts_with("\uFEFF")) result->text.erase(0, 3);
        return result;
    }
    if (bytes.starts_with("\xEF\xBB\xBF")) return as_utf8(bytes.substr(3));
    if (bytes.starts_with("\xFF\xFE")) return converted(bytes.substr(2), "UTF-16LE", false);
    if (bytes.starts_with("\xFE\xFF")) return converted(bytes.substr(2), "UTF-16BE", false);
    if (is_spreadsheet(bytes)) return std::unexpected(EncodingError::spreadsheet);
    if (bytes.find('\0') != std::string_view::npos) return as_utf16(bytes);
    if (has_binary_bytes(bytes)) return std::unexpected(EncodingError::not_text);
    if (is_valid_utf8(bytes) || is_mostly_utf8(bytes)) return as_utf8(bytes);
    return converted(bytes, guess_encoding(bytes), true);
}

}  // namespace vereda::engine
