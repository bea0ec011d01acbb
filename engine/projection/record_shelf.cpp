#include "engine/projection/record_shelf.h"

#include <malloc.h>

#include "engine/projection/entry_texts.h"
#include "engine/projection/schema.h"

namespace vereda::engine {
namespace {

int flags_of_row(int flags, std::size_t conflicts, bool deferred) {
    if (deferred) flags |= row_flag::of_deferred;
    if (conflicts != 0) flags |= row_flag::in_conflict;
    return flags;
}

// The index holds every word of a record in memory while it takes them in: for many words, a
// hundred times their size. What was freed goes back to the system, so that it is not kept for
// good.
void give_back_what_words_took(const std::string& words) {
    constexpr std::size_t many = 64 * 1024;
    if (words.size() >= many) malloc_trim(0);
}

}  // namespace

RecordShelf::RecordShelf(Database& database, const DotOrder& order, Options options)
    : options_(std::move(options)),
      order_(order),
      select_flags_(database, "SELECT flags FROM " + options_.rows + " WHERE id = ?1"),
      parted_(database, options_.parts, options_.items_max),
      index_(database, options_.words) {}

bool RecordShelf::has_deferred(LocalDot record) {
    return row_flag::has_deferred(select_flags_.query_integer(record).value_or(0));
}

RecordState RecordShelf::state_of(LocalDot record, ByteView column) {
    return column.empty() ? parted_.load(record) : RecordState::decode(column);
}

std::string RecordShelf::words_of(LocalDot record, const RecordState& state, bool deferred) {
    if (parted_.has(record)) return parted_.words(record);
    return indexed_words(state, deferred);
}

std::string RecordShelf::indexed_words(const RecordState& state, bool deferred) const {
    return deferred || !index_.is_kept() ? std::string{} : options_.words_of(state);
}

// Whether a record differs of which entries stay in the log, only a look at the whole can say.
RecordShelf::Columns RecordShelf::columns_of(const RecordState& state, bool deferred) const {
    Columns columns{.conflicts = deferred ? 0 : state.conflicts().size(), .state = state.encode()};
    columns.flags = flags_of_row(flags_of(state), columns.conflicts, deferred);
    if (parted_.is_large(state, columns.state)) columns.state.clear();
    return columns;
}

void RecordShelf::keep(
    LocalDot record, const Columns& columns, RecordState&& state, bool deferred,
    const std::string& words_before) {
    if (columns.state.empty()) return parted_.begin(record, std::move(state), words_before);
    index_.replace(record, words_before, words_of(record, state, deferred));
}

RecordShelf::Settled RecordShelf::look_at_parts(LocalDot record) {
    Settled now{.columns = {}, .shown = ShownOfParts(order_), .words = {}};
    const bool deferred = has_deferred(record);
    int flags = 0;
    parted_.visit(record, [&](const RecordState& part) {
        now.shown.read(part);
        flags |= flags_of(part);
        const std::string words = indexed_words(part, deferred);
        if (!words.empty() && !now.words.empty()) now.words += ' ';
        now.words += words;
    });
    if (!deferred) now.columns.conflicts = now.shown.conflicts();
    now.columns.flags = flags_of_row(flags, now.columns.conflicts, deferred);
    return now;
}

void RecordShelf::index_parts(LocalDot record, const std::string& words) {
    const std::string before = parted_.words(record);
    if (before == words) return;
    index_.replace(record, before, words);
    parted_.set_words(record, words);
    give_back_what_words_took(words);
}

}  // namespace vereda::engine
