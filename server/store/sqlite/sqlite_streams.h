#pragma once

#include "engine/storage/statement.h"
#include "server/store/sqlite/sqlite_memory.h"
#include "server/store/streams.h"

namespace vereda::server {

/// Parameters: log, block_no, hash, last_seq, evidence, seq, accepted_ms, size.
inline constexpr const char* sqlite_put_place =
    "INSERT INTO places (log, block_no, hash, last_seq, evidence, seq, accepted_ms, size)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

class SqliteStreams final : public Streams {
  public:
    SqliteStreams(engine::Database& database, SqliteMemory& memory);

    [[nodiscard]] std::optional<StreamEnd> find(
        WorkspaceNo workspace, const protocol::TurfId& turf) override;
    StreamNo add(
        WorkspaceNo workspace, const protocol::TurfId& turf,
        const protocol::ChainHash& first) override;
    void put(const NewBlock& block) override;
    [[nodiscard]] std::optional<protocol::ChainHash> chain_at(
        StreamNo stream, std::uint64_t seq) override;
    [[nodiscard]] std::vector<StoredBlock> blocks_after(
        StreamNo stream, std::uint64_t seq, std::uint64_t before, std::size_t bytes_max,
        std::size_t overhead, bool at_least_one) override;

  private:
    engine::Database& database_;
    SqliteMemory& memory_;
    engine::Statement find_, end_, add_, first_chain_, chain_at_, blocks_after_;
    engine::Statement put_block_, put_place_;
};

}  // namespace vereda::server
