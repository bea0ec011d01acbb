#pragma once

#include <map>

#include "protocol/ids.h"

/// How far every log is known: logs are gap-free prefixes, so one number each says all that was
/// seen.
namespace vereda::protocol {

class Frontier {
  public:
    /// The last seq known of `log`; 0 when none is.
    [[nodiscard]] Seq of(const LogId& log) const;
    /// True when the entry is among those known.
    [[nodiscard]] bool covers(const Dot& dot) const;
    /// True when everything that `other` knows is known here.
    [[nodiscard]] bool includes(const Frontier& other) const;

    /// Raises a log to `last`; a lower seq than the known one changes nothing.
    void raise(const LogId& log, Seq last);
    /// Raises every log to what `other` knows.
    void join(const Frontier& other);

    /// By log, ascending; every seq is at least 1.
    [[nodiscard]] const std::map<LogId, Seq>& logs() const { return logs_; }

    bool operator==(const Frontier&) const = default;

  private:
    std::map<LogId, Seq> logs_;
};

}  // namespace vereda::protocol
