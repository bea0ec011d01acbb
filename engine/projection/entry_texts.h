#pragma once

#include <string>
#include <unordered_map>

#include "engine/merge/record_state.h"
#include "protocol/log/entry.h"

namespace vereda::engine {

/// The long texts of one entry, by the names in their stubs (`name_in_stub`).
using LongTexts = std::unordered_map<std::string, std::string>;

/// Reads again what entries say at length (engine/merge/stub.h).
class EntryTexts {
  public:
    virtual ~EntryTexts() = default;
    /// Borrowed until the next call. Empty when the entry cannot be read any more.
    [[nodiscard]] virtual const LongTexts& long_texts_of(LocalDot entry) = 0;
    /// Applies an entry that stays in the log as a whole. Does nothing when the entry cannot be
    /// read any more.
    virtual void read_into(RecordState& state, LocalDot entry, const AppliedDots& log) = 0;
};

/// Every text of an entry for which a state may have a stub.
[[nodiscard]] LongTexts long_texts_in(const protocol::Entry& entry);

/// Whether any text of the state is a stub.
[[nodiscard]] bool has_stubs(const RecordState& state);

/// What the columns named `flags` say of a row with this state (schema.h, `row_flag`).
[[nodiscard]] int flags_of(const RecordState& state);

/// The state with every text whole, for showing and comparing. A text that cannot be read any more
/// shows as its beginning. `texts` may be null: then no text can be read.
[[nodiscard]] RecordState with_whole_texts(RecordState state, EntryTexts* texts);
/// The same for one text, which the entry `dot` wrote.
[[nodiscard]] std::string whole_text(std::string_view kept, LocalDot dot, EntryTexts* texts);

}  // namespace vereda::engine
