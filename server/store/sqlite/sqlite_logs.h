#pragma once

#include "engine/storage/statement.h"
#include "server/store/logs.h"

namespace vereda::server {

class SqliteLogs final : public Logs {
  public:
    explicit SqliteLogs(engine::Database& database);

    LogNo add(WorkspaceNo workspace, const protocol::LogId& log, const protocol::DeviceId& device)
        override;
    [[nodiscard]] std::vector<StoredLog> of_device(
        WorkspaceNo workspace, const protocol::DeviceId& device) override;
    [[nodiscard]] std::vector<TakenBlock> taken_since(LogNo log, protocol::Millis since) override;
    [[nodiscard]] std::optional<Place> tip_of(LogNo log) override;
    [[nodiscard]] std::optional<Place> find_place(
        LogNo log, std::uint64_t block_no, const protocol::BlockHash& hash) override;

  private:
    engine::Database& database_;
    engine::Statement add_, of_device_, newest_places_, branches_since_, find_place_;
};

}  // namespace vereda::server
