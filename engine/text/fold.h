#pragma once

// Lives here: texts of all alphabets: folding, UTF-8, what looks alike, nearest words.
// Begin: here.
// Must not know: fields, records, languages of the screen.

#include <string>
#include <string_view>
#include <vector>

/// Text as search sees it. What people type differs from what stands in the sheet by case, accents,
/// the dots of Ё, the stroke of Đ, Arabic vowel marks and the seat of a hamza; folded, both are the
/// same words.
///
/// Folded text is words of lower-case letters and digits, one or more spaces between them and
/// nothing else, so every tokenizer that splits at spaces agrees on what a word is (for FTS5:
/// `tokenize = 'ascii'`).
///
/// The rules: Unicode NFKC case folding, NFD, then without accents and vowel marks; ё→е, й→и, ї→і,
/// ґ→г, đ→d, ł→l, ø→o, ß→ss, æ→ae, ı→i, ɓ→b, ə→e; alef with hamza, madda or wasla → alef, ة→ه, ى
/// and ی→ي, ک→ك, no tatweel; all decimal digits become 0–9; bidirectional marks and joiners vanish.
/// An apostrophe inside a Cyrillic word vanishes (Кам'янець), elsewhere it separates (l'école).
/// What is not UTF-8 separates words. Scripts are not transliterated, but see `fold_variants`.
namespace vereda::engine {

/// Appends the folded `text` to `to`. ASCII costs about a nanosecond a byte, Latin and Cyrillic
/// about three.
void fold_into(std::string& to, std::string_view text);
[[nodiscard]] std::string fold(std::string_view text);

/// The folded words of `text`, in order.
[[nodiscard]] std::vector<std::string> words(std::string_view text);

/// Further folded spellings of the words of `text` that its readers use too, without those that
/// `fold` already gives: Đorđe as djordje, Müller as mueller, Sørensen as soerensen, O'Brien as
/// obrien, and words written wholly in the Serbian or Macedonian alphabet in Latin letters (Ђорђе
/// as dorde and djordje, Петровић as petrovic). For names, not for notes: it costs some 100 ns a
/// word that is not ASCII.
[[nodiscard]] std::vector<std::string> fold_variants(std::string_view text);

/// What to index for a name: `fold` and then `fold_variants`, in one string of words.
[[nodiscard]] std::string searchable(std::string_view text);

/// A query, word by word: each word's spellings, of which one has to match. A spelling with a space
/// in it ("o brien") is a phrase. The last word is usually to be matched as a prefix.
[[nodiscard]] std::vector<std::vector<std::string>> query_words(std::string_view query);

}  // namespace vereda::engine
