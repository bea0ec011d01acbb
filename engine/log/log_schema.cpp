#include "engine/log/log_schema.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/log/twins.h"

namespace vereda::engine {
namespace {

// A block's id is its log's ordinal << 40 | block number; an open entry's is its local dot. Blocks
// are as received, so a log's blocks lie together and need no index of their own.
constexpr std::array<const char*, 6> earlier_steps{
    R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE secrets(name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE roster(position INTEGER PRIMARY KEY, entry BLOB NOT NULL);
CREATE TABLE turfs(number INTEGER PRIMARY KEY, turf BLOB NOT NULL UNIQUE);
CREATE TABLE logs(
    ordinal INTEGER PRIMARY KEY, log BLOB NOT NULL UNIQUE, device BLOB, turf INTEGER, incarnation BLOB,
    root INTEGER, parent INTEGER, first_block INTEGER, first_seq INTEGER);
CREATE TABLE blocks(
    id INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, count INTEGER NOT NULL, state INTEGER NOT NULL,
    roster_position INTEGER NOT NULL,
    stream_seq INTEGER, accepted INTEGER, hash BLOB NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX blocks_to_retry ON blocks(state) WHERE state > 0;
CREATE TABLE waiting(hash BLOB PRIMARY KEY, log BLOB NOT NULL, served BLOB NOT NULL);
CREATE TABLE misfits(hash BLOB PRIMARY KEY, log INTEGER NOT NULL, block_no INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE guessed(hash_start BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE open_entries(id INTEGER PRIMARY KEY, from_outside INTEGER NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE pushed(log INTEGER PRIMARY KEY, next_block INTEGER NOT NULL);
CREATE TABLE cursors(
    turf INTEGER PRIMARY KEY, hub_epoch INTEGER NOT NULL, turf_seq INTEGER NOT NULL, turf_chain BLOB NOT NULL,
    head BLOB NOT NULL, signature BLOB NOT NULL);
)sql",
    // The roster of vaults made before lay in `roster` in clear, its forks in `meta`:
    // seal_clear_roster() (engine/workspace/kept_roster.h) moves both.
    // `hidden_told` is of HiddenWork (engine/queries/hidden_work.h); its `contact` may be an
    // interaction.
    R"sql(
CREATE TABLE sealed_roster(position INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
CREATE TABLE hidden_told(contact INTEGER PRIMARY KEY, retraction INTEGER NOT NULL, work INTEGER NOT NULL);
)sql",
    // Blocks are found by the start of their hash, as rows of tables name them.
    // `waiting` of vaults made before is emptied into `waiting_room` (engine/workspace/intake.cpp).
    // What such a vault could not read whole is asked for once more: it did not say who spoilt it.
    R"sql(
CREATE INDEX blocks_by_hash ON blocks(substr(hash, 1, 8));
CREATE TABLE unread(
    hash BLOB PRIMARY KEY, log INTEGER NOT NULL, block_no INTEGER NOT NULL, first_seq INTEGER NOT NULL,
    count INTEGER NOT NULL, roster_position INTEGER NOT NULL, served BLOB NOT NULL);
CREATE TABLE waiting_room(
    hash BLOB PRIMARY KEY, device BLOB NOT NULL, previous BLOB, position INTEGER, served BLOB NOT NULL);
CREATE INDEX waiting_of_device ON waiting_room(device);
CREATE INDEX waiting_for_block ON waiting_room(previous) WHERE previous IS NOT NULL;
CREATE INDEX waiting_for_roster ON waiting_room(position) WHERE position IS NOT NULL;
CREATE TABLE wanted(
    turf INTEGER NOT NULL, turf_seq INTEGER NOT NULL, accepted INTEGER NOT NULL, hash BLOB NOT NULL,
    device BLOB NOT NULL, times INTEGER NOT NULL, PRIMARY KEY(turf, turf_seq)) WITHOUT ROWID;
CREATE INDEX wanted_blocks ON wanted(hash);
INSERT OR IGNORE INTO wanted SELECT turf, stream_seq, accepted, hash, device, 0
    FROM blocks JOIN logs ON ordinal = id >> 40 WHERE state > 0 AND stream_seq IS NOT NULL;
CREATE TABLE given(
    turf INTEGER NOT NULL, turf_seq INTEGER NOT NULL, hub_epoch INTEGER NOT NULL, leaf BLOB NOT NULL,
    PRIMARY KEY(turf, turf_seq)) WITHOUT ROWID;
)sql",
    // Blocks that show at their acceptance, and in the last snapshot do not yet.
    R"sql(
CREATE TABLE restamped(block INTEGER PRIMARY KEY);
)sql",
    // Own entries that no block could hold; the id is their local dot.
    R"sql(
CREATE TABLE set_aside(id INTEGER PRIMARY KEY, why INTEGER NOT NULL, sealed BLOB NOT NULL);
)sql",
    // Logs that a block mentioned and nothing else is known of: their ids together, compressed, in
    // the order of their ordinals. One that becomes known stands in `logs` as well.
    R"sql(
CREATE TABLE mentioned(first_ordinal INTEGER PRIMARY KEY, names BLOB NOT NULL);
)sql"};

// What lies here twice, or is kept for those who mend (docs/protocol/vault.md "Damage").
// `copies`: own blocks that the hub has not acknowledged. `acceptances`: the hub's word on each
// block once more.
constexpr const char* kept_twice = R"sql(
CREATE TABLE copies(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE mishaps(
    what TEXT NOT NULL, place TEXT NOT NULL, kind INTEGER NOT NULL, noted INTEGER NOT NULL,
    log BLOB, first_seq INTEGER, entries INTEGER, told INTEGER NOT NULL, PRIMARY KEY(what, place)) WITHOUT ROWID;
CREATE TABLE rotten(id INTEGER PRIMARY KEY, place TEXT NOT NULL, noted INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE roster_copies(position INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
CREATE TABLE secret_copies(name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE acceptances(id INTEGER PRIMARY KEY, stream_seq INTEGER NOT NULL, accepted INTEGER NOT NULL);
INSERT OR REPLACE INTO roster_copies SELECT position, sealed FROM sealed_roster;
INSERT OR REPLACE INTO secret_copies SELECT name, sealed FROM secrets;
INSERT OR REPLACE INTO acceptances SELECT id, stream_seq, accepted FROM blocks WHERE stream_seq IS NOT NULL;
)sql";

// A statement's way with conflicts is also that of its triggers: so these delete before they
// insert.
constexpr const char* copying = R"sql(
CREATE TEMP TRIGGER IF NOT EXISTS copy_roster AFTER INSERT ON sealed_roster BEGIN
    DELETE FROM roster_copies WHERE position = NEW.position;
    INSERT INTO roster_copies VALUES (NEW.position, NEW.sealed); END;
CREATE TEMP TRIGGER IF NOT EXISTS copy_secret AFTER INSERT ON secrets BEGIN
    DELETE FROM secret_copies WHERE name = NEW.name;
    INSERT INTO secret_copies VALUES (NEW.name, NEW.sealed); END;
CREATE TEMP TRIGGER IF NOT EXISTS copy_secret_again AFTER UPDATE ON secrets BEGIN
    DELETE FROM secret_copies WHERE name = NEW.name;
    INSERT INTO secret_copies VALUES (NEW.name, NEW.sealed); END;
CREATE TEMP TRIGGER IF NOT EXISTS copy_acceptance AFTER INSERT ON blocks WHEN NEW.stream_seq IS NOT NULL BEGIN
    DELETE FROM acceptances WHERE id = NEW.id;
    INSERT INTO acceptances VALUES (NEW.id, NEW.stream_seq, NEW.accepted); END;
CREATE TEMP TRIGGER IF NOT EXISTS copy_acceptance_again AFTER UPDATE OF id, stream_seq, accepted ON blocks BEGIN
    DELETE FROM acceptances WHERE id IN (OLD.id, NEW.id);
    INSERT INTO acceptances SELECT NEW.id, NEW.stream_seq, NEW.accepted WHERE NEW.stream_seq IS NOT NULL; END;
CREATE TEMP TRIGGER IF NOT EXISTS drop_acceptance AFTER DELETE ON blocks BEGIN
    DELETE FROM acceptances WHERE id = OLD.id; END;
)sql";

}  // namespace

std::span<const char* const> log_migrations() {
    static const std::string kept_twice_step = kept_twice + twins_schema();
    static const std::string mishaps_step = mishap_twins();  // leaves the schema as it is
    static const auto steps = [] {
        std::array<const char*, earlier_steps.size() + 2> all{};
        const auto rest = std::ranges::copy(earlier_steps, all.begin()).out;
        rest[0] = kept_twice_step.c_str();
        rest[1] = mishaps_step.c_str();
        return all;
    }();
    return steps;
}

std::string log_triggers() { return copying + twins_triggers(); }

}  // namespace vereda::engine
