#include "client/terminal/line_reader.h"

#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace vereda::client {

bool LineReader::fill() {
    if (ended_) return false;
    buffer_.erase(0, start_);
    start_ = 0;
    char piece[64 * 1024];
    ssize_t size = 0;
    do {
        size = ::read(file_, piece, sizeof piece);
    } while (size < 0 && errno == EINTR);
    if (size < 0) throw std::system_error(errno, std::generic_category(), "reading a line");
    if (size == 0) ended_ = true;
    buffer_.append(piece, static_cast<std::size_t>(size));
    return !ended_;
}

std::optional<LineReader::Line> LineReader::next() {
    Line line;
    while (true) {
        const std::size_t end = line_end();
        const bool whole = end != std::string::npos;
        const std::size_t stop = whole ? end : buffer_.size();
        if (whole || buffer_.size() - start_ > line_size_max) {
            const std::size_t room = line_size_max - line.text.size();
            line.too_long = line.too_long || stop - start_ > room;
            line.text.append(buffer_, start_, std::min(stop - start_, room));
            start_ = whole ? end + 1 : stop;
            if (whole) return line;
        }
        if (fill()) continue;
        if (start_ == buffer_.size() && line.text.empty()) return std::nullopt;
        line.text.append(buffer_, start_);
        start_ = buffer_.size();
        return line;
    }
}

bool LineReader::would_wait() {
    if (ended_ || line_end() != std::string::npos) return false;
    pollfd ready{.fd = file_, .events = POLLIN, .revents = 0};
    return ::poll(&ready, 1, 0) == 0;
}

}  // namespace vereda::client
