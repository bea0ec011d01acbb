#include "engine/schema/typed_value.h"

#include <algorithm>

#include "engine/schema/date.h"
#include "engine/schema/phone.h"
#include "engine/text/blank.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

constexpr std::string_view white = " \t\r\n\f\v";

bool is_control(char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7f;
}

std::string as_channel(std::string_view typed) {
    std::string word(typed);
    std::transform(word.begin(), word.end(), word.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    const auto code = code_of(Vocabulary::channel, word);
    return code ? std::string(word_of(Vocabulary::channel, *code)) : std::string(typed);
}

std::expected<std::string, TypedValueError> as_date(std::string_view typed) {
    if (is_ambiguous_date(typed)) return std::unexpected(TypedValueError::not_a_date);
    const DateOrder order = proven_order(typed).value_or(DateOrder::day_first);
    auto date = read_date(typed, {.order = order});
    if (!date) return std::unexpected(TypedValueError::not_a_date);
    return std::move(*date);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::string in_small_letters(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    return lower;
}

std::expected<std::string, TypedValueError> read_typed_value(
    const Field& field, std::string_view typed, std::string_view phone_region) {
    const std::string text = composed(trimmed(typed));
    if (!protocol::is_valid_utf8(text)) return std::unexpected(TypedValueError::not_text);
    const bool many_lines = field.form == ValueForm::notes || field.form == ValueForm::plain;
    if (!many_lines && std::any_of(text.begin(), text.end(), is_control))
        return std::unexpected(TypedValueError::not_text);
    if (is_blank(text)) return std::string();
    switch (field.form) {
        case ValueForm::phone:
            return normalise_phone(text, phone_region);
        case ValueForm::date:
            return as_date(text);
        case ValueForm::channel:
            return as_channel(text);
        default:
            return text;
    }
}

}  // namespace vereda::engine
