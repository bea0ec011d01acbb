#include "engine/projection/schema.h"

namespace vereda::engine {

// id columns are local dots. A contact's `root` is the record under which its state lies: itself,
// unless another one with the same source and key was met before; `place` is what such a group is
// called everywhere. `state` is null while nothing but the creating entry has written: then `body`
// says it all. An empty one lies in parts.
const char* const projection_schema = R"sql(
CREATE TABLE contacts(
    id INTEGER PRIMARY KEY,
    root INTEGER NOT NULL,
    place INTEGER,           -- of a root: the record of its group that comes first; null: itself
    turf INTEGER NOT NULL,
    kind INTEGER,            -- null: written to, but not created here yet
    at INTEGER,              -- the creating entry's time, ms
    flags INTEGER,           -- null or a sum of row_flag
    conflicts INTEGER,       -- null or the number of fields in conflict
    name TEXT,
    body BLOB,
    state BLOB);
CREATE INDEX contacts_flagged ON contacts(id) WHERE flags > 1;           -- more than hidden
CREATE TABLE contact_parts(  -- states of many items, cut by dot (parted_states.h)
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL, dot INTEGER NOT NULL, field INTEGER NOT NULL,
    element BLOB NOT NULL, state BLOB NOT NULL);
CREATE UNIQUE INDEX contact_parts_at ON contact_parts(record, dot, field, element);
CREATE TABLE contact_parted(record INTEGER PRIMARY KEY, words TEXT);  -- what lies in parts; its words in the search
CREATE TABLE members(contact INTEGER PRIMARY KEY, root INTEGER NOT NULL);  -- of groups of more than one record
CREATE INDEX members_of ON members(root);
CREATE TABLE external_keys(
    turf INTEGER NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, contact INTEGER NOT NULL,
    PRIMARY KEY(turf, source, key)) WITHOUT ROWID;
CREATE INDEX external_keys_of ON external_keys(contact);
CREATE TABLE interactions(
    id INTEGER PRIMARY KEY,
    contact INTEGER,         -- null: written to, but not created here yet
    prev INTEGER,            -- the contact's entry before this one, null for the first
    at INTEGER,              -- when it happened, ms
    time INTEGER,            -- when it was written, ms; null: when it happened
    kind, outcome,           -- a code, or the words of what has none
    note TEXT,               -- or the stub of one that stays in the log
    flags INTEGER,
    conflicts INTEGER,
    orphan_of INTEGER,       -- while not created: the turf it was written to from
    state BLOB);
CREATE INDEX interactions_flagged ON interactions(id) WHERE flags > 1;   -- more than hidden
CREATE TABLE interaction_parts(  -- states of many items, cut by dot (parted_states.h)
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL, dot INTEGER NOT NULL, field INTEGER NOT NULL,
    element BLOB NOT NULL, state BLOB NOT NULL);
CREATE UNIQUE INDEX interaction_parts_at ON interaction_parts(record, dot, field, element);
CREATE TABLE interaction_parted(record INTEGER PRIMARY KEY, words TEXT);  -- what lies in parts; its words in the search
CREATE TABLE actions(        -- entries that change what another one made
    id INTEGER PRIMARY KEY, contact INTEGER NOT NULL, prev INTEGER);
CREATE TABLE deferred_entries(  -- read when their record is asked for (deferred_entries.h)
    entry INTEGER PRIMARY KEY, record INTEGER NOT NULL);
CREATE INDEX deferred_entries_of ON deferred_entries(record);
CREATE TABLE history_heads(contact INTEGER PRIMARY KEY, last INTEGER NOT NULL);  -- filled for a snapshot
CREATE TABLE profiles(
    kind INTEGER NOT NULL, id BLOB NOT NULL, name TEXT, state BLOB NOT NULL,
    PRIMARY KEY(kind, id)) WITHOUT ROWID;
CREATE TABLE exceptions(id INTEGER PRIMARY KEY, status INTEGER NOT NULL);        -- filled for a snapshot
CREATE TABLE frontier(log INTEGER PRIMARY KEY, seq INTEGER NOT NULL, turf INTEGER);           -- filled for a snapshot
CREATE TABLE assumed_turfs(log INTEGER PRIMARY KEY, turf INTEGER NOT NULL);      -- filled for a snapshot
CREATE TABLE unproven(       -- rows of tables whose block does not stand here (unproven_rows.h)
    start INTEGER NOT NULL, block INTEGER NOT NULL, rest BLOB, PRIMARY KEY(start, block)) WITHOUT ROWID;
CREATE VIRTUAL TABLE contact_words USING fts5(
    words, content='', columnsize=0, tokenize='ascii');
)sql";

const char* const note_words_schema =
    "CREATE VIRTUAL TABLE note_words USING fts5(words, content='', columnsize=0, detail=none, "
    "tokenize='ascii');"
    // Words of one transaction before they are sorted into the index: the default of 1 MB would
    // sort many times over what a hundred blocks bring.
    "INSERT INTO note_words(note_words, rank) VALUES ('hashsize', 16777216);";

}  // namespace vereda::engine
