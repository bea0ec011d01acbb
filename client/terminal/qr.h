#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/terminal/style.h"

namespace vereda::client {

/// `text` as a QR code drawn with half blocks, two modules to a letter, in lines of equal width
/// with the quiet zone of four modules. With `color` it is black on white whatever the terminal's
/// colors; without, it is drawn for light text on dark ground. Nothing if `text` is empty or longer
/// than a QR code holds (some 2,300 bytes). Source: ISO/IEC 18004, level M.
[[nodiscard]] std::optional<std::string> qr_code(std::string_view text, bool color);

/// The code as this terminal can show it whole, an empty line below it; or, where it has too few
/// columns or lines (a picture that is wrapped or scrolled away cannot be scanned), words that say
/// so. Empty for no terminal and for what no code holds.
[[nodiscard]] std::string qr_picture(std::string_view text, const Terminal& terminal);

}  // namespace vereda::client
