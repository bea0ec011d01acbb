#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/merge/record_state.h"
#include "engine/projection/applied_frontier.h"
#include "engine/projection/deferred_entries.h"
#include "engine/projection/entry_texts.h"
#include "engine/projection/record_shelf.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// One visit, call or meeting as it stands.
struct InteractionRow {
    LocalDot id;
    LocalDot contact;   ///< None: written to, but not created here yet.
    TurfNumber turf;    ///< That of its log; until it is created, that of who wrote to it.
    LocalDot previous;  ///< The entry before it in its contact's history.
    /// Some of its entries stay in the log. Only `load` adds them; elsewhere `state` lacks them.
    bool deferred = false;
    bool touched = false;  ///< More than its creating entry has written to it.
    RecordState state;     ///< Kind, outcome, note and time as registers.
};

/// What an interaction shows, the latest value of each field.
struct InteractionView {
    LocalDot id;
    LocalDot contact;
    std::int64_t at_ms = 0;
    std::string kind;
    std::string outcome;
    std::string note;
    bool retracted = false;
    std::vector<std::uint32_t> conflicts;  ///< Fields with other values besides the one above.
};

/// The interactions' rows. Most are created and never touched again: one insert, no state.
class Interactions {
  public:
    /// Interactions of more items than `items_max`, or of more than 16 KiB, lie in parts.
    Interactions(
        Database& database, const AppliedFrontier& frontier, DeferredEntries& deferred,
        bool index_notes, std::size_t items_max);

    void create(const Action& action, const protocol::InteractionCreate& event, LocalDot previous);
    /// Its texts are whole, read from the log where they stayed there.
    [[nodiscard]] std::optional<InteractionRow> load(LocalDot id);
    /// Lets `apply(MergeTarget&, const AppliedDots&)` change the interaction. When nothing is known
    /// of `id` yet, it becomes an interaction of `turf`.
    template <class Apply>
    void change(LocalDot id, TurfNumber turf, Apply apply);
    /// Notes that `entry` changes the interaction and stays in the log.
    void defer(LocalDot record, TurfNumber turf, LocalDot entry);
    /// Brings up to date what large interactions show. Call it before anything else reads the
    /// tables.
    void settle();
    /// The words by which search finds an interaction.
    [[nodiscard]] static std::string note_words_of(const RecordState& state);
    [[nodiscard]] std::optional<InteractionView> view(LocalDot id);
    void load_orphans(Database& database);
    /// Where long texts are read; must outlive this.
    void read_texts_from(EntryTexts* texts) { texts_ = texts; }
    /// What the creating entry wrote counts as written then.
    void restamp(LocalDot id, std::int64_t time_ms);

  private:
    struct Taken {
        InteractionRow row;
        std::string words;  ///< Search finds it by these at present.
    };
    [[nodiscard]] std::optional<InteractionRow> load_row(LocalDot id);
    [[nodiscard]] std::optional<Taken> take(LocalDot id);
    void store(InteractionRow row, const std::string& words_before);
    void insert(const Action& action, const protocol::InteractionCreate& event, LocalDot previous);
    void create_over_orphan(
        const Action& action, const protocol::InteractionCreate& event, LocalDot previous);
    void index_note(LocalDot id, std::string_view note);

    const AppliedFrontier& frontier_;
    DeferredEntries& deferred_;
    EntryTexts* texts_ = nullptr;
    Statement insert_;
    Statement select_;
    Statement upsert_;
    Statement set_shown_;
    Statement set_time_;
    RecordShelf shelf_;
    /// Written to, from that turf, before they were created here.
    std::unordered_map<std::int64_t, TurfNumber> orphans_;
    std::string words_;
};

template <class Apply>
void Interactions::change(LocalDot id, TurfNumber turf, Apply apply) {
    const AppliedAndHere dots(frontier_, deferred_);
    if (shelf_.is_parted(id)) {
        PartedStates::Target state = shelf_.parted().target(id);
        apply(state, dots);
    } else if (std::optional<Taken> taken = take(id)) {
        apply(taken->row.state, dots);
        store(std::move(taken->row), taken->words);
    } else {
        InteractionRow row{.id = id, .turf = turf};
        apply(row.state, dots);
        store(std::move(row), {});
    }
}

/// When a visit happened, by an entry that says it was written at `said_ms`; that time itself when
/// the sum lies beyond what a time can be.
[[nodiscard]] std::int64_t happened_ms(
    std::int64_t said_ms, const protocol::InteractionCreate& event);

}  // namespace vereda::engine
