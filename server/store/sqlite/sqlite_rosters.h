#pragma once

#include "engine/storage/statement.h"
#include "server/store/rosters.h"
#include "server/store/sqlite/sqlite_memory.h"

namespace vereda::server {

class SqliteRosters final : public Rosters {
  public:
    SqliteRosters(engine::Database& database, SqliteMemory& memory);

    void put_entry(
        WorkspaceNo workspace, protocol::RosterPosition position, ByteView entry,
        const protocol::Acceptance& leaf, const protocol::ChainHash& chain) override;
    [[nodiscard]] std::vector<StoredEntry> entries_from(
        WorkspaceNo workspace, protocol::RosterPosition from, std::size_t bytes_max) override;
    void put_wraps(
        WorkspaceNo workspace, protocol::RosterPosition position,
        const std::vector<protocol::SealedWrap>& wraps) override;
    [[nodiscard]] std::vector<protocol::SealedWrap> wraps_at(
        WorkspaceNo workspace, protocol::RosterPosition position) override;
    [[nodiscard]] std::vector<protocol::RosterPosition> wrapped_for(
        WorkspaceNo workspace, const crypto::BoxPublicKey& recipient) override;
    void put_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::InviteShare& share) override;
    [[nodiscard]] std::optional<StoredShare> share_of(
        WorkspaceNo workspace, protocol::RosterPosition invite) override;
    void release_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::DeviceId& device) override;

  private:
    SqliteMemory& memory_;
    engine::Statement put_entry_, entries_from_, put_wrap_, wraps_at_, wrapped_for_;
    engine::Statement put_share_, share_of_, release_share_;
};

}  // namespace vereda::server
