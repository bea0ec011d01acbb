#include "engine/sheets/formula.h"

#include <algorithm>
#include <iterator>

namespace vereda::engine {
namespace {

constexpr std::string_view beginnings[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                           "\n", "＝", "＋", "－", "＠"};

}  // namespace

bool could_be_formula(std::string_view cell) {
    cell.remove_prefix(std::min(cell.find_first_not_of('\''), cell.size()));
    return std::any_of(
        std::begin(beginnings), std::end(beginnings),
        [cell](std::string_view beginning) { return cell.starts_with(beginning); });
}

std::string shown_as_text(std::string_view cell) {
    std::string text;
    if (could_be_formula(cell)) text.push_back('\'');
    return text.append(cell);
}

std::string_view shown_as_written(std::string_view cell) {
    if (cell.starts_with('\'') && could_be_formula(cell)) cell.remove_prefix(1);
    return cell;
}

}  // namespace vereda::engine
