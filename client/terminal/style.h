#pragma once

#include <string>
#include <string_view>

/// What a stream of ours leads to, and color for people who see it. Standard output and standard
/// error are judged apart: one may be a file while the other is a terminal.
namespace vereda::client {

enum class Stream { out, err };

struct Terminal {
    bool is_terminal = false;  ///< One that can move its cursor: not TERM=dumb.
    bool color = false;        ///< A terminal, and NO_COLOR unset or empty. Source: no-color.org.
    int width = 0;   ///< Columns; 0 when it is no terminal, 80 when a terminal does not say.
    int height = 0;  ///< Lines; 0 when it is no terminal or does not say.
};

/// Looked up at every call, because people resize windows.
[[nodiscard]] Terminal terminal_of(Stream stream);

/// The rule of `terminal_of`, on values; a null pointer is a variable that is not set.
[[nodiscard]] Terminal judge_terminal(
    bool is_terminal, const char* term, const char* no_color, int width, int height = 0);

/// Wraps text in ANSI colors, or leaves it alone.
class Style {
  public:
    explicit Style(bool color) : color_(color) {}

    [[nodiscard]] std::string bold(std::string_view text) const { return wrap("1", text); }
    [[nodiscard]] std::string faint(std::string_view text) const { return wrap("2", text); }
    [[nodiscard]] std::string good(std::string_view text) const { return wrap("32", text); }
    [[nodiscard]] std::string warning(std::string_view text) const { return wrap("33", text); }
    [[nodiscard]] std::string bad(std::string_view text) const { return wrap("31", text); }

  private:
    [[nodiscard]] std::string wrap(std::string_view code, std::string_view text) const;
    bool color_;
};

}  // namespace vereda::client
