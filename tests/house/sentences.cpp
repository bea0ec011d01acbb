#include "tests/house/sentences.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

namespace vereda::house {
namespace {

constexpr std::size_t words_max = 20;
using Faults = std::vector<std::string>;

// What stands in the braces that open at `at`, if they are closed.
std::string in_braces(const std::string& text, std::size_t at) {
    int depth = 0;
    for (std::size_t end = at; end < text.size(); ++end) {
        if (text[end] == '{') ++depth;
        if (text[end] == '}' && --depth == 0) return text.substr(at, end + 1 - at);
    }
    return {};
}

void read_arguments(Use& use, const std::string& text, std::size_t behind_key) {
    static const std::regex name(R"re(\{\s*"([a-z_]+)",)re");
    const std::size_t next = text.find_first_not_of(" \n", behind_key);
    if (next == text.npos || text[next] != ',') return;
    const std::size_t list = text.find_first_not_of(" \n", next + 1);
    if (list == text.npos || text[list] != '{') {
        use.is_clear = false;
        return;
    }
    const std::string braces = in_braces(text, list);
    for (auto at = std::sregex_iterator(braces.begin(), braces.end(), name);
         at != std::sregex_iterator(); ++at)
        use.arguments.insert((*at)[1]);
}

std::vector<std::string> sentences_of_problem(const std::string& key) {
    return {"problem." + key + ".error", "problem." + key + ".why", "problem." + key + ".advice"};
}

// As the loader reads them: an apostrophe quotes nothing.
icu::UnicodeString pattern_of(const std::string& text) {
    std::string doubled;
    for (const char c : text) doubled.append(c == '\'' ? 2 : 1, c);
    return icu::UnicodeString::fromUTF8(doubled);
}

std::string utf8_of(const icu::UnicodeString& text) {
    std::string utf8;
    return text.toUTF8String(utf8);
}

/// The arguments of a pattern, each with a value for every way that it can be read.
using Samples = std::map<std::string, std::vector<icu::Formattable>>;

std::vector<icu::Formattable> samples_for(UMessagePatternArgType type) {
    if (type == UMSGPAT_ARG_TYPE_NONE) return {icu::Formattable(icu::UnicodeString("x"))};
    if (type == UMSGPAT_ARG_TYPE_SELECT) return {};
    return {icu::Formattable(1), icu::Formattable(2)};
}

Samples samples_of(const icu::MessagePattern& pattern) {
    Samples samples;
    std::vector<std::pair<std::string, UMessagePatternArgType>> open;
    for (int i = 0; i < pattern.countParts(); ++i) {
        const auto& part = pattern.getPart(i);
        if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) {
            const std::string name = utf8_of(pattern.getSubstring(pattern.getPart(i + 1)));
            open.emplace_back(name, part.getArgType());
            for (const auto& value : samples_for(part.getArgType())) samples[name].push_back(value);
        } else if (part.getType() == UMSGPAT_PART_TYPE_ARG_LIMIT) {
            open.pop_back();
        } else if (
            part.getType() == UMSGPAT_PART_TYPE_ARG_SELECTOR &&
            open.back().second == UMSGPAT_ARG_TYPE_SELECT) {
            samples[open.back().first].push_back(pattern.getSubstring(part));
        }
    }
    return samples;
}

/// Nothing where the pattern is none.
std::optional<Samples> samples_of(const std::string& text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::MessagePattern pattern(pattern_of(text), nullptr, status);
    if (U_FAILURE(status) != 0) return std::nullopt;
    return samples_of(pattern);
}

/// One value for each argument.
using Filling = std::map<std::string, icu::Formattable>;

std::vector<Filling> fillings_of(const Samples& samples) {
    std::vector<Filling> fillings{{}};
    for (const auto& [name, values] : samples) {
        std::vector<Filling> more;
        for (const Filling& filling : fillings) {
            for (const icu::Formattable& value : values) {
                more.push_back(filling);
                more.back()[name] = value;
            }
        }
        fillings = std::move(more);
    }
    return fillings;
}

std::string filled_in(const std::string& pattern, const Filling& filling) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::MessageFormat format(pattern_of(pattern), icu::Locale::getEnglish(), status);
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const auto& [name, value] : filling) {
        names.push_back(icu::UnicodeString::fromUTF8(name));
        values.push_back(value);
    }
    icu::UnicodeString words;
    format.format(names.data(), values.data(), static_cast<int>(names.size()), words, status);
    return utf8_of(words);
}

std::size_t longest_sentence(const std::string& text) {
    static const std::regex code("`[^`]*`");
    static const std::regex word(R"(\S+)");
    const std::string plain = std::regex_replace(text, code, "code");
    std::size_t longest = 0, words = 0;
    for (auto at = std::sregex_iterator(plain.begin(), plain.end(), word);
         at != std::sregex_iterator(); ++at) {
        longest = std::max(longest, ++words);
        if (std::string_view(".?!").find(at->str().back()) != std::string_view::npos) words = 0;
    }
    return longest;
}

std::string listed(const Names& names) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return "{" + list + "}";
}

void check_use(Faults& faults, const Sentences& english, const Use& use) {
    const std::string place = use.where + ": " + use.key + ": ";
    if (!use.is_clear) faults.push_back(place + "its arguments do not stand beside it");
    Names named;
    for (const std::string& sentence : use.sentences) {
        const auto found = english.find(sentence);
        if (found == english.end())
            faults.push_back(place + "there is no " + sentence);
        else
            named.merge(arguments_of(found->second));
    }
    const bool fits =
        use.is_partly ? std::ranges::includes(use.arguments, named) : named == use.arguments;
    if (use.is_clear && !fits)
        faults.push_back(
            place + "has " + listed(use.arguments) + ", its words name " + listed(named));
}

}  // namespace

std::vector<Use> uses_in(const SourceFile& file) {
    static const std::regex problem(
        R"re((?:\b(?:usage|failed|locked|not_reached|said_no)\(|\b(?:Exit::[a-z]+|exit),)\s*"([a-z_.]+)")re");
    static const std::regex other(
        R"re("((?:answer|ask|audit|column|progress|remark|sheet|status|usage)\.[a-z_.]+)")re");
    std::vector<Use> uses;
    const auto add = [&](const std::smatch& match, std::vector<std::string> sentences) {
        Use use{file.path, match[1], std::move(sentences), {}};
        const auto end = match.position() + match.length();
        read_arguments(use, file.text, static_cast<std::size_t>(end));
        uses.push_back(std::move(use));
    };
    for (auto at = std::sregex_iterator(file.text.begin(), file.text.end(), problem);
         at != std::sregex_iterator(); ++at)
        add(*at, sentences_of_problem((*at)[1]));
    for (auto at = std::sregex_iterator(file.text.begin(), file.text.end(), other);
         at != std::sregex_iterator(); ++at)
        add(*at, {(*at)[1]});
    return uses;
}

std::vector<Use> findings_in(const SourceFile& file) {
    static const std::regex code(
        R"re((?:(?:fault|note)\(\s*(?:report,\s*)?|FindingSeverity::fault, |\? |: |return )"([a-z_]+(?:\.[a-z_]+)?)")re");
    std::vector<Use> uses;
    if (!file.path.starts_with("engine/audit/") || !file.path.ends_with("audit.cpp")) return uses;
    for (auto at = std::sregex_iterator(file.text.begin(), file.text.end(), code);
         at != std::sregex_iterator(); ++at)
        uses.push_back(
            {.where = file.path,
             .key = (*at)[1],
             .sentences = {"finding." + (*at)[1].str()},
             .arguments = {"about", "count", "part"},
             .is_partly = true});
    return uses;
}

std::vector<Use> fields_in(const SourceFile& file) {
    static const std::regex name(R"re(\bField\{[^}"]*"([a-z_]+)")re");
    std::vector<Use> uses;
    if (file.path != "engine/schema/fields.cpp") return uses;
    for (auto at = std::sregex_iterator(file.text.begin(), file.text.end(), name);
         at != std::sregex_iterator(); ++at)
        uses.push_back(
            {.where = file.path,
             .key = (*at)[1],
             .sentences = {"field." + (*at)[1].str()},
             .arguments = {}});
    return uses;
}

Names arguments_of(const std::string& pattern) {
    const auto samples = samples_of(pattern);
    if (!samples) return {"?"};
    Names names;
    for (const auto& [name, values] : *samples) names.insert(name);
    return names;
}

std::size_t longest_of(const std::string& pattern) {
    std::size_t longest = 0;
    for (const Filling& filling : fillings_of(samples_of(pattern).value_or(Samples{})))
        longest = std::max(longest, longest_sentence(filled_in(pattern, filling)));
    return longest;
}

std::vector<std::string> faults_of_form(const std::string& json) {
    Faults faults;
    const auto entries = nlohmann::ordered_json::parse(json);
    std::string last;
    for (const auto& [key, text] : entries.items()) {
        if (key < last) faults.push_back(key + ": not in order");
        last = key;
        const auto pattern = text.get<std::string>();
        if (arguments_of(pattern).contains("?")) faults.push_back(key + ": not a pattern");
        const std::size_t words = longest_of(pattern);
        if (words > words_max)
            faults.push_back(key + ": a sentence of " + std::to_string(words) + " words");
    }
    const auto lines = static_cast<std::size_t>(std::ranges::count(json, '\n'));
    if (lines != entries.size() + 2) faults.push_back("not one sentence a line, or one key twice");
    return faults;
}

std::vector<std::string> faults_of_use(const Sentences& english, const std::vector<Use>& uses) {
    Faults faults;
    Names used;
    for (const Use& use : uses) {
        check_use(faults, english, use);
        used.insert(use.sentences.begin(), use.sentences.end());
    }
    for (const auto& [key, pattern] : english)
        if (!used.contains(key)) faults.push_back(key + ": no source says it");
    return faults;
}

std::vector<std::string> faults_of_translation(const Sentences& english, const Sentences& other) {
    Faults faults;
    for (const auto& [key, pattern] : other) {
        const auto original = english.find(key);
        if (original == english.end())
            faults.push_back(key + ": English has no such sentence");
        else if (arguments_of(original->second) != arguments_of(pattern))
            faults.push_back(key + ": its arguments are not the ones of the English sentence");
    }
    return faults;
}

Sentences sentences_of(const std::string& json) {
    return nlohmann::json::parse(json).get<Sentences>();
}

}  // namespace vereda::house
