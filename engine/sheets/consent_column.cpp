#include "engine/sheets/consent_column.h"

#include <algorithm>

#include "engine/schema/channels.h"
#include "engine/text/fold.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

/// What stands before or behind the channel, folded and without spaces.
constexpr std::string_view asking[] = {
    "consent",    "consentto",     "optin",      "optedin",      "optinto",        "okto",
    "mayi",       "maywe",         "can",        "cancontact",   "accepts",        "agreesto",
    "permission", "permissionto",  "subscribed", "subscribedto", "consentimiento", "acepta",
    "autoriza",   "consentimento", "aceita",     "consentement", "accepte",        "согласие",
    "согласиена", "згода",         "згодана",    "saglasnost",   "موافقه",         "الموافقهعلي"};
/// Only before it: "Phone no" is a number.
constexpr std::string_view refusing_before[] = {"donot", "dont",  "no", "nao", "naoquer",
                                                "nepas", "pasde", "не", "ні",  "عدم"};
constexpr std::string_view refusing[] = {
    "optout",           "optedout", "optoutof",  "unsubscribed", "unsubscribe",
    "unsubscribedfrom", "stop",     "withdrawn", "refuses",      "baja",
    "bajade",           "отказот",  "отказ",     "відмова"};
constexpr std::string_view refusing_all[] = {
    "donotcontact",  "optout",         "isoptout",       "optedout",     "unsubscribed",
    "nocontactar",   "nocontact",      "baja",           "naocontactar", "nepascontacter",
    "несвязываться", "неконтактувати", "неповязуватись", "عدمالتواصل"};

constexpr WordList yes_words{
    "yes y true t 1 x on ok si s sim oui o vrai verdadero da да д так т نعم"};
constexpr WordList no_words{"no n false f 0 off nao non faux falso ne нет н ні لا"};
constexpr WordList given_words{"given granted optedin optin subscribed consented согласен згоден"};
constexpr WordList withdrawn_words{
    "withdrawn revoked optedout optout unsubscribed refused declined stop baja retirado retire "
    "отозвано відкликано"};

template <std::size_t size>
bool lists(const std::string_view (&list)[size], std::string_view word) {
    return std::ranges::find(list, word) != std::end(list);
}

constexpr std::size_t words_max =
    8;  // a longer title is a question of its own, and time grows with the third power

struct Split {
    std::string_view channel;
    std::string before;
    std::string behind;

    [[nodiscard]] bool asks() const { return says(asking); }
    [[nodiscard]] bool refuses() const {
        return says(refusing) || (behind.empty() && lists(refusing_before, before));
    }

  private:
    template <std::size_t size>
    bool says(const std::string_view (&list)[size]) const {
        return lists(list, behind.empty() ? before : before.empty() ? behind : before + behind);
    }
};

std::string joined(const std::vector<std::string>& title, std::size_t from, std::size_t to) {
    std::string all;
    for (std::size_t i = from; i < to; ++i) all += title[i];
    return all;
}

/// Every way to see a channel's word in `title`.
std::vector<Split> splits(const std::vector<std::string>& title) {
    std::vector<Split> found;
    if (title.size() > words_max) return found;
    for (std::size_t first = 0; first < title.size(); ++first) {
        for (std::size_t end = first + 1; end <= title.size(); ++end) {
            const std::string word = joined(title, first, end);
            if (const auto channel = channel_of_plain(word)) {
                found.push_back(
                    {*channel, joined(title, 0, first), joined(title, end, title.size())});
            }
        }
    }
    return found;
}

/// Opt-in and e-mail are one word each: the hyphen is no boundary there.
std::vector<std::string> title_words(std::string_view title) {
    std::vector<std::string> found;
    for (std::string& word : words(title)) {
        if (word == "mail" && !found.empty() && found.back() == "e")
            found.back() = "email";
        else
            found.push_back(std::move(word));
    }
    return found;
}

}  // namespace

std::optional<ConsentColumn> consent_column(std::string_view title) {
    if (lists(refusing_all, plain_title(title))) {
        return ConsentColumn{.channels = every_channel(), .asks_for_consent = false};
    }
    for (const Split& split : splits(title_words(title))) {
        if (!split.asks() && !split.refuses()) continue;
        return ConsentColumn{
            .channels = {std::string(split.channel)}, .asks_for_consent = split.asks()};
    }
    return std::nullopt;
}

std::optional<std::string_view> channel_in_title(std::string_view title) {
    if (!title.starts_with(consent_title)) return std::nullopt;
    return title.substr(consent_title.size());
}

ConsentAnswer consent_answer(const ConsentColumn& column, std::string_view cell) {
    std::string word = plain_title(cell);
    for (const std::string_view tick : {"✓", "✔", "☑", "✅"}) {
        if (cell.find(tick) != std::string_view::npos) word = "yes";
    }
    if (word.empty()) return ConsentAnswer::none;
    if (lists_word(withdrawn_words, word)) return ConsentAnswer::withdrawn;
    const bool asks = column.asks_for_consent;
    if (lists_word(given_words, word)) return asks ? ConsentAnswer::given : ConsentAnswer::none;
    if (lists_word(yes_words, word)) return asks ? ConsentAnswer::given : ConsentAnswer::withdrawn;
    if (lists_word(no_words, word)) return asks ? ConsentAnswer::withdrawn : ConsentAnswer::none;
    return ConsentAnswer::unclear;
}

}  // namespace vereda::engine
