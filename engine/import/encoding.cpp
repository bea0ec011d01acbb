#include "engine/import/encoding.h"

#include <algorithm>

#include "engine/import/convert.h"
#include "engine/import/guess_encoding.h"
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

Decoded as_utf8(std::string_view bytes) {
    if (!is_valid_utf8(bytes)) return std::unexpected(EncodingError::damaged);
    if (bytes.find('\0') != std::string_view::npos) return std::unexpected(EncodingError::not_text);
    return DecodedText{.text = std::string(bytes), .encoding = "UTF-8"};
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

/// UTF-16 without a mark: the commas and line ends of a sheet have a zero byte, always on the same
/// side.
Decoded as_utf16(std::string_view bytes) {
    std::size_t zeros[2] = {0, 0};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\0') ++zeros[i % 2];
    }
    const bool little = zeros[0] == 0;
    const bool big = zeros[1] == 0;
    if (bytes.size() % 2 != 0 || little == big) return std::unexpected(EncodingError::not_text);
    return converted(bytes, little ? "UTF-16LE" : "UTF-16BE", false);
}

/// UTF-8 with a few wrong bytes, or cut off inside a character: nearly all that is not ASCII is
/// well-formed.
bool is_damaged_utf8(std::string_view bytes) {
    std::size_t good = 0;
    std::size_t bad = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const bool fits = next_code_point(bytes, at) != replacement_character;
        if (first >= 0x80) ++(fits ? good : bad);
    }
    return good >= 3 && bad * 8 <= good;
}

}  // namespace

std::string_view describe(EncodingError error) {
    switch (error) {
        case EncodingError::spreadsheet:
            return "this is a spreadsheet file, not text; save it as CSV (UTF-8) and import that";
        case EncodingError::not_text:
            return "this is not a text file";
        case EncodingError::damaged:
            return "the file is damaged: it is cut off inside a character or holds bytes that its "
                   "encoding does not have";
        case EncodingError::unknown_encoding:
            return "no such encoding is known; try UTF-8, UTF-16LE, windows-1251, windows-1252 or "
                   "windows-1256";
        case EncodingError::too_large:
            return "the file is larger than 512 MiB; split it";
    }
    return "";
}

std::expected<DecodedText, EncodingError> decode_text(
    std::string_view bytes, std::string_view named) {
    if (bytes.size() > file_size_max) return std::unexpected(EncodingError::too_large);
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
    if (is_valid_utf8(bytes)) return as_utf8(bytes);
    if (is_damaged_utf8(bytes)) return std::unexpected(EncodingError::damaged);
    return converted(bytes, guess_encoding(bytes), true);
}

}  // namespace vereda::engine
