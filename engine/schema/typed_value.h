#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "engine/schema/fields.h"

namespace vereda::engine {

enum class TypedValueError {
    not_text,    ///< No valid UTF-8, or with control characters where only a line is wanted.
    not_a_date,  ///< Or one that could be two: 3/4/1990.
};

/// A value of `field` as it is kept: trimmed and composed (NFC); phones in E.164, dates in ISO
/// 8601, a channel by its word. Empty when nothing was typed that shows. `phone_region` is ISO 3166
/// and may be empty.
[[nodiscard]] std::expected<std::string, TypedValueError> read_typed_value(
    const Field& field, std::string_view typed, std::string_view phone_region);

/// Without the white space around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// With its letters from A to Z made small; others stay as they are.
[[nodiscard]] std::string in_small_letters(std::string_view text);

}  // namespace vereda::engine
