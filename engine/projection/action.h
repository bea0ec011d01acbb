#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "crypto/bytes.h"
#include "engine/log/local_dot.h"
#include "engine/merge/stub.h"
#include "protocol/event.h"

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

struct Action;
/// Whether the entry is to stay in the log as a whole (projection/deferred_entries.h).
[[nodiscard]] bool stays_in_log(const Action& action);

/// One entry on its way into the projection, its references resolved.
struct Action {
    protocol::EventType type{};
    std::uint64_t version = 1;
    bool critical = false;
    TurfNumber turf;
    LocalDot dot;
    LocalDot record;
    bool record_proven = false;  ///< Its author has proven to have seen the record.
    LocalDot parent;             ///< None where the entry has none.
    std::int64_t said_ms = 0;    ///< As its author's clock said and the entry has it.
    std::int64_t time_ms = 0;    ///< The same, not after the hub's acceptance: for display only,
        ///< since who has not heard of the acceptance yet sees another one.
    ByteView body;
    const ReferenceTable* references = nullptr;
    TextForm texts = TextForm::keyed;  ///< In which the projection keeps what the entry says.
    bool by_coordinator = false;       ///< Its author was one, at the roster position of the block.
};

/// What became of an entry here. All but `applied` are exceptions to the frontier: kept, shown and
/// counted.
enum class EntryStatus : std::uint8_t {
    applied = 0,
    pending = 1,   ///< Its block does not open here (yet).
    withheld = 2,  ///< Its slot is empty and no order names it.
    /// Its author might not write this, at the roster position the block had seen.
    no_authority = 3,
    unknown = 4,  ///< A type that a later version makes; harmless to go on without.
    /// The same, but its record is read-only here until this program is newer.
    unknown_critical = 5,
    malformed = 6,  ///< Its author signed something that is not what its type says.
    foreign = 7,    ///< It names a record of another turf.
    erased = 8,     ///< An order took it away. Nothing sets it yet.
};

[[nodiscard]] std::string_view to_word(EntryStatus status);

}  // namespace vereda::engine
