#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vereda::client {

/// Lines from a file descriptor, one by one as they come; longer ones than `line_size_max` are cut
/// off and marked.
class LineReader {
  public:
    static constexpr std::size_t line_size_max = 256 * 1024;

    struct Line {
        std::string text;  ///< Without its end.
        bool too_long = false;
    };

    explicit LineReader(int file) : file_(file) {}
    /// The next line; waits for it. Nothing at the end. Throws std::system_error when reading
    /// fails.
    [[nodiscard]] std::optional<Line> next();
    /// Whether `next` would have to wait: nothing whole is there.
    [[nodiscard]] bool would_wait();

  private:
    bool fill();
    [[nodiscard]] std::size_t line_end() const { return buffer_.find('\n', start_); }

    int file_;
    std::string buffer_;
    std::size_t start_ = 0;
    bool ended_ = false;
};

}  // namespace vereda::client
