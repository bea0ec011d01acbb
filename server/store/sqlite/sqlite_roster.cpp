#include "server/store/sqlite/sqlite_statements.h"

namespace vereda::server {
using engine::Row;
using engine::Rows;
using protocol::RosterPosition;

namespace {

/// A box key as a column holds it.
using BoxKeyColumn = protocol::Id<struct BoxKeyTag, std::tuple_size_v<crypto::BoxPublicKey>>;

}  // namespace

void SqliteStore::put_entry(
    WorkspaceNo workspace, RosterPosition position, ByteView entry,
    const protocol::Acceptance& leaf, const protocol::ChainHash& chain) {
    VEREDA_ASSERT(leaf.stream_seq == position.value + 1);
    sql_->put_entry.run(workspace, position, leaf.accepted, chain, entry);
    ++leaves_;
}

std::vector<StoredEntry> SqliteStore::entries_from(
    WorkspaceNo workspace, RosterPosition from, std::size_t bytes_max) {
    std::vector<StoredEntry> entries;
    std::size_t bytes = 0;
    for (const Row& row : sql_->entries_from.query(workspace, from)) {
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

void SqliteStore::put_wraps(
    WorkspaceNo workspace, RosterPosition position,
    const std::vector<protocol::SealedWrap>& wraps) {
    for (std::size_t leaf = 0; leaf < wraps.size(); ++leaf) {
        const protocol::SealedWrap& wrap = wraps[leaf];
        sql_->put_wrap.run(
            workspace, position, leaf, wrap.turf, wrap.epoch, wrap.recipient, wrap.wrap);
    }
}

std::vector<protocol::SealedWrap> SqliteStore::wraps_at(
    WorkspaceNo workspace, RosterPosition position) {
    std::vector<protocol::SealedWrap> wraps;
    for (const Row& row : sql_->wraps_at.query(workspace, position)) {
        const ByteView wrap = row.blob(3);
        wraps.push_back(
            {.turf = row.id<protocol::TurfId>(0),
             .epoch = {static_cast<std::uint64_t>(row.integer(1))},
             .recipient = row.id<BoxKeyColumn>(2).bytes,
             .wrap = Bytes(wrap.begin(), wrap.end())});
    }
    return wraps;
}

std::vector<RosterPosition> SqliteStore::wrapped_for(
    WorkspaceNo workspace, const crypto::BoxPublicKey& recipient) {
    std::vector<RosterPosition> positions;
    for (const Row& row : sql_->wrapped_for.query(workspace, recipient)) {
        positions.push_back({static_cast<std::uint64_t>(row.integer(0))});
    }
    return positions;
}

void SqliteStore::put_share(
    WorkspaceNo workspace, RosterPosition invite, const protocol::InviteShare& share) {
    sql_->put_share.run(workspace, invite, share);
}

std::optional<StoredShare> SqliteStore::share_of(WorkspaceNo workspace, RosterPosition invite) {
    Rows rows = sql_->share_of.query(workspace, invite);
    if (!rows.next()) return std::nullopt;
    StoredShare stored{.share = rows.id<protocol::InviteShare>(0), .released_to = {}};
    if (!rows.is_null(1)) stored.released_to = rows.id<protocol::DeviceId>(1);
    return stored;
}

void SqliteStore::release_share(
    WorkspaceNo workspace, RosterPosition invite, const protocol::DeviceId& device) {
    sql_->release_share.run(workspace, invite, device);
}

}  // namespace vereda::server
