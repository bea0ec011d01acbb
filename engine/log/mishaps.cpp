#include "engine/log/mishaps.h"

#include "engine/storage/statement.h"
#include "protocol/limits.h"

namespace vereda::engine {

namespace {

// Of log, first_seq, entries. Nothing where the numbers are none that a log can have.
std::optional<Mishap::Entries> read_entries(const Row& row, int column) {
    const auto log = protocol::LogId::parse(row.blob(column));
    const auto first = static_cast<std::uint64_t>(row.integer(column + 1));
    const auto count = static_cast<std::uint64_t>(row.integer(column + 2));
    const bool fits =
        first >= 1 && first <= protocol::seq_max && count <= protocol::seq_max - first;
    if (!log || !fits) return std::nullopt;
    return Mishap::Entries{*log, {first}, count};
}

Mishap read_mishap(const Row& row) {
    return {
        .kind = static_cast<Mishap::Kind>(row.integer(0)),
        .what = std::string(row.text(1)),
        .place = std::string(row.text(2)),
        .entries = read_entries(row, 5),
        .noted = {row.integer(3)},
        .told = row.integer(4) != 0};
}

}  // namespace

void Mishaps::note(
    Mishap::Kind kind, const std::string& what, const std::string& place,
    const std::optional<Mishap::Entries>& entries) {
    Statement insert(
        database_,
        "INSERT INTO mishaps(what, place, kind, noted, log, first_seq, entries, told) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0) ON CONFLICT(what, place) DO UPDATE SET "
        "kind = ?3, noted = ?4, log = ?5, first_seq = ?6, entries = ?7, told = 0 "
        "WHERE kind <> ?3 OR ?3 <> 0");
    const auto log = entries ? std::optional(entries->log) : std::nullopt;
    const auto first = entries ? std::optional(entries->first.value) : std::nullopt;
    const auto count = entries ? std::optional(entries->count) : std::nullopt;
    insert.run(what, place, static_cast<int>(kind), now_, log, first, count);
}

void Mishaps::heal(const std::string& what, const std::string& place) {
    Statement(
        database_,
        "UPDATE mishaps SET kind = 1, noted = ?3, told = 0 WHERE what = ?1 AND place = ?2 AND "
        "kind = 0")
        .run(what, place, now_);
}

void Mishaps::heal_all(const std::string& what) {
    for (const Mishap& mishap : all()) {
        if (mishap.what == what) heal(what, mishap.place);
    }
}

void Mishaps::set_bytes_aside(const std::string& place, ByteView bytes) {
    Statement(database_, "INSERT INTO rotten(place, noted, bytes) VALUES (?1, ?2, ?3)")
        .run(place, now_, bytes);
}

void Mishaps::forget_old() {
    const std::int64_t before = now_.value - kept_ms;
    Statement(database_, "DELETE FROM mishaps WHERE kind <> 0 AND noted < ?1").run(before);
    Statement(database_, "DELETE FROM rotten WHERE noted < ?1").run(before);
}

std::vector<Mishap> Mishaps::all() {
    std::vector<Mishap> found;
    Statement select(
        database_,
        "SELECT kind, what, place, noted, told, log, first_seq, entries FROM mishaps "
        "ORDER BY kind, what, place");
    for (const Row& row : select.query()) found.push_back(read_mishap(row));
    return found;
}

bool Mishaps::has_damage() {
    return Statement(database_, "SELECT count(*) FROM mishaps WHERE kind = 0").query_integer() != 0;
}

void Mishaps::note_told() { database_.exec("UPDATE mishaps SET told = 1 WHERE told = 0"); }

}  // namespace vereda::engine
