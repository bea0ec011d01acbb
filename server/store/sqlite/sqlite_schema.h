#pragma once

/// The hub's tables, step by step (engine/storage/migrations.h). A step once published never
/// changes.
namespace vereda::server {

inline constexpr const char* sqlite_schema[] = {
    R"sql(
CREATE TABLE hub (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL);
INSERT INTO hub VALUES (1, 1);

CREATE TABLE workspaces (
    no INTEGER PRIMARY KEY,
    workspace BLOB NOT NULL UNIQUE,
    token BLOB NOT NULL UNIQUE);

CREATE TABLE streams (
    no INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspaces,
    turf BLOB NOT NULL,
    first_chain BLOB NOT NULL,
    UNIQUE (workspace, turf));

CREATE TABLE logs (
    no INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspaces,
    log BLOB NOT NULL,
    device BLOB NOT NULL,
    UNIQUE (workspace, log));
CREATE INDEX logs_by_device ON logs (workspace, device);

CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams,
    seq INTEGER NOT NULL,
    log INTEGER NOT NULL REFERENCES logs,
    block_no INTEGER NOT NULL,
    evidence INTEGER NOT NULL,
    size INTEGER NOT NULL,
    accepted_ms INTEGER NOT NULL,
    chain BLOB NOT NULL,
    block BLOB NOT NULL);
CREATE UNIQUE INDEX blocks_by_stream ON blocks (stream, seq);
CREATE INDEX blocks_by_place ON blocks (log, block_no, evidence, size);

CREATE TABLE roster (
    id INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspaces,
    position INTEGER NOT NULL,
    accepted_ms INTEGER NOT NULL,
    chain BLOB NOT NULL,
    entry BLOB NOT NULL);
CREATE UNIQUE INDEX roster_by_position ON roster (workspace, position);

CREATE TABLE wraps (
    workspace INTEGER NOT NULL REFERENCES workspaces,
    position INTEGER NOT NULL,
    leaf INTEGER NOT NULL,
    turf BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    recipient BLOB NOT NULL,
    wrap BLOB NOT NULL,
    PRIMARY KEY (workspace, position, leaf)) WITHOUT ROWID;
CREATE INDEX wraps_by_recipient ON wraps (workspace, recipient, position);

CREATE TABLE shares (
    workspace INTEGER NOT NULL REFERENCES workspaces,
    invite INTEGER NOT NULL,
    share BLOB NOT NULL,
    released_to BLOB,
    PRIMARY KEY (workspace, invite)) WITHOUT ROWID;
)sql",
    "ALTER TABLE workspaces ADD COLUMN confirmed_epoch INTEGER NOT NULL DEFAULT 1",
    // What judging a push looks at, apart from the blocks' bytes. The places of blocks that are
    // there already are filled in by the program, which can hash: `placed`.
    R"sql(
CREATE TABLE places (
    log INTEGER NOT NULL REFERENCES logs,
    block_no INTEGER NOT NULL,
    hash BLOB NOT NULL,
    last_seq INTEGER NOT NULL,
    evidence INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    accepted_ms INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (log, block_no, hash)) WITHOUT ROWID;
CREATE INDEX places_of_branches ON places (log, accepted_ms) WHERE evidence = 1;
DROP INDEX blocks_by_place;
ALTER TABLE hub ADD COLUMN placed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hub ADD COLUMN epoch_began_ms INTEGER;
ALTER TABLE hub ADD COLUMN lost_since_ms INTEGER;
)sql"};

}  // namespace vereda::server
