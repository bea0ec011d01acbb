#pragma once

// Lives here: every sentence for people, in every language, by a key and arguments.
// Begin: here, and `en.json`.
// Must not know: what a sentence is about.

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "client/desk/problems/problem.h"
#include "client/desk/problems/sentence.h"

/// Every sentence for people, by a key and arguments. A language is a file, client/words/*.json:
/// key → ICU MessageFormat with named arguments, sorted, one sentence a line. The build embeds the
/// files into the program (cmake/words.cmake).
///
/// One thing differs from ICU: an apostrophe is an apostrophe. It quotes nothing, so that
/// "l'{place}" has its argument filled in.
namespace vereda::client {

struct LanguageFile {
    std::string_view language;  ///< As the file is named: "en", "pt_BR".
    std::string_view json;
};

/// The files of this program.
[[nodiscard]] std::span<const LanguageFile> language_files();

/// The one of `files` that fits what the environment wants, such as "sw_KE.UTF-8"; else English.
[[nodiscard]] std::string_view choose_language(
    std::span<const LanguageFile> files, std::string_view wanted);

/// The sentences of one language. What it lacks is said in English.
class Catalogue {
  public:
    Catalogue(std::span<const LanguageFile> files, std::string_view language);
    /// The sentence with its arguments filled in. `key` is in the English file, as
    /// tests/house/sentences_test.cpp makes sure.
    [[nodiscard]] std::string say(std::string_view key, const Arguments& arguments = {}) const;
    [[nodiscard]] std::string say(const Sentence& sentence) const {
        return say(sentence.key, sentence.arguments);
    }

  private:
    struct Pattern {
        std::string text;
        std::string language;  ///< For its plurals and numbers.
    };
    void take(const LanguageFile& file);

    std::map<std::string, Pattern, std::less<>> patterns_;
};

/// The program's, in the language of LC_ALL, LC_MESSAGES or LANG.
[[nodiscard]] const Catalogue& catalogue();

/// What people read of a problem: what happened, why, what to do now.
struct ProblemWords {
    std::string error;
    std::string why;
    std::string advice;
};
[[nodiscard]] ProblemWords in_words(const Problem& problem);

}  // namespace vereda::client
