#include "engine/queries/search_expression.h"

#include <algorithm>
#include <span>
#include <vector>

#include "engine/text/fold.h"
#include "engine/text/phone_ending.h"

namespace vereda::engine {
namespace {

using QueryWord = std::vector<std::string>;  // its spellings
using Alternatives = std::vector<std::string>;

constexpr std::size_t parts_max = 8;  // a telephone number has five or six

// One spelling as FTS5 reads it: folded words have no quotes in them.
std::string phrase(std::string_view spelling, bool begun) {
    return "\"" + std::string(spelling) + "\"" + (begun ? "*" : "");
}

std::string joined(const Alternatives& terms, std::string_view between) {
    std::string all;
    for (const std::string& term : terms) all.append(all.empty() ? "" : between).append(term);
    return terms.size() > 1 ? "(" + all + ")" : all;
}

// An index without positions knows no phrases.
std::string apart(const std::string& spelling, bool begun) {
    Alternatives words;
    for (std::size_t at = 0; at <= spelling.size();) {
        const std::size_t end = std::min(spelling.find(' ', at), spelling.size());
        words.push_back(phrase(spelling.substr(at, end - at), begun && end == spelling.size()));
        at = end + 1;
    }
    return joined(words, " AND ");
}

bool is_number(const QueryWord& word) {
    return std::ranges::all_of(word.front(), [](char c) { return c >= '0' && c <= '9'; });
}

// +44 (0)20 …: the zero is for those who call from within the country.
std::string without_trunk_zero(std::string_view typed) {
    std::string text(typed);
    const std::size_t at = text.find("(0)");
    if (at != std::string::npos) text.replace(at, 3, " ");
    return text;
}

/// Puts a query's words together, one or a row of numbers at a time.
class Expression {
  public:
    Expression(std::span<const QueryWord> words, SearchedTable table)
        : words_(words), table_(table) {}

    std::string text() const {
        Alternatives terms;
        for (std::size_t at = 0; at < words_.size();) {
            const std::size_t end = end_of_numbers(at);
            terms.push_back(end - at > 1 ? numbers(at, end) : word(at));
            at = std::max(end, at + 1);
        }
        return joined(terms, " AND ");
    }

  private:
    [[nodiscard]] std::size_t end_of_numbers(std::size_t at) const {
        while (at < words_.size() && is_number(words_[at])) ++at;
        return at;
    }

    [[nodiscard]] bool begun(std::size_t at) const { return at + 1 == words_.size(); }

    [[nodiscard]] std::string word(std::size_t at) const {
        Alternatives either;
        for (const std::string& spelling : words_[at]) {
            either.push_back(
                table_ == SearchedTable::contact_words ? phrase(spelling, begun(at))
                                                       : apart(spelling, begun(at)));
        }
        if (is_number(words_[at])) add_endings(either, words_[at].front());
        return joined(either, " OR ");
    }

    // Each by itself, or all of them one number, or all but the first few.
    [[nodiscard]] std::string numbers(std::size_t first, std::size_t end) const {
        Alternatives either;
        Alternatives before;
        const std::size_t last_start = end - first > parts_max ? first : end - 2;
        for (std::size_t start = first; start < end; ++start) {
            if (start <= last_start) {
                Alternatives these = before;
                these.push_back(one_number(start, end));
                either.push_back(joined(these, " AND "));
            }
            before.push_back(word(start));
        }
        either.push_back(joined(before, " AND "));
        return joined(either, " OR ");
    }

    [[nodiscard]] std::string one_number(std::size_t first, std::size_t end) const {
        std::string number;
        for (std::size_t i = first; i < end; ++i) number += words_[i].front();
        Alternatives either{phrase(number, begun(end - 1))};
        add_endings(either, number);
        return joined(either, " OR ");
    }

    void add_endings(Alternatives& either, std::string_view number) const {
        if (table_ != SearchedTable::contact_words) return;
        for (const std::string& ending : phone_endings(number))
            either.push_back(phrase(ending, true));
    }

    std::span<const QueryWord> words_;
    SearchedTable table_;
};

}  // namespace

std::string search_expression(std::string_view typed, SearchedTable table) {
    const std::vector<QueryWord> words = query_words(without_trunk_zero(typed));
    return Expression(words, table).text();
}

}  // namespace vereda::engine
