#pragma once

#include <map>
#include <set>

#include "engine/log/mishaps.h"
#include "engine/workspace/log_writer.h"

namespace vereda::engine {

/// Open entries that do not open any more. Each is set aside and named to its owner; in its place
/// goes a void entry, which every reader reads past: so the numbers stay gap-free, and the entries
/// beside it keep their names (docs/decisions/0016-rotten-entries-become-void.md).
class RottenEntries {
  public:
    RottenEntries(
        LogStore& store, const LogWriter& writer, const Sealer& sealer, Mishaps mishaps,
        protocol::Millis now, const std::set<LogOrdinal>& cut)
        : store_(store),
          writer_(writer),
          sealer_(sealer),
          mishaps_(mishaps),
          now_(now),
          cut_(cut) {}

    /// In the caller's transaction. True when it changed something: read the log again.
    [[nodiscard]] bool set_aside();
    /// Not all of it came back.
    [[nodiscard]] bool has_lost() const { return has_lost_; }

  private:
    struct Row {
        OpenEntry entry;
        bool opens = false;
        bool used = false;
    };
    void load();
    void fill_log(LogOrdinal log);
    [[nodiscard]] protocol::Seq first_of(LogOrdinal log) const;
    [[nodiscard]] Row* row_at(LocalDot dot);
    [[nodiscard]] bool goes_on(LogOrdinal log, protocol::Seq after) const;
    [[nodiscard]] bool bring_back(LocalDot dot);
    void fill_with_void(LocalDot dot);
    void drop_strays();
    [[nodiscard]] bool opens(LocalDot dot, ByteView sealed) const;
    [[nodiscard]] std::string place_of(LocalDot dot) const;

    LogStore& store_;
    const LogWriter& writer_;
    const Sealer& sealer_;
    Mishaps mishaps_;
    protocol::Millis now_;
    const std::set<LogOrdinal>& cut_;  ///< Logs that lack blocks before their open entries.
    std::map<LocalDot, Row> rows_;
    bool changed_ = false;
    bool has_lost_ = false;
};

}  // namespace vereda::engine
