#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// Dates as sheets write them, to ISO 8601. Known parts only: YYYY, YYYY-MM and --MM-DD are dates
/// too.
namespace vereda::engine {

enum class DateOrder { day_first, month_first };

struct DateReading {
    DateOrder order = DateOrder::day_first;  ///< Of 03/04/1990; ISO and written months need none.
    int this_year = 0;  ///< Years of two digits above its last two are of the century before; 0:
                        ///< they are refused.
};

enum class DateError { not_a_date, no_such_day };

/// Reads 2008-09-01, 20080901, 1/9/2008, 01.09.08, 01-Sep-08, September 1, 2008, 1 de mayo de 1990,
/// 9 мая 1985, 1976, 02/1976,
/// --02-03, with the digits of any script; a time of day behind it is left out. Months in en, es,
/// pt, fr, ru, uk, ar.
[[nodiscard]] std::expected<std::string, DateError> read_date(
    std::string_view text, const DateReading& reading);

/// From numbers that columns of their own give; 0 for a part that is not known. A day needs its
/// month.
[[nodiscard]] std::expected<std::string, DateError> make_date(int year, int month, int day);

/// Which order `text` proves: 25/12/1990 the day first, 12/25/1990 the month. Nothing if it could
/// be either or is no such date.
[[nodiscard]] std::optional<DateOrder> proven_order(std::string_view text);

/// Whether the order matters for `text`: 03/04/1990, but neither 03/03/1990 nor 1990-04-03.
[[nodiscard]] bool is_ambiguous_date(std::string_view text);

}  // namespace vereda::engine
