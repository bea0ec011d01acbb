#include "client/terminal/progress.h"

#include <algorithm>
#include <chrono>
#include <iostream>

#include "client/desk/times/duration.h"
#include "client/terminal/display_text.h"

namespace vereda::client {
namespace {

constexpr std::int64_t patience_ms = 1000;
constexpr std::int64_t redraw_ms = 100;
constexpr int bar_width = 24;

std::int64_t steady_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string bar(std::uint64_t done, std::uint64_t total) {
    const auto filled = static_cast<int>(std::min(done, total) * bar_width / total);
    std::string text;
    for (int i = 0; i < bar_width; ++i) text += i < filled ? "━" : "─";
    return text;
}

}  // namespace

Progress::Progress(std::string label, std::uint64_t total)
    : Progress(std::move(label), total, std::cerr, terminal_of(Stream::err), steady_ms) {}

Progress::Progress(
    std::string label, std::uint64_t total, std::ostream& out, Terminal terminal, Now now)
    : label_(printable(label)),
      total_(total),
      out_(out),
      terminal_(terminal),
      now_(std::move(now)),
      started_ms_(now_()) {}

Progress::~Progress() { clear(); }

void Progress::advance_to(std::uint64_t done) {
    done_ = done;
    if (!terminal_.is_terminal) return;
    const std::int64_t now = now_();
    if (now - started_ms_ < patience_ms || (visible_ && now - drawn_ms_ < redraw_ms)) return;
    drawn_ms_ = now;
    visible_ = true;
    out_ << "\r\x1b[K" << shortened(line(now - started_ms_), std::max(terminal_.width - 1, 1))
         << std::flush;
}

void Progress::clear() {
    if (!visible_) return;
    out_ << "\r\x1b[K" << std::flush;
    visible_ = false;
}

std::string Progress::line(std::int64_t elapsed_ms) const {
    if (total_ == 0) return label_ + "  " + std::to_string(done_);
    const std::uint64_t percent = std::min(done_, total_) * 100 / total_;
    std::string text = label_ + "  " + bar(done_, total_) + "  " + std::to_string(percent) + " %";
    if (done_ == 0 || done_ >= total_) return text;
    const double left = static_cast<double>(elapsed_ms) * static_cast<double>(total_ - done_) /
                        static_cast<double>(done_);
    return text + "  about " + format_duration(static_cast<std::int64_t>(left) + 999) + " left";
}

}  // namespace vereda::client
