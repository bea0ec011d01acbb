#include "engine/schema/date.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "engine/text/fold.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

/// The beginnings of the months' names, folded, each enough to know it. The January of one line is
/// that of all.
constexpr WordList month_names[12] = {
    WordList{"january jan enero ene janeiro janvier janv января январь янв січня січень січ يناير "
             "كانون"},
    WordList{"february feb febrero fevereiro fev fevrier fevr февраля февраль фев лютого лютии лют "
             "فبراير "
             "شباط"},
    WordList{"march mar marzo marco mars марта март мар березня березень бер مارس اذار"},
    WordList{"april apr abril abr avril avr апреля апрель апр квітня квітень кві ابريل نيسان"},
    WordList{"may mayo maio mai мая маи травня травень тра مايو ايار"},
    WordList{"june jun junio junho juin июня июнь июн червня червень чер يونيو حزيران"},
    WordList{"july jul julio julho juillet juil июля июль июл липня липень лип يوليو تموز"},
    WordList{"august aug agosto ago aout августа август авг серпня серпень сер اغسطس اب"},
    WordList{"september sep sept septiembre setembro set septembre сентября сентябрь сен вересня "
             "вересень "
             "вер سبتمبر ايلول"},
    WordList{
        "october oct octubre outubro out octobre октября октябрь окт жовтня жовтень жов اكتوبر"},
    WordList{
        "november nov noviembre novembro novembre ноября ноябрь ноя листопада листопад лис نوفمبر"},
    WordList{
        "december dec diciembre dic dezembro dez decembre декабря декабрь дек грудня грудень гру "
        "ديسمبر"},
};

/// Words between the numbers that say nothing.
constexpr WordList fillers{"de del of the st nd rd th er г год года р року рік le el عام"};

int month_of(std::string_view word) {
    for (int month = 0; month < 12; ++month) {
        if (lists_word(month_names[month], word)) return month + 1;
    }
    return 0;
}

struct Token {
    int value = 0;
    std::size_t digits = 0;  ///< 0: a month by its name.
    [[nodiscard]] bool is_month_name() const { return digits == 0; }
    [[nodiscard]] bool is_year() const { return digits == 4; }
    [[nodiscard]] bool is_short() const { return digits == 1 || digits == 2; }
};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Takes one number or month off the front of a folded word. False for what is neither.
bool take_token(std::string_view& word, std::vector<Token>& tokens) {
    std::size_t end = 1;
    while (end < word.size() && is_digit(word[end]) == is_digit(word[0])) ++end;
    const std::string_view part = word.substr(0, end);
    word.remove_prefix(end);
    if (!is_digit(part[0])) {
        const int month = month_of(part);
        if (month > 0) tokens.push_back({.value = month, .digits = 0});
        return month > 0 || lists_word(fillers, part);
    }
    Token token{.digits = part.size()};
    const auto read = std::from_chars(part.data(), part.data() + part.size(), token.value);
    tokens.push_back(token);
    return read.ec == std::errc{};
}

/// Cuts a time of day off: what begins one or two digits before the first colon.
std::string_view without_time(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return text;
    std::size_t start = colon;
    while (start > 0 && is_digit(text[start - 1])) --start;
    if (start == 0) return text;
    return text.substr(0, start - 1);
}

/// The numbers and months of `text`, or nothing if it holds anything else.
std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    for (const std::string& word : words(without_time(text))) {
        std::string_view rest = word;
        while (!rest.empty()) {
            if (!take_token(rest, tokens)) return {};
        }
    }
    return tokens;
}

int full_year(const Token& token, int this_year) {
    if (token.digits != 2) return token.value;
    const int century = this_year - this_year % 100;
    return token.value > this_year % 100 ? century - 100 + token.value : century + token.value;
}

using IsoDate = std::expected<std::string, DateError>;
constexpr auto not_a_date = std::unexpected(DateError::not_a_date);

IsoDate read_one(const Token& token) {
    if (token.digits == 8)
        return make_date(token.value / 10000, token.value / 100 % 100, token.value % 100);
    if (token.is_year()) return make_date(token.value, 0, 0);
    return not_a_date;
}

IsoDate read_two(const Token& a, const Token& b) {
    if (a.is_year() && !b.is_year())
        return b.value == 0 ? not_a_date : make_date(a.value, b.value, 0);
    if (b.is_year()) return a.value == 0 ? not_a_date : make_date(b.value, a.value, 0);
    if (a.is_month_name() && b.is_short()) return make_date(0, a.value, b.value);
    if (b.is_month_name() && a.is_short()) return make_date(0, b.value, a.value);
    return not_a_date;
}

bool is_numeric_triple(const std::vector<Token>& t) {
    return t.size() == 3 && t[0].is_short() && t[1].is_short() &&
           (t[2].is_year() || t[2].digits == 2);
}

IsoDate read_three(const std::vector<Token>& t, const DateReading& reading) {
    const auto complete = [](int year, int month, int day) -> IsoDate {
        if (month == 0 || day == 0) return std::unexpected(DateError::no_such_day);
        return make_date(year, month, day);
    };
    if (t[0].is_year() && !t[1].is_year() && t[2].is_short())
        return complete(t[0].value, t[1].value, t[2].value);
    if (!t[2].is_year() && t[2].digits != 2) return not_a_date;
    if (!t[2].is_year() && reading.this_year == 0) return not_a_date;
    const int year = full_year(t[2], reading.this_year);
    if (t[0].is_short() && t[1].is_month_name()) return complete(year, t[1].value, t[0].value);
    if (t[0].is_month_name() && t[1].is_short()) return complete(year, t[0].value, t[1].value);
    if (!is_numeric_triple(t)) return not_a_date;
    const bool day_first = reading.order == DateOrder::day_first;
    return complete(year, t[day_first ? 1 : 0].value, t[day_first ? 0 : 1].value);
}

void append_number(std::string& to, int value, std::size_t digits) {
    std::string number = std::to_string(value);
    to.append(digits - std::min(digits, number.size()), '0').append(number);
}

int days_in(int year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    return month == 2 && leap ? 29 : days[month - 1];
}

}  // namespace

IsoDate make_date(int year, int month, int day) {
    if (year == 0 && (month == 0 || day == 0)) return not_a_date;
    if (month == 0 && day != 0) return std::unexpected(DateError::no_such_day);
    const bool year_is_good = year == 0 || (year >= 1000 && year <= 9999);
    const bool month_is_good = month >= 0 && month <= 12;
    if (!year_is_good || !month_is_good || day < 0) return std::unexpected(DateError::no_such_day);
    if (day > 0 && day > days_in(year, month)) return std::unexpected(DateError::no_such_day);
    std::string iso;
    if (year == 0)
        iso = "-";
    else
        append_number(iso, year, 4);
    if (month > 0) append_number(iso += '-', month, 2);
    if (day > 0) append_number(iso += '-', day, 2);
    return iso;
}

IsoDate read_date(std::string_view text, const DateReading& reading) {
    const std::vector<Token> tokens = tokens_of(text);
    const bool without_year = text.find("--") != std::string_view::npos;
    if (without_year && tokens.size() == 2 && tokens[0].is_short() && tokens[1].is_short()) {
        return make_date(0, tokens[0].value, tokens[1].value);
    }
    if (tokens.size() == 1) return read_one(tokens[0]);
    if (tokens.size() == 2) return read_two(tokens[0], tokens[1]);
    if (tokens.size() == 3) return read_three(tokens, reading);
    return not_a_date;
}

std::optional<DateOrder> proven_order(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    if (!is_numeric_triple(tokens)) return std::nullopt;
    if (tokens[0].value > 12 && tokens[1].value <= 12) return DateOrder::day_first;
    if (tokens[1].value > 12 && tokens[0].value <= 12) return DateOrder::month_first;
    return std::nullopt;
}

bool is_ambiguous_date(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    return is_numeric_triple(tokens) && tokens[0].value <= 12 && tokens[1].value <= 12 &&
           tokens[0].value != tokens[1].value;
}

}  // namespace vereda::engine
