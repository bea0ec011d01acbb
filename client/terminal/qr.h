#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vereda::client {

/// `text` as a QR code drawn with half blocks, two modules to a letter, in lines of equal width
/// with the quiet zone of four modules. With `color` it is black on white whatever the terminal's
/// colors; without, it is drawn for light text on dark ground. Nothing if `text` is empty or longer
/// than a QR code holds (some 2,300 bytes). Source: ISO/IEC 18004, level M.
[[nodiscard]] std::optional<std::string> qr_code(std::string_view text, bool color);

}  // namespace vereda::client
