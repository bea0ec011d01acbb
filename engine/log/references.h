#pragma once

#include <utility>
#include <vector>

#include "engine/log/local_dot.h"
#include "protocol/log/event.h"

/// What entries name, as this laptop numbers it.
namespace vereda::engine {

/// A turf's number on this laptop; 0 is `common`. Never leaves the laptop.
struct TurfNumber {
    std::uint32_t value = 0;
    auto operator<=>(const TurfNumber&) const = default;
};

/// Turns the references of an entry into dots. In a block, index 0 is the entry's own log and index
/// i the i-th log of the block's table, as far as its author had seen it; in an entry that is still
/// open, an index is a log's ordinal.
class ReferenceTable {
  public:
    /// What lies under another name, where a log forked: the entries before `end`.
    struct Earlier {
        protocol::Seq end;
        LogOrdinal log;
    };
    /// A log as far as it had been seen; `earlier` from the last parting back, mostly empty.
    struct Row {
        LogOrdinal log;
        protocol::Seq seen;
        std::vector<Earlier> earlier{};
        /// The block that holds `seen` stands here: what is taken away through the row counts
        /// (docs/protocol.md "What a row proves").
        bool proven = false;
    };
    /// What a reference names, and whether it is proven.
    struct Named {
        LocalDot dot;
        bool proven = false;
    };

    ReferenceTable(Row own, std::vector<Row> rows) : own_(std::move(own)), rows_(std::move(rows)) {}
    /// For open entries of the log `own`.
    [[nodiscard]] static ReferenceTable of_ordinals(LogOrdinal own) {
        ReferenceTable table(Row{own, {}}, {});
        table.of_ordinals_ = true;
        return table;
    }

    /// The dot that `reference` names; none when it is beyond the table, or beyond what its author
    /// had seen.
    [[nodiscard]] LocalDot resolve(const protocol::Reference& reference) const;
    /// The same as the entry `by` of this block or log means it. Index 0 proves what came before.
    [[nodiscard]] Named resolve(const protocol::Reference& reference, LocalDot by) const;
    [[nodiscard]] LogOrdinal own() const { return own_.log; }

  private:
    [[nodiscard]] static LocalDot dot_in(const Row& row, protocol::Seq seq);

    Row own_;
    std::vector<Row> rows_;
    bool of_ordinals_ = false;
};

/// `dot` as an open entry of the log `own` writes it.
[[nodiscard]] inline protocol::Reference open_reference(LocalDot dot, LogOrdinal own) {
    return {dot.log() == own ? 0 : dot.log().value, dot.seq()};
}

}  // namespace vereda::engine
