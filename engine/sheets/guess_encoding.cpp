#include "engine/sheets/guess_encoding.h"

#include <algorithm>
#include <climits>
#include <memory>
#include <uchardet/uchardet.h>
#include <unicode/uchar.h>
#include <vector>

#include "engine/sheets/convert.h"
#include "engine/text/utf8.h"

namespace vereda::engine {
namespace {

constexpr std::size_t sample_size_max = 64 * 1024;

enum class Script { ascii, latin, cyrillic, arabic, other };

Script script_of(char32_t letter) {
    if (letter < 0x80) return Script::ascii;
    if (letter < 0x250 || (letter >= 0x1E00 && letter < 0x1F00)) return Script::latin;
    if (letter >= 0x400 && letter < 0x530) return Script::cyrillic;
    if (letter >= 0x600 && letter < 0x780) return Script::arabic;
    return Script::other;
}

/// Letters that make up most of a text in their language; where two encodings give letters, these
/// tell.
bool is_common(char32_t letter) {
    static constexpr std::u32string_view common =
        U"áéíóúñüãõçàèêâôîûïëöäßøåÁÉÍÓÚÑÜÃÕÇÀÈÊÖÄØÅ"
        U"абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґђјљњћџ"
        U"АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯЁІЇЄ"
        U"ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ";
    return common.find(letter) != std::u32string_view::npos;
}

/// Letters of Central Europe: one point less than the common ones, so that ñ is not read as ń.
bool is_central_european(char32_t letter) {
    static constexpr std::u32string_view letters = U"čćžšđČĆŽŠĐłąęńśźżŁŚŻőűřěůťďňăşţ";
    return letters.find(letter) != std::u32string_view::npos;
}

bool is_cyrillic_vowel(char32_t letter) {
    static constexpr std::u32string_view vowels = U"аеёиоуыэюяіїєАЕЁИОУЫЭЮЯІЇЄ";
    return vowels.find(letter) != std::u32string_view::npos;
}

bool is_upper(char32_t letter) { return u_isUUppercase(static_cast<UChar32>(letter)); }
bool is_lower(char32_t letter) { return u_isULowercase(static_cast<UChar32>(letter)); }

int letters_of(const std::u32string& word, Script script) {
    return static_cast<int>(std::ranges::count_if(
        word, [script](char32_t letter) { return script_of(letter) == script; }));
}

/// Capitals behind small letters, small letters behind two capitals.
int case_faults(const std::u32string& word) {
    int faults = 0;
    for (std::size_t i = 1; i < word.size(); ++i) {
        if (is_lower(word[i - 1]) && is_upper(word[i])) ++faults;
        if (i > 1 && is_upper(word[i - 2]) && is_upper(word[i - 1]) && is_lower(word[i])) ++faults;
    }
    return faults;
}

/// Russian letters that begin no word, and words without a vowel (the r of Crna, Srđan apart).
int cyrillic_faults(const std::u32string& word) {
    static constexpr std::u32string_view never_first = U"ъьыЪЬЫ";
    int faults = never_first.find(word.front()) != std::u32string_view::npos ? 2 : 0;
    const bool sounds = std::ranges::any_of(word, is_cyrillic_vowel) ||
                        word.find_first_of(U"рР") != std::u32string::npos;
    if (word.size() >= 3 && !sounds) ++faults;
    return faults;
}

int plausibility_of_word(const std::u32string& word) {
    const int ascii = letters_of(word, Script::ascii);
    const int latin = letters_of(word, Script::latin);
    const int cyrillic = letters_of(word, Script::cyrillic);
    const int arabic = letters_of(word, Script::arabic);
    const int beyond_ascii = static_cast<int>(word.size()) - ascii;
    if (beyond_ascii == 0) return 0;
    int score = 0;
    for (const char32_t letter : word) {
        if (script_of(letter) == Script::ascii) continue;
        score += is_common(letter) ? 3 : is_central_european(letter) ? 2 : 0;
    }
    const int scripts = (ascii + latin > 0) + (cyrillic > 0) + (arabic > 0);
    if (scripts > 1) score -= 6 * beyond_ascii;
    if (latin > 2 && latin > ascii) score -= 6 * latin;  // Ìàðèÿ: Cyrillic read as Latin
    score -= 5 * case_faults(word);
    if (cyrillic > 0) score -= 5 * cyrillic_faults(word);
    return score;
}

/// The lines of `bytes` that hold more than ASCII, up to 64 KiB of them.
std::string telling_lines(std::string_view bytes) {
    std::string sample;
    for (std::size_t at = 0; at < bytes.size() && sample.size() < sample_size_max;) {
        const std::size_t end = std::min(bytes.find_first_of("\r\n", at), bytes.size());
        const std::string_view line = bytes.substr(at, std::min(end - at, sample_size_max));
        if (std::ranges::any_of(
                line, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; })) {
            sample.append(line).push_back('\n');
        }
        at = end + 1;
    }
    return sample;
}

struct DeleteDetector {
    void operator()(uchardet* detector) const { uchardet_delete(detector); }
};

std::string opinion_of_uchardet(std::string_view sample) {
    const std::unique_ptr<uchardet, DeleteDetector> detector(uchardet_new());
    if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
    uchardet_data_end(detector.get());
    return uchardet_get_charset(detector.get());
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return u_tolower(x) == u_tolower(y); });
}

}  // namespace

int plausibility(std::string_view text) {
    int score = 0;
    std::u32string word;
    const auto close = [&] {
        if (!word.empty()) score += plausibility_of_word(word);
        word.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        const char32_t letter = next_code_point(text, at);
        if (u_isalpha(static_cast<UChar32>(letter))) {
            word.push_back(letter);
            continue;
        }
        if (letter >= 0x80 && letter < 0xA0)
            score -= 20;  // a control character: undefined in this encoding
        if (letter == replacement_character) score -= 20;
        const bool symbol_in_word = letter >= 0xA1 && letter < 0xC0 && !word.empty();
        if (symbol_in_word) score -= 4;
        close();
    }
    close();
    return score;
}

std::string guess_encoding(std::string_view bytes) {
    std::vector<std::string> candidates = {
        "windows-1252", "windows-1251", "windows-1256", "windows-1250"};
    const std::string sample = telling_lines(bytes);
    const std::string opinion = opinion_of_uchardet(sample);
    const bool among_ours = std::ranges::any_of(
        candidates, [&opinion](const std::string& name) { return same_name(name, opinion); });
    if (!among_ours && is_known_encoding(opinion)) candidates.push_back(opinion);
    // The first three get a tenth for uchardet's voice. windows-1250, which has most accents in
    // common with 1252, and encodings that are not ours (KOI8-R) have to read better on their own.
    const auto has_voice = [&](const std::string& name) {
        return among_ours && name != "windows-1250" && same_name(name, opinion);
    };
    std::string best = candidates.front();
    int best_score = INT_MIN;
    for (const std::string& candidate : candidates) {
        const auto text = convert_to_utf8(sample, candidate, Faults::replaced);
        if (!text) continue;
        int score = plausibility(*text);
        if (has_voice(candidate)) score += 1 + std::max(score, 0) / 10;
        if (score > best_score) {
            best = candidate;
            best_score = score;
        }
    }
    return best;
}

}  // namespace vereda::engine
