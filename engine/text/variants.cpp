#include <algorithm>
#include <optional>
#include <utility>

#include "engine/text/compose.h"
#include "engine/text/fold.h"
#include "engine/text/letter.h"
#include "engine/text/utf8.h"

// Words with two searchable spellings (engine/text/fold.h).
namespace vereda::engine {
namespace {

using Spelling = std::pair<char32_t, const char*>;

/// Letters that people also write out in two. Sources: DIN 5007-2 (ä ö ü), Danish and Norwegian aa,
/// Serbian passports (dj).
constexpr Spelling written_out[] = {
    {U'ä', "ae"}, {U'Ä', "ae"}, {U'ö', "oe"}, {U'Ö', "oe"}, {U'ü', "ue"},
    {U'Ü', "ue"}, {U'ø', "oe"}, {U'Ø', "oe"}, {U'å', "aa"}, {U'Å', "aa"},
    {U'đ', "dj"}, {U'Đ', "dj"}, {U'ə', "a"},  {U'Ə', "a"},
};

/// а…џ: the Serbian alphabet and the Macedonian letters beyond it, as their Latin letters fold.
constexpr const char* serbian[0x30] = {
    // clang-format off
    "a", "b", "v", "g", "d", "e", "z", "z",  // а б в г д е ж з
    "i", nullptr, "k", "l", "m", "n", "o", "p",  // и й к л м н о п
    "r", "s", "t", "u", "f", "h", "c", "c",  // р с т у ф х ц ч
    "s", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,  // ш щ ъ ы ь э ю я
    nullptr, nullptr, "d", "gj", nullptr, "dz", nullptr, nullptr,  // ѐ ё ђ ѓ є ѕ і ї
    "j", "lj", "nj", "c", "kj", nullptr, nullptr, "dz",  // ј љ њ ћ ќ ѝ ў џ
    // clang-format on
};

template <std::size_t size>
const char* spelling_of(const Spelling (&table)[size], char32_t letter) {
    const auto* found = std::ranges::find(table, letter, &Spelling::first);
    return found == std::end(table) ? nullptr : found->second;
}

char32_t lower_cyrillic(char32_t letter) {
    if (letter >= 0x0400 && letter <= 0x040F) return letter + 0x50;
    if (letter >= 0x0410 && letter <= 0x042F) return letter + 0x20;
    return letter;
}

bool separates(char32_t letter) {
    if (QuickLetters::has(letter)) return QuickLetters::get()[letter].separates();
    return fold_letter(letter).starts_with(' ');
}

/// The words of `text` as written, with the apostrophes inside them.
std::vector<std::string_view> raw_words(std::string_view text) {
    std::vector<std::string_view> found;
    std::size_t start = 0;
    const auto close = [&](std::size_t end) {
        while (end > start && text[end - 1] == '\'') --end;
        if (end > start) found.push_back(text.substr(start, end - start));
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t here = at;
        const char32_t letter = next_code_point(text, at);
        const bool inside = here > start && is_apostrophe(letter);
        if (!separates(letter) || inside) continue;
        close(here);
        start = at;
    }
    close(text.size());
    return found;
}

/// Nothing, if `word` has no letter that is written out.
std::optional<std::string> with_letters_written_out(std::string_view word) {
    std::string spelled;
    bool any = false;
    for (std::size_t at = 0; at < word.size();) {
        const char32_t letter = next_code_point(word, at);
        const char* two = letter < 0x80 ? nullptr : spelling_of(written_out, letter);
        any = any || two != nullptr;
        if (two != nullptr) {
            spelled += two;
        } else {
            append_utf8(spelled, letter);
        }
    }
    if (!any) return std::nullopt;
    return fold(spelled);
}

/// Nothing, if one letter of `word` is not in those alphabets.
std::optional<std::string> in_latin_letters(std::string_view word, const char* dje) {
    std::string latin;
    for (std::size_t at = 0; at < word.size();) {
        const char32_t letter = lower_cyrillic(next_code_point(word, at));
        const char* spelling = letter >= U'а' && letter <= U'џ' ? serbian[letter - U'а'] : nullptr;
        if (spelling == nullptr) return std::nullopt;
        if (letter == U'ђ') spelling = dje;
        latin += spelling;
    }
    return latin;
}

std::string trimmed(std::string_view folded) {
    const std::size_t first = folded.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return std::string(folded.substr(first, folded.find_last_not_of(' ') + 1 - first));
}

bool has_combining_accent(std::string_view text) {  // U+0300…U+036F begin with these bytes
    return text.find_first_of("\xCC\xCD") != std::string_view::npos;
}

/// All spellings of one word as written; the first is its plain fold.
std::vector<std::string> spellings(std::string_view raw) {
    std::vector<std::string> found{trimmed(fold(raw))};
    const auto add = [&found](const std::optional<std::string>& spelling) {
        if (spelling && !spelling->empty() && std::ranges::find(found, *spelling) == found.end()) {
            found.push_back(*spelling);
        }
    };
    std::string joined = found.front();
    if (std::erase(joined, ' ') > 0) add(joined);
    const std::string word = has_combining_accent(raw) ? composed(raw) : std::string(raw);
    add(with_letters_written_out(word));
    add(in_latin_letters(word, "d"));
    add(in_latin_letters(word, "dj"));
    return found;
}

/// Whether `text` has no apostrophe, no Cyrillic letter, none that is written out, no combining
/// accent.
bool has_one_spelling(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const char32_t letter = next_code_point(text, at);
        if (is_apostrophe(letter)) return false;
        if (letter < 0x80) continue;
        if ((letter >= 0x300 && letter < 0x370) || (letter >= 0x400 && letter < 0x500))
            return false;
        if (spelling_of(written_out, letter) != nullptr) return false;
    }
    return true;
}

}  // namespace

std::vector<std::string> fold_variants(std::string_view text) {
    std::vector<std::string> found;
    if (has_one_spelling(text)) return found;
    for (const std::string_view raw : raw_words(text)) {
        const std::vector<std::string> all = spellings(raw);
        found.insert(found.end(), all.begin() + 1, all.end());
    }
    return found;
}

std::string searchable(std::string_view text) {
    std::string result = fold(text);
    for (const std::string& variant : fold_variants(text)) result.append(" ").append(variant);
    return result;
}

std::vector<std::vector<std::string>> query_words(std::string_view query) {
    std::vector<std::vector<std::string>> found;
    for (const std::string_view raw : raw_words(query)) {
        std::vector<std::string> all = spellings(raw);
        if (!all.front().empty()) found.push_back(std::move(all));
    }
    return found;
}

}  // namespace vereda::engine
