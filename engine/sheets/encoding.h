#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

/// Sheets come in the encodings of the offices that saved them; inside there is only UTF-8.
namespace vereda::engine {

enum class EncodingError {
    spreadsheet,       ///< An .xlsx, .ods or .xls file: to be saved as CSV first.
    not_text,          ///< Bytes that no text has.
    damaged,           ///< Text, but cut off inside a character or with wrong bytes all over it.
    unknown_encoding,  ///< The encoding asked for is none that we know.
    too_large,         ///< More than 512 MiB.
};

struct DecodedText {
    std::string text;      ///< Valid UTF-8 without a byte order mark.
    std::string encoding;  ///< What it was: "UTF-8", "UTF-16LE", "windows-1251" …
    bool guessed = false;  ///< From its letters alone: to be shown to whoever imports.
    /// Lines of UTF-8 that hold other bytes as well; each of these is U+FFFD in `text`. The first
    /// line is 1.
    std::vector<std::uint64_t> damaged_lines = {};
};

/// Recognises and converts `bytes`. A byte order mark decides; then what is valid UTF-8 is UTF-8,
/// what has most of its second bytes zero or nearly so UTF-16; what is well-formed UTF-8 more often
/// than not is UTF-8 with damaged lines; the rest is guessed (engine/sheets/guess_encoding.h).
/// `named` (an IANA or ICU name) overrides the recognition, and then nothing is guessed.
[[nodiscard]] std::expected<DecodedText, EncodingError> decode_text(
    std::string_view bytes, std::string_view named = {});

}  // namespace vereda::engine
