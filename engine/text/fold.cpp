#include "engine/text/fold.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "engine/text/letter.h"
#include "engine/text/utf8.h"

namespace vereda::engine {
namespace {

using Eight = std::uint64_t;  // eight characters at a time: this is the path of most notes

constexpr Eight all(std::uint8_t byte) { return byte * 0x0101010101010101u; }

/// The high bit of every byte of `ascii` that lies in [first, last].
constexpr Eight in_range(Eight ascii, std::uint8_t first, std::uint8_t last) {
    const Eight from_first = ascii + all(static_cast<std::uint8_t>(0x80 - first));
    const Eight past_last = ascii + all(static_cast<std::uint8_t>(0x7F - last));
    return (from_first ^ past_last) & all(0x80);
}

constexpr Eight fold_eight(Eight ascii) {
    const Eight lower = ascii | in_range(ascii, 'A', 'Z') >> 2;
    const Eight word = in_range(lower, 'a', 'z') | in_range(lower, '0', '9');
    const Eight mask = (word >> 7) * 0xFF;
    return (lower & mask) | (all(' ') & ~mask);
}

Eight load_eight(const char* from) {
    Eight eight;
    std::memcpy(&eight, from, sizeof eight);
    return eight;
}

bool is_ascii(std::string_view text) {
    Eight seen = 0;
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) seen |= load_eight(text.data() + at);
    for (; at < text.size(); ++at) seen |= static_cast<std::uint8_t>(text[at]);
    return (seen & all(0x80)) == 0;
}

void fold_ascii_into(std::string& to, std::string_view text) {
    const std::size_t before = to.size();
    to.append(text);
    char* const out = to.data() + before;
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        const Eight folded = fold_eight(load_eight(out + at));
        std::memcpy(out + at, &folded, sizeof folded);
    }
    for (; at < text.size(); ++at) {
        out[at] = static_cast<char>(fold_eight(static_cast<std::uint8_t>(out[at])) & 0xFF);
    }
}

bool starts_cyrillic(char byte) {  // U+0400…U+04FF
    const auto lead = static_cast<unsigned char>(byte);
    return lead >= 0xD0 && lead <= 0xD3;
}

/// Writes folded letters behind what `to` already holds, with room for the longest outcome taken in
/// advance.
class Folder {
  public:
    Folder(std::string& to, std::string_view text)
        : to_(to), text_(text), start_(to.size()), end_(to.size()) {
        make_room(text.size());
    }

    void run() {
        for (std::size_t at = 0; at < text_.size();) {
            const char32_t letter = next(at);
            if (is_apostrophe(letter) && joins_cyrillic(at)) continue;
            if (QuickLetters::has(letter)) {
                put(quick_[letter]);
            } else {
                put_slowly(letter, text_.size() - at);
            }
        }
        to_.resize(end_);
    }

  private:
    /// `next_code_point`, with one and two bytes of UTF-8 read in place.
    char32_t next(std::size_t& at) const {
        const auto lead = static_cast<unsigned char>(text_[at]);
        if (lead < 0x80) return ++at, lead;
        if (lead >= 0xC2 && lead < 0xE0 && at + 1 < text_.size()) {
            const auto second = static_cast<unsigned char>(text_[at + 1]);
            if ((second & 0xC0) == 0x80) return at += 2, (lead & 0x1Fu) << 6 | (second & 0x3Fu);
        }
        return next_code_point(text_, at);
    }

    /// One byte of text becomes at most 3.5 (two bytes to seven); a letter is written eight bytes
    /// at a time.
    void make_room(std::size_t text_left) { to_.resize(end_ + 4 * text_left + 8); }

    bool joins_cyrillic(std::size_t next) const {
        const bool before = end_ >= start_ + 2 && starts_cyrillic(to_[end_ - 2]);
        return before && next < text_.size() && starts_cyrillic(text_[next]);
    }

    void put(const FoldedLetter& letter) {
        std::memcpy(to_.data() + end_, &letter, sizeof letter);
        end_ += letter.size;
    }

    void put_slowly(char32_t letter, std::size_t text_left) {
        to_.resize(end_);
        to_ += fold_letter(letter);
        end_ = to_.size();
        make_room(text_left);
    }

    const QuickLetters& quick_ = QuickLetters::get();
    std::string& to_;
    std::string_view text_;
    std::size_t start_;
    std::size_t end_;
};

static_assert(sizeof(FoldedLetter) == 8);

}  // namespace

void fold_into(std::string& to, std::string_view text) {
    if (is_ascii(text)) return fold_ascii_into(to, text);
    Folder(to, text).run();
}

std::string fold(std::string_view text) {
    std::string folded;
    fold_into(folded, text);
    return folded;
}

std::vector<std::string> words(std::string_view text) {
    const std::string folded = fold(text);
    std::vector<std::string> found;
    for (std::size_t at = folded.find_first_not_of(' '); at != std::string::npos;) {
        const std::size_t end = std::min(folded.find(' ', at), folded.size());
        found.push_back(folded.substr(at, end - at));
        at = folded.find_first_not_of(' ', end);
    }
    return found;
}

}  // namespace vereda::engine
