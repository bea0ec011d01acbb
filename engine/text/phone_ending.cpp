#include "engine/text/phone_ending.h"

#include <algorithm>

namespace vereda::engine {
namespace {

constexpr std::string_view mark = "\u00A7";  // folded, it separates words: it is in none
constexpr std::size_t digits_max = 20;       // E.164 has 15

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string backwards(std::string_view digits) {
    digits.remove_prefix(digits.size() - std::min(digits.size(), digits_max));
    return std::string(mark).append(digits.rbegin(), digits.rend());
}

std::string_view without_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

}  // namespace

void append_phone_ending(std::string& to, std::string_view folded) {
    char last[digits_max];
    std::size_t count = 0;
    for (const char letter : folded) {
        if (is_digit(letter)) {
            last[count++ % digits_max] = letter;
        } else if (letter != ' ' && count != 0) {
            break;
        }
    }
    if (count < phone_ending_min) return;
    to.append(" ").append(mark);
    const std::size_t kept = std::min(count, digits_max);
    for (std::size_t i = 1; i <= kept; ++i) to.push_back(last[(count - i) % digits_max]);
}

std::vector<std::string> phone_endings(std::string_view digits) {
    std::vector<std::string> found;
    for (const std::string_view each : {digits, without_zeros(digits)}) {
        if (each.size() < phone_ending_min) break;
        if (found.empty() || each.size() != digits.size()) found.push_back(backwards(each));
    }
    return found;
}

}  // namespace vereda::engine
