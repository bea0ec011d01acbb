#include "engine/schema/rounded_number.h"

#include <algorithm>

namespace vereda::engine {

bool is_rounded_number(std::string_view cell) {
    const auto skip_digits = [&cell] {
        const std::size_t end = std::min(cell.find_first_not_of("0123456789"), cell.size());
        cell.remove_prefix(end);
        return end > 0;
    };
    if (!skip_digits()) return false;
    if (cell.starts_with('.') || cell.starts_with(',')) {
        cell.remove_prefix(1);
        if (!skip_digits()) return false;
    }
    if (!cell.starts_with("E+") && !cell.starts_with("e+")) return false;
    cell.remove_prefix(2);
    return skip_digits() && cell.empty();
}

}  // namespace vereda::engine
