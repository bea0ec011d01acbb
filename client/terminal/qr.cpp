#include "client/terminal/qr.h"

#include <algorithm>
#include <memory>
#include <qrencode.h>

#include "client/terminal/display_text.h"

namespace vereda::client {
namespace {

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

constexpr int quiet_zone = 4;
constexpr std::size_t qr_text_max = 2331;  // bytes in version 40 at level M

class Modules {
  public:
    explicit Modules(const QRcode& code) : code_(code) {}

    [[nodiscard]] int begin() const { return -quiet_zone; }
    [[nodiscard]] int end() const { return code_.width + quiet_zone; }
    [[nodiscard]] bool is_dark(int row, int column) const {
        if (row < 0 || column < 0 || row >= code_.width || column >= code_.width) return false;
        return (code_.data[row * code_.width + column] & 1) != 0;
    }

  private:
    const QRcode& code_;
};

/// Two modules above each other; what is drawn is light, the ground is dark.
const char* half_blocks(bool upper_dark, bool lower_dark) {
    if (upper_dark && lower_dark) return " ";
    if (upper_dark) return "▄";
    if (lower_dark) return "▀";
    return "█";
}

}  // namespace

std::optional<std::string> qr_code(std::string_view text, bool color) {
    if (text.empty() || text.size() > qr_text_max) return std::nullopt;
    const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeData(
        static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0,
        QR_ECLEVEL_M));
    if (!code) return std::nullopt;
    const Modules modules(*code);
    std::string drawn;
    for (int row = modules.begin(); row < modules.end(); row += 2) {
        if (color) drawn += "\x1b[97;40m";
        for (int column = modules.begin(); column < modules.end(); ++column) {
            const bool below_end = row + 1 >= modules.end();
            drawn += half_blocks(
                modules.is_dark(row, column), below_end || modules.is_dark(row + 1, column));
        }
        drawn += color ? "\x1b[0m\n" : "\n";
    }
    return drawn;
}

std::string qr_picture(std::string_view text, const Terminal& terminal) {
    if (!terminal.is_terminal) return {};
    const auto plain = qr_code(text, false);
    if (!plain) return {};
    const int columns = display_width(std::string_view(*plain).substr(0, plain->find('\n')));
    const auto lines = static_cast<int>(std::ranges::count(*plain, '\n'));
    const bool fits =
        columns <= terminal.width && (terminal.height == 0 || lines < terminal.height);
    if (fits) return qr_code(text, terminal.color).value_or("") + "\n";
    return "The QR picture is left out: it takes " + std::to_string(columns) + " columns and " +
           std::to_string(lines + 1) + " lines, and this terminal has " +
           std::to_string(terminal.width) + " and " + std::to_string(terminal.height) +
           ". In a larger window, `vereda invite` makes another code with its picture.\n\n";
}

}  // namespace vereda::client
