#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vereda::engine {

enum class Faults { refused, replaced };

/// `bytes` of the encoding ICU calls `name`, as UTF-8. Nothing if ICU knows no such encoding or,
/// with Faults::refused, if a byte has no meaning in it; with Faults::replaced such a byte becomes
/// U+FFFD. Source: ICU ucnv.
[[nodiscard]] std::optional<std::string> convert_to_utf8(
    std::string_view bytes, const std::string& name, Faults faults);

/// Whether ICU converts from `name`.
[[nodiscard]] bool is_known_encoding(const std::string& name);

}  // namespace vereda::engine
