#include "client/terminal/style.h"

#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace vereda::client {
namespace {

constexpr int usual_width = 80;

winsize size_of(int descriptor) {
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return {};
    return size;
}

}  // namespace

Terminal judge_terminal(
    bool is_terminal, const char* term, const char* no_color, int width, int height) {
    const bool dumb =
        term == nullptr || std::string_view(term).empty() || std::string_view(term) == "dumb";
    if (!is_terminal || dumb) return {};
    const bool refused = no_color != nullptr && no_color[0] != '\0';
    return {
        .is_terminal = true,
        .color = !refused,
        .width = width > 0 ? width : usual_width,
        .height = height};
}

Terminal terminal_of(Stream stream) {
    const int descriptor = stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO;
    const winsize size = size_of(descriptor);
    return judge_terminal(
        isatty(descriptor) == 1, std::getenv("TERM"), std::getenv("NO_COLOR"), size.ws_col,
        size.ws_row);
}

std::string Style::wrap(std::string_view code, std::string_view text) const {
    if (!color_ || text.empty()) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace vereda::client
