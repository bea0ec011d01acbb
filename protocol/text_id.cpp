#include "protocol/text_id.h"

#include <optional>

#include "protocol/domain.h"

namespace vereda::protocol {
namespace {

constexpr std::string_view symbols = "0123456789abcdefghjkmnpqrstvwxyz*~$=u";
constexpr std::size_t digits = 12;
constexpr std::uint64_t base = 32;
constexpr std::uint64_t check_modulus = 37;
static_assert(symbols.size() == check_modulus && text_id_size == digits + 1);

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

/// The number that digits spell; nothing if one of them is none.
std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    for (const char digit : text) {
        const std::size_t value = symbols.find(digit);
        if (value >= base) return std::nullopt;
        number = number * base + value;
    }
    return number;
}

}  // namespace

std::string text_id(ByteView id) {
    const crypto::Hash hash = domain_hash("id", id);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | hash[i];
    number >>= 4;
    std::string text(text_id_size, symbols[number % check_modulus]);
    for (std::size_t i = digits; i > 0; --i, number /= base) text[i - 1] = symbols[number % base];
    return text;
}

std::string text_id(const Dot& record) {
    Bytes id(record.log.bytes.begin(), record.log.bytes.end());
    append_u64(id, record.seq.value);
    return text_id(id);
}

std::expected<std::string, TextIdError> parse_text_id(std::string_view typed) {
    if (typed.size() > 2 * text_id_size) return std::unexpected(TextIdError::wrong_length);
    std::string text = without_hyphens(typed);
    if (text.size() < text_id_prefix_min || text.size() > text_id_size) {
        return std::unexpected(TextIdError::wrong_length);
    }
    const auto number = number_of(std::string_view(text).substr(0, digits));
    if (!number) return std::unexpected(TextIdError::wrong_character);
    if (text.size() < text_id_size) return text;
    const std::size_t check = symbols.find(text.back());
    if (check == std::string_view::npos) return std::unexpected(TextIdError::wrong_character);
    if (check != *number % check_modulus) return std::unexpected(TextIdError::wrong_check);
    return text;
}

}  // namespace vereda::protocol
