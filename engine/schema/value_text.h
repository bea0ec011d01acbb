#pragma once

#include <cstdint>
#include <string>

#include "crypto/bytes.h"
#include "protocol/ids.h"

namespace vereda::engine {

/// A field's value as people read it: the word of a code, a time as ISO 8601 (UTC). Empty for a
/// field that was cleared.
[[nodiscard]] std::string value_text(std::uint32_t field, ByteView value);

/// The word of a code that the schema knows; "code 37" for one that a later version made.
[[nodiscard]] std::string term_text(bool outcome, ByteView value);

/// A field's name, or its number where no program knows it.
[[nodiscard]] std::string field_label(std::uint32_t code);

/// A time as every answer to a machine writes it, ISO 8601 in UTC with milliseconds:
/// "2026-05-03T14:07:00.000Z". Of a time outside the years 0 to 9999, the nearest of them.
[[nodiscard]] std::string time_text(protocol::Millis when);

}  // namespace vereda::engine
