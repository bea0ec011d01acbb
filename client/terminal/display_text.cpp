#include "client/terminal/display_text.h"

#include <algorithm>
#include <unicode/uchar.h>

#include "crypto/assert.h"
#include "engine/text/utf8.h"

namespace vereda::client {
namespace {

using engine::append_utf8;
using engine::next_code_point;

bool takes_no_column(UChar32 letter) {
    const auto category = U_GET_GC_MASK(letter);
    if ((category & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_CC_MASK)) != 0) return true;
    return letter >= 0x1160 &&
           letter <= 0x11FF;  // vowels and finals of a Hangul syllable, drawn into it
}

int width_of(char32_t code_point) {
    if (code_point >= 0x20 && code_point < 0x7F) return 1;
    const auto letter = static_cast<UChar32>(code_point);
    if (takes_no_column(letter)) return 0;
    const int width = u_getIntPropertyValue(letter, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool turns_direction(
    char32_t letter) {  // embeddings, overrides, isolates; plain marks are harmless
    return (letter >= 0x202A && letter <= 0x202E) || (letter >= 0x2066 && letter <= 0x2069);
}

bool breaks_or_controls(char32_t letter) {
    return u_charType(static_cast<UChar32>(letter)) == U_CONTROL_CHAR || letter == 0x2028 ||
           letter == 0x2029;
}

/// How many bytes of `text` fit into `width` columns, with the marks of the last letter; at least
/// one letter.
std::size_t fitting(std::string_view text, int width) {
    int used = 0;
    std::size_t fits = 0;
    for (std::size_t at = 0; at < text.size();) {
        used += width_of(next_code_point(text, at));
        if (used > width && fits > 0) break;
        fits = at;
    }
    return fits;
}

class LineBreaking {
  public:
    explicit LineBreaking(int width) : width_(width) {}

    void add(std::string_view word) {
        const int needed = display_width(word) + (line_.empty() ? 0 : 1);
        if (used_ + needed > width_ && !line_.empty()) finish_line();
        if (!line_.empty()) append(" ");
        while (display_width(word) > width_) {
            const std::size_t part = fitting(word, width_);
            append(word.substr(0, part));
            finish_line();
            word.remove_prefix(part);
        }
        append(word);
    }

    std::vector<std::string> finish() {
        if (!line_.empty() || lines_.empty()) finish_line();
        return std::move(lines_);
    }

  private:
    void append(std::string_view text) {
        line_ += text;
        used_ += display_width(text);
    }

    void finish_line() {
        lines_.push_back(std::move(line_));
        line_.clear();
        used_ = 0;
    }

    int width_;
    int used_ = 0;
    std::string line_;
    std::vector<std::string> lines_;
};

}  // namespace

int display_width(std::string_view text) {
    int width = 0;
    for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
    return width;
}

std::string printable(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char32_t letter = next_code_point(text, at);
        if (turns_direction(letter)) continue;
        append_utf8(safe, breaks_or_controls(letter) ? U' ' : letter);
    }
    return safe;
}

std::vector<std::string> broken_into(std::string_view text, int width) {
    VEREDA_ASSERT(width >= 2);
    LineBreaking lines(width);
    for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        lines.add(text.substr(at, end - at));
        at = text.find_first_not_of(' ', end);
    }
    return lines.finish();
}

std::string shortened(std::string_view text, int width) {
    VEREDA_ASSERT(width >= 1);
    if (display_width(text) <= width) return std::string(text);
    if (width == 1) return "…";
    std::string_view kept = text.substr(0, fitting(text, width - 1));
    if (display_width(kept) > width - 1) kept = {};  // its first letter alone is too wide
    return std::string(kept) + "…";
}

bool has_right_to_left(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto direction = u_charDirection(static_cast<UChar32>(next_code_point(text, at)));
        if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) return true;
    }
    return false;
}

}  // namespace vereda::client
