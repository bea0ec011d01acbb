#include "protocol/text_id.h"

#include <optional>

#include "protocol/domain.h"

namespace vereda::protocol {
namespace {

constexpr std::string_view symbols = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view old_checks = "0123456789abcdefghjkmnpqrstvwxyz*~$=u";
constexpr std::size_t digits = 12;
constexpr std::uint64_t base = 32;
static_assert(symbols.size() == base && text_id_size == digits + 1);

/// The character that is written for what was typed.
char written(char typed) {
    const char lower = typed >= 'A' && typed <= 'Z' ? static_cast<char>(typed + 32) : typed;
    if (lower == 'i' || lower == 'l') return '1';
    return lower == 'o' ? '0' : lower;
}

std::string without_hyphens(std::string_view typed) {
    std::string text;
    for (const char character : typed) {
        if (character != '-') text += written(character);
    }
    return text;
}

bool are_digits(std::string_view text) {
    return text.find_first_not_of(symbols) == std::string_view::npos;
}

/// Twice `element` in the field of 32 elements.
std::size_t doubled(std::size_t element) {
    constexpr std::size_t reducing = 0b100101;  // x⁵ + x² + 1
    const std::size_t twice = element << 1;
    return twice < base ? twice : twice ^ reducing;
}

char check_of(std::string_view twelve) {
    std::size_t sum = 0;
    for (const char digit : twelve) sum = doubled(sum ^ symbols.find(digit));
    return symbols[sum];
}

char old_check_of(std::string_view twelve) {
    std::uint64_t number = 0;
    for (const char digit : twelve) number = number * base + symbols.find(digit);
    return old_checks[number % old_checks.size()];
}

}  // namespace

std::string text_id(ByteView id) {
    const crypto::Hash hash = domain_hash("id", id);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | hash[i];
    number >>= 4;
    std::string text(digits, symbols[0]);
    for (std::size_t i = digits; i > 0; --i, number /= base) text[i - 1] = symbols[number % base];
    return text + check_of(text);
}

std::string text_id(const Dot& record) {
    Bytes id(record.log.bytes.begin(), record.log.bytes.end());
    append_u64(id, record.seq.value);
    return text_id(id);
}

std::expected<std::string, TextIdError> parse_text_id(std::string_view typed) {
    if (typed.size() > 2 * text_id_size) return std::unexpected(TextIdError::wrong_length);
    const std::string text = without_hyphens(typed);
    if (text.size() < text_id_prefix_min || text.size() > text_id_size) {
        return std::unexpected(TextIdError::wrong_length);
    }
    const std::string start = text.substr(0, digits);
    if (!are_digits(start)) return std::unexpected(TextIdError::wrong_character);
    if (text.size() < text_id_size) return start;
    const char check = text.back();
    if (old_checks.find(check) == std::string_view::npos) {
        return std::unexpected(TextIdError::wrong_character);
    }
    if (check != check_of(start) && check != old_check_of(start)) {
        return std::unexpected(TextIdError::wrong_check);
    }
    return start + check_of(start);
}

}  // namespace vereda::protocol
