#pragma once

#include <cstdint>
#include <string>

#include "crypto/bytes.h"

namespace vereda::engine {

/// A field's value as people read it: the word of a code, a time as ISO 8601 (UTC). Empty for a
/// field that was cleared.
[[nodiscard]] std::string value_text(std::uint32_t field, ByteView value);

/// A field's name, or its number where no program knows it.
[[nodiscard]] std::string field_label(std::uint32_t code);

/// A time in UTC, "2026-05-03T14:07:00Z"; with ".123" when it has milliseconds.
[[nodiscard]] std::string time_text(std::int64_t unix_ms);

}  // namespace vereda::engine
