#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/house/source_tree.h"

/// The sentences for people (client/words/*.json), and where the sources say them.
///
/// | in the sources                                 | sentences                                  |
/// |------------------------------------------------|--------------------------------------------|
/// | failed("no_key"), usage, locked, not_reached,  | problem.no_key.error, problem.no_key.why,  |
/// | said_no, Exit::…, "no_key"                     | problem.no_key.advice                      |
/// | "remark.renamed", "answer.added"               | the same                                   |
/// | fault("gap"), note("pending.author") in an     | finding.gap, finding.pending.author        |
/// | audit, "lost.unknown" of a mishap              |                                            |
/// | Field{12, …, "postal_code"} of the schema      | field.postal_code                          |
///
/// The arguments stand behind the key, as a list in braces: {{"file", path}, {"line", 7}}.
namespace vereda::house {

using Names = std::set<std::string>;
/// Key → ICU MessageFormat.
using Sentences = std::map<std::string, std::string>;

/// One place where a source says something.
struct Use {
    std::string where;  ///< Its file.
    std::string key;
    std::vector<std::string> sentences;  ///< One, or the three of a problem.
    Names arguments;
    bool is_clear = true;    ///< The arguments can be read beside the key, or there are none.
    bool is_partly = false;  ///< The sentence names as many of the arguments as it likes.
};

[[nodiscard]] std::vector<Use> uses_in(const SourceFile& file);
/// What an audit finds (engine/audit), whose sentences client/answers/audit_answer.cpp says.
[[nodiscard]] std::vector<Use> findings_in(const SourceFile& file);
/// Fields of the schema (engine/schema/fields.cpp), whose names client/answers/contact_answer.cpp
/// says.
[[nodiscard]] std::vector<Use> fields_in(const SourceFile& file);

/// The arguments that a sentence names. A pattern that is none has the one argument "?".
[[nodiscard]] Names arguments_of(const std::string& pattern);

/// Words of the longest sentence in a pattern, whatever its plurals; code in `` is one word.
[[nodiscard]] std::size_t longest_of(const std::string& pattern);

/// What is wrong with the form of the file: order, lines, patterns, length.
[[nodiscard]] std::vector<std::string> faults_of_form(const std::string& json);

/// What the sources say and the file does not have; arguments that differ; sentences unused.
[[nodiscard]] std::vector<std::string> faults_of_use(
    const Sentences& english, const std::vector<Use>& uses);

/// What another language has and English does not, and arguments that differ.
[[nodiscard]] std::vector<std::string> faults_of_translation(
    const Sentences& english, const Sentences& other);

[[nodiscard]] Sentences sentences_of(const std::string& json);

}  // namespace vereda::house
