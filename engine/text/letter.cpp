#include "engine/text/letter.h"

#include <algorithm>
#include <memory>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <utility>

#include "crypto/assert.h"
#include "engine/text/utf8.h"

namespace vereda::engine {
namespace {

using Special = std::pair<char32_t, const char*>;

/// Letters that Unicode does not decompose, but that people type and spell without their stroke,
/// hook or dot. Sorted, in lower case; a second spelling, where there is one, is in variants.cpp.
constexpr Special specials[] = {
    {0x00B7, ""},        // · Catalan col·lecció
    {0x00E6, "ae"},      // æ
    {0x00F0, "d"},       // ð
    {0x00F8, "o"},       // ø
    {0x00FE, "th"},      // þ
    {0x0111, "d"},       // đ
    {0x0127, "h"},       // ħ
    {0x0131, "i"},       // ı
    {0x0142, "l"},       // ł
    {0x014B, "n"},       // ŋ
    {0x0153, "oe"},      // œ
    {0x0167, "t"},       // ŧ
    {0x0188, "c"},       // ƈ
    {0x0199, "k"},       // ƙ  Hausa
    {0x01B4, "y"},       // ƴ  Hausa, Fula
    {0x0253, "b"},       // ɓ  Hausa, Fula
    {0x0254, "o"},       // ɔ  Ewe, Akan
    {0x0256, "d"},       // ɖ  Ewe
    {0x0257, "d"},       // ɗ  Hausa, Fula
    {0x0259, "e"},       // ə  Azerbaijani
    {0x025B, "e"},       // ɛ  Akan, Ewe
    {0x0263, "g"},       // ɣ
    {0x0268, "i"},       // ɨ
    {0x0272, "n"},       // ɲ
    {0x02B9, ""},        // ʹ  soft sign in Latin letters
    {0x02BA, ""},        // ʺ
    {0x02BB, ""},        // ʻ  okina
    {0x02BC, ""},        // ʼ  Ukrainian apostrophe
    {0x02BE, ""},        // ʾ  hamza in Latin letters
    {0x02BF, ""},        // ʿ  ayn in Latin letters
    {0x0491, "г"},       // ґ
    {0x0640, ""},        // tatweel
    {0x0629, "\u0647"},  // teh marbuta as heh
    {0x0649, "\u064A"},  // alef maksura as yeh
    {0x0671, "\u0627"},  // alef wasla
    {0x06A9, "\u0643"},  // Persian kaf
    {0x06BE, "\u0647"},  // heh doachashmee
    {0x06C1, "\u0647"},  // heh goal
    {0x06CC, "\u064A"},  // Persian yeh
};

const char* special_spelling(char32_t letter) {
    const auto* found = std::ranges::find(specials, letter, &Special::first);
    return found == std::end(specials) ? nullptr : found->second;
}

/// Marks that a search should not depend on: accents and points (combining class 200 and above,
/// overlays), Hebrew and Arabic vowel marks (10–36). Vowel signs, nukta and virama of Indic scripts
/// are letters to their readers and stay.
bool is_ignored_mark(char32_t mark) {
    const int combining = u_getCombiningClass(static_cast<UChar32>(mark));
    return combining >= 200 || combining == 1 || (combining >= 10 && combining <= 36);
}

bool belongs_to_word(char32_t letter) {
    const auto point = static_cast<UChar32>(letter);
    return u_isalnum(point) || (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0;
}

void append_folded(std::string& to, char32_t letter) {
    if (is_ignored_mark(letter)) return;
    if (const char* spelling = special_spelling(letter)) {
        to += spelling;
    } else if (u_charType(static_cast<UChar32>(letter)) == U_DECIMAL_DIGIT_NUMBER) {
        to.push_back(static_cast<char>('0' + u_charDigitValue(static_cast<UChar32>(letter))));
    } else if (belongs_to_word(letter)) {
        append_utf8(to, letter);
    } else {
        to.push_back(' ');
    }
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* found = get(status);
    VEREDA_ASSERT(U_SUCCESS(status) && found != nullptr);  // the data is part of the library
    return *found;
}

icu::UnicodeString decomposed(char32_t code_point) {
    static const icu::Normalizer2& casefold = normalizer(icu::Normalizer2::getNFKCCasefoldInstance);
    static const icu::Normalizer2& decompose = normalizer(icu::Normalizer2::getNFDInstance);
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString letter(static_cast<UChar32>(code_point));
    return decompose.normalize(casefold.normalize(letter, status), status);
}

}  // namespace

std::string fold_letter(char32_t code_point) {
    const icu::UnicodeString letters = decomposed(code_point);
    std::string folded;
    for (int32_t at = 0; at < letters.length();) {
        const UChar32 letter = letters.char32At(at);
        append_folded(folded, static_cast<char32_t>(letter));
        at += U16_LENGTH(letter);
    }
    return folded;
}

QuickLetters::QuickLetters() : letters_{} {
    for (char32_t code_point = 0; code_point < second_end; ++code_point) {
        if (!has(code_point)) continue;
        const std::string folded = fold_letter(code_point);
        FoldedLetter letter;
        VEREDA_ASSERT(folded.size() <= sizeof letter.bytes);
        std::ranges::copy(folded, letter.bytes);
        letter.size = static_cast<std::uint8_t>(folded.size());
        letters_[index_of(code_point)] = letter;
    }
}

const QuickLetters& QuickLetters::get() {
    static const std::unique_ptr<const QuickLetters> letters(new QuickLetters);
    return *letters;
}

}  // namespace vereda::engine
