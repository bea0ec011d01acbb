#pragma once

#include <string>
#include <string_view>

namespace vereda::engine {

/// `text` in Unicode's composed form (NFC): é is one code point, however the keyboard or the sheet
/// made it. For everything that people hand in, so that what looks the same is the same bytes; not
/// for what is merged, which stays as it came. What is not UTF-8 is given back as it is. ASCII
/// costs a nanosecond a byte. Source: UAX #15.
[[nodiscard]] std::string composed(std::string_view text);

}  // namespace vereda::engine
