#pragma once

#include <cstdint>
#include <string>

namespace vereda::engine {

/// The tables of the projection: people as they are now, in memory only. Rebuilt from the log
/// whenever in doubt, so this schema needs no migrations; a snapshot of another
/// `projection_version` is thrown away.
extern const char* const projection_schema;
/// Only where full-text search of visit notes is asked for.
extern const char* const note_words_schema;
inline constexpr int projection_version = 5;

/// Bits of the columns named `flags`.
namespace row_flag {
inline constexpr int retracted = 1;
inline constexpr int long_texts = 2;   ///< Some of its texts stay in the log (engine/merge/stub.h).
inline constexpr int deferred = 4;     ///< Entries of it do, as a whole; always with the one above.
inline constexpr int in_conflict = 8;  ///< Fields of it have more than one value.
inline constexpr int of_deferred = long_texts | deferred;
[[nodiscard]] constexpr bool has_deferred(std::int64_t flags) { return (flags & deferred) != 0; }
[[nodiscard]] constexpr bool is_hidden(std::int64_t flags) { return (flags & retracted) != 0; }
/// SQL for rows with any of `bits`. Its first half repeats the condition of the partial indexes:
/// without it SQLite reads the whole table.
[[nodiscard]] inline std::string where_any(int bits) {
    return "flags > 1 AND flags & " + std::to_string(bits);
}
}  // namespace row_flag

}  // namespace vereda::engine
