#include "client/words/catalogue.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <unicode/msgfmt.h>

#include "crypto/assert.h"

namespace vereda::client {
namespace {

constexpr std::string_view english = "en";

/// A doubled apostrophe stands for one, wherever it is; a single one would hide a brace behind it.
std::string with_plain_apostrophes(std::string_view pattern) {
    std::string doubled;
    for (const char c : pattern) doubled.append(c == '\'' ? 2 : 1, c);
    return doubled;
}

icu::UnicodeString unicode_of(std::string_view text) {
    return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

icu::Formattable formattable_of(const Argument& argument) {
    if (const auto* text = std::get_if<std::string>(&argument.value)) return unicode_of(*text);
    return icu::Formattable(std::get<std::int64_t>(argument.value));
}

std::string filled_in(
    const std::string& pattern, const std::string& language, const Arguments& arguments) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::MessageFormat format(
        unicode_of(pattern), icu::Locale::createFromName(language.c_str()), status);
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const Argument& each : arguments) {
        names.push_back(unicode_of(each.name));
        values.push_back(formattable_of(each));
    }
    icu::UnicodeString words;
    format.format(
        names.data(), values.data(), static_cast<std::int32_t>(names.size()), words, status);
    VEREDA_ASSERT(U_SUCCESS(status) != 0);
    std::string text;
    return words.toUTF8String(text);
}

std::string_view wanted_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* const value = std::getenv(name);
        if (value != nullptr && *value != '\0') return value;
    }
    return english;
}

bool is_there(std::span<const LanguageFile> files, std::string_view language) {
    return std::ranges::find(files, language, &LanguageFile::language) != files.end();
}

}  // namespace

std::string_view choose_language(std::span<const LanguageFile> files, std::string_view wanted) {
    const std::string_view place = wanted.substr(0, wanted.find_first_of(".@"));
    if (is_there(files, place)) return place;
    const std::string_view language = place.substr(0, place.find('_'));
    return is_there(files, language) ? language : english;
}

Catalogue::Catalogue(std::span<const LanguageFile> files, std::string_view language) {
    for (const std::string_view one : {english, language}) {
        const auto file = std::ranges::find(files, one, &LanguageFile::language);
        if (file != files.end()) take(*file);
    }
}

void Catalogue::take(const LanguageFile& file) {
    const auto sentences = nlohmann::json::parse(file.json);
    for (const auto& [key, text] : sentences.items())
        patterns_[key] = {
            with_plain_apostrophes(text.get_ref<const std::string&>()), std::string(file.language)};
}

std::string Catalogue::say(std::string_view key, const Arguments& arguments) const {
    const auto found = patterns_.find(key);
    VEREDA_ASSERT(found != patterns_.end());
    return filled_in(found->second.text, found->second.language, arguments);
}

const Catalogue& catalogue() {
    static const Catalogue words(
        language_files(), choose_language(language_files(), wanted_language()));
    return words;
}

ProblemWords in_words(const Problem& problem) {
    const auto say = [&](std::string_view part) {
        return catalogue().say(
            "problem." + problem.sentence + "." + std::string(part), problem.arguments);
    };
    return {.error = say("error"), .why = say("why"), .advice = say("advice")};
}

}  // namespace vereda::client
