#pragma once

#include <string>
#include <utility>

#include "engine/projection/parted_states.h"
#include "engine/projection/shown_of_parts.h"
#include "engine/projection/word_index.h"

namespace vereda::engine {

/// Where the states of one kind of records lie, whole in their rows or in parts, and the words by
/// which search finds them. Contacts and interactions each have one.
class RecordShelf {
  public:
    struct Options {
        std::string rows;            ///< The table with a row for each record.
        std::string parts;           ///< Begins the names of the tables of parts.
        const char* words;           ///< The index of words; null: none is kept.
        std::size_t items_max = 64;  ///< A state of more, or of more than 16 KiB, lies in parts.
        std::string (*words_of)(const RecordState&);
    };
    /// What the columns of a record's row say.
    struct Columns {
        int flags = 0;
        std::size_t conflicts = 0;
        Bytes state;  ///< Empty: it is to lie in parts.
    };

    RecordShelf(Database& database, const DotOrder& order, Options options);

    [[nodiscard]] PartedStates& parted() { return parted_; }
    [[nodiscard]] bool is_parted(LocalDot record) const { return parted_.has(record); }
    [[nodiscard]] WordIndex& index() { return index_; }
    /// Whether entries of the record stay in the log.
    [[nodiscard]] bool has_deferred(LocalDot record);

    /// The state that a row keeps as `column`, which is not null.
    [[nodiscard]] RecordState state_of(LocalDot record, ByteView column);
    /// The words by which search finds a record now.
    [[nodiscard]] std::string words_of(LocalDot record, const RecordState& state, bool deferred);
    [[nodiscard]] Columns columns_of(const RecordState& state, bool deferred) const;
    /// After the row was written: keeps a state in parts where `columns` says so, and indexes its
    /// words. `words_before` is what `words_of` gave before the change.
    void keep(
        LocalDot record, const Columns& columns, RecordState&& state, bool deferred,
        const std::string& words_before);

    /// Tells `show(record, columns, ShownOfParts)` what each record in parts shows that has changed
    /// since last time.
    template <class Show>
    void settle(Show show);

  private:
    [[nodiscard]] std::string indexed_words(const RecordState& state, bool deferred) const;
    struct Settled {
        Columns columns;
        ShownOfParts shown;
        std::string words;
    };
    [[nodiscard]] Settled look_at_parts(LocalDot record);
    void index_parts(LocalDot record, const std::string& words);

    Options options_;
    const DotOrder& order_;
    Statement select_flags_;
    PartedStates parted_;
    WordIndex index_;
};

template <class Show>
void RecordShelf::settle(Show show) {
    parted_.settle([&](LocalDot record) {
        const Settled now = look_at_parts(record);
        show(record, now.columns, now.shown);
        index_parts(record, now.words);
    });
}

}  // namespace vereda::engine
