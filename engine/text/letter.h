#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

/// One letter folded for search: the table behind engine/text/fold.h.
namespace vereda::engine {

/// What a code point becomes in folded text: nothing (marks, joiners), a space (whatever separates
/// words), or letters.
struct FoldedLetter {
    char bytes[7] = {};
    std::uint8_t size = 0;

    [[nodiscard]] bool separates() const { return size > 0 && bytes[0] == ' '; }
};

/// The folded letters of Latin, Greek, Cyrillic, Hebrew, Arabic and general punctuation, looked up.
/// The table is built at first use (a millisecond) and shared; safe from any thread.
class QuickLetters {
  public:
    [[nodiscard]] static const QuickLetters& get();

    [[nodiscard]] static bool has(char32_t code_point) {
        return code_point < first_page || (code_point >= second_start && code_point < second_end);
    }
    /// Precondition: has(code_point).
    [[nodiscard]] const FoldedLetter& operator[](char32_t code_point) const {
        return letters_[index_of(code_point)];
    }

  private:
    static constexpr char32_t first_page = 0x800;  ///< What UTF-8 writes in one or two bytes.
    static constexpr char32_t second_start = 0x1E00;
    static constexpr char32_t second_end = 0x2070;

    [[nodiscard]] static std::size_t index_of(char32_t code_point) {
        return code_point < first_page ? code_point : code_point - second_start + first_page;
    }

    QuickLetters();
    std::array<FoldedLetter, first_page + second_end - second_start> letters_;
};

/// The same for any code point, through ICU; some microseconds. May be longer than a FoldedLetter
/// holds.
[[nodiscard]] std::string fold_letter(char32_t code_point);

/// ' ’ ‘ `: inside a Cyrillic word part of it (Кам'янець), elsewhere a separator (l'école,
/// O'Brien).
[[nodiscard]] inline bool is_apostrophe(char32_t code_point) {
    return code_point == '\'' || code_point == '`' || code_point == 0x2018 || code_point == 0x2019;
}

}  // namespace vereda::engine
