#include "server/store/sqlite/sqlite_rosters.h"

namespace vereda::server {
using engine::Row;
using engine::Rows;
using protocol::RosterPosition;

namespace {

/// A box key as a column holds it.
using BoxKeyColumn = protocol::Id<struct BoxKeyTag, std::tuple_size_v<crypto::BoxPublicKey>>;

}  // namespace

SqliteRosters::SqliteRosters(engine::Database& database, SqliteMemory& memory)
    : memory_(memory),
      put_entry_(
          database,
          "INSERT INTO roster (workspace, position, accepted_ms, chain, entry)"
          " VALUES (?1, ?2, ?3, ?4, ?5)"),
      entries_from_(
          database,
          "SELECT entry, position, accepted_ms, chain FROM roster"
          " WHERE workspace = ?1 AND position >= ?2 ORDER BY position"),
      put_wrap_(
          database,
          "INSERT INTO wraps (workspace, position, leaf, turf, epoch, recipient, wrap)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      wraps_at_(
          database,
          "SELECT turf, epoch, recipient, wrap FROM wraps"
          " WHERE workspace = ?1 AND position = ?2 ORDER BY leaf"),
      wrapped_for_(
          database,
          "SELECT DISTINCT position FROM wraps WHERE workspace = ?1 AND recipient = ?2"
          " ORDER BY position"),
      put_share_(database, "INSERT INTO shares (workspace, invite, share) VALUES (?1, ?2, ?3)"),
      share_of_(
          database, "SELECT share, released_to FROM shares WHERE workspace = ?1 AND invite = ?2"),
      release_share_(
          database, "UPDATE shares SET released_to = ?3 WHERE workspace = ?1 AND invite = ?2") {}

void SqliteRosters::put_entry(
    WorkspaceNo workspace, RosterPosition position, ByteView entry,
    const protocol::Acceptance& leaf, const protocol::ChainHash& chain) {
    VEREDA_ASSERT(leaf.stream_seq == position.value + 1);
    put_entry_.run(workspace, position, leaf.accepted, chain, entry);
    const auto known = memory_.workspaces.find(workspace);
    if (known != memory_.workspaces.end()) known->second.roster_size = leaf.stream_seq;
    ++memory_.leaves;
}

std::vector<StoredEntry> SqliteRosters::entries_from(
    WorkspaceNo workspace, RosterPosition from, std::size_t bytes_max) {
    std::vector<StoredEntry> entries;
    std::size_t bytes = 0;
    for (const Row& row : entries_from_.query(workspace, from)) {
        const ByteView entry = row.blob(0);
        bytes += entry.size();
        if (bytes > bytes_max && !entries.empty()) break;
        entries.push_back(
            {.entry = Bytes(entry.begin(), entry.end()),
             .leaf = {static_cast<std::uint64_t>(row.integer(1)) + 1, {row.integer(2)}},
             .chain = row.id<protocol::ChainHash>(3)});
    }
    return entries;
}

void SqliteRosters::put_wraps(
    WorkspaceNo workspace, RosterPosition position,
    const std::vector<protocol::SealedWrap>& wraps) {
    for (std::size_t leaf = 0; leaf < wraps.size(); ++leaf) {
        const protocol::SealedWrap& wrap = wraps[leaf];
        put_wrap_.run(workspace, position, leaf, wrap.turf, wrap.epoch, wrap.recipient, wrap.wrap);
    }
}

std::vector<protocol::SealedWrap> SqliteRosters::wraps_at(
    WorkspaceNo workspace, RosterPosition position) {
    std::vector<protocol::SealedWrap> wraps;
    for (const Row& row : wraps_at_.query(workspace, position)) {
        const ByteView wrap = row.blob(3);
        wraps.push_back(
            {.turf = row.id<protocol::TurfId>(0),
             .epoch = {static_cast<std::uint64_t>(row.integer(1))},
             .recipient = row.id<BoxKeyColumn>(2).bytes,
             .wrap = Bytes(wrap.begin(), wrap.end())});
    }
    return wraps;
}

std::vector<RosterPosition> SqliteRosters::wrapped_for(
    WorkspaceNo workspace, const crypto::BoxPublicKey& recipient) {
    std::vector<RosterPosition> positions;
    for (const Row& row : wrapped_for_.query(workspace, recipient)) {
        positions.push_back({static_cast<std::uint64_t>(row.integer(0))});
    }
    return positions;
}

void SqliteRosters::put_share(
    WorkspaceNo workspace, RosterPosition invite, const protocol::InviteShare& share) {
    put_share_.run(workspace, invite, share);
}

std::optional<StoredShare> SqliteRosters::share_of(WorkspaceNo workspace, RosterPosition invite) {
    Rows rows = share_of_.query(workspace, invite);
    if (!rows.next()) return std::nullopt;
    StoredShare stored{.share = rows.id<protocol::InviteShare>(0), .released_to = {}};
    if (!rows.is_null(1)) stored.released_to = rows.id<protocol::DeviceId>(1);
    return stored;
}

void SqliteRosters::release_share(
    WorkspaceNo workspace, RosterPosition invite, const protocol::DeviceId& device) {
    release_share_.run(workspace, invite, device);
}

}  // namespace vereda::server
