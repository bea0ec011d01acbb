#pragma once

#include "engine/storage/statement.h"
#include "server/store/sqlite/sqlite_store.h"

namespace vereda::server {

/// Every statement of the store, prepared once.
struct SqliteStore::Statements {
    explicit Statements(engine::Database& db)
        : find_workspace(db, "SELECT no FROM workspaces WHERE workspace = ?1"),
          workspaces(db, "SELECT workspace FROM workspaces ORDER BY no"),
          add_workspace(
              db, "INSERT INTO workspaces (workspace, token, confirmed_epoch) VALUES (?1, ?2, ?3)"),
          workspace_of_token(db, "SELECT workspace FROM workspaces WHERE token = ?1"),
          roster_confirmed_in(db, "SELECT confirmed_epoch FROM workspaces WHERE no = ?1"),
          confirm_roster(db, "UPDATE workspaces SET confirmed_epoch = ?2 WHERE no = ?1"),
          find_stream(db, "SELECT no, first_chain FROM streams WHERE workspace = ?1 AND turf = ?2"),
          stream_end(
              db, "SELECT seq, chain FROM blocks WHERE stream = ?1 ORDER BY seq DESC LIMIT 1"),
          add_stream(db, "INSERT INTO streams (workspace, turf, first_chain) VALUES (?1, ?2, ?3)"),
          first_chain(db, "SELECT first_chain FROM streams WHERE no = ?1"),
          chain_at(db, "SELECT chain FROM blocks WHERE stream = ?1 AND seq = ?2"),
          blocks_after(
              db,
              "SELECT block, seq, accepted_ms, chain, evidence, size FROM blocks"
              " WHERE stream = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq"),
          add_log(db, "INSERT INTO logs (workspace, log, device) VALUES (?1, ?2, ?3)"),
          logs_of(db, "SELECT no, log FROM logs WHERE workspace = ?1 AND device = ?2"),
          newest_places(
              db,
              "SELECT block_no, hash, last_seq, seq, accepted_ms, size FROM places"
              " WHERE log = ?1 AND evidence = 0 ORDER BY block_no DESC"),
          branches_since(
              db,
              "SELECT accepted_ms, size FROM places"
              " WHERE log = ?1 AND evidence = 1 AND accepted_ms >= ?2"),
          find_place(
              db,
              "SELECT block_no, hash, last_seq, seq, accepted_ms FROM places"
              " WHERE log = ?1 AND block_no = ?2 AND hash = ?3"),
          put_place(
              db,
              "INSERT INTO places"
              " (log, block_no, hash, last_seq, evidence, seq, accepted_ms, size)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
          put_block(
              db,
              "INSERT INTO blocks"
              " (stream, seq, log, block_no, evidence, size, accepted_ms, chain, block)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
          put_entry(
              db,
              "INSERT INTO roster (workspace, position, accepted_ms, chain, entry)"
              " VALUES (?1, ?2, ?3, ?4, ?5)"),
          entries_from(
              db,
              "SELECT entry, position, accepted_ms, chain FROM roster"
              " WHERE workspace = ?1 AND position >= ?2 ORDER BY position"),
          put_wrap(
              db,
              "INSERT INTO wraps (workspace, position, leaf, turf, epoch, recipient, wrap)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
          wraps_at(
              db,
              "SELECT turf, epoch, recipient, wrap FROM wraps"
              " WHERE workspace = ?1 AND position = ?2 ORDER BY leaf"),
          wrapped_for(
              db,
              "SELECT DISTINCT position FROM wraps WHERE workspace = ?1 AND recipient = ?2"
              " ORDER BY position"),
          put_share(db, "INSERT INTO shares (workspace, invite, share) VALUES (?1, ?2, ?3)"),
          share_of(
              db, "SELECT share, released_to FROM shares WHERE workspace = ?1 AND invite = ?2"),
          release_share(
              db, "UPDATE shares SET released_to = ?3 WHERE workspace = ?1 AND invite = ?2") {}

    engine::Statement find_workspace, workspaces, add_workspace, workspace_of_token;
    engine::Statement roster_confirmed_in, confirm_roster;
    engine::Statement find_stream, stream_end, add_stream, first_chain, chain_at, blocks_after;
    engine::Statement add_log, logs_of, newest_places, branches_since, find_place, put_place;
    engine::Statement put_block;
    engine::Statement put_entry, entries_from, put_wrap, wraps_at, wrapped_for;
    engine::Statement put_share, share_of, release_share;
};

}  // namespace vereda::server
