#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "client/terminal/style.h"

namespace vereda::client {

/// A bar on standard error for whoever waits longer than a second; nothing at all where that is no
/// terminal. It draws at most ten times a second and takes its line away when it ends.
class Progress {
  public:
    /// Milliseconds of a clock that only goes forward.
    using Now = std::function<std::int64_t()>;

    /// `total` 0: not known; then a count is shown instead of a bar.
    Progress(std::string label, std::uint64_t total);
    Progress(std::string label, std::uint64_t total, std::ostream& out, Terminal terminal, Now now);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` of `total`; cheap enough to be called for every row.
    void advance_to(std::uint64_t done);
    void advance() { advance_to(done_ + 1); }
    /// Takes the line away, for a message to be written in its place; a later `advance` draws it
    /// again.
    void clear();

  private:
    [[nodiscard]] std::string line(std::int64_t elapsed_ms) const;

    std::string label_;
    std::uint64_t total_;
    std::uint64_t done_ = 0;
    std::ostream& out_;
    Terminal terminal_;
    Now now_;
    std::int64_t started_ms_;
    std::int64_t drawn_ms_ = 0;
    bool visible_ = false;
};

}  // namespace vereda::client
