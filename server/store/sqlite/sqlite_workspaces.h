#pragma once

#include <functional>

#include "engine/storage/statement.h"
#include "server/store/sqlite/sqlite_memory.h"
#include "server/store/workspaces.h"

namespace vereda::server {

class SqliteWorkspaces final : public Workspaces {
  public:
    SqliteWorkspaces(engine::Database& database, SqliteMemory& memory);

    [[nodiscard]] std::vector<protocol::WorkspaceId> all() override;
    WorkspaceNo add(const protocol::WorkspaceId& workspace, const TokenHash& token) override;
    [[nodiscard]] std::optional<protocol::WorkspaceId> of_token(const TokenHash& token) override;
    void confirm_roster(WorkspaceNo workspace) override;
    [[nodiscard]] std::uint64_t hub_epoch() const override { return memory_.epoch; }
    void begin_epoch(std::uint64_t epoch) override;
    [[nodiscard]] std::optional<protocol::Millis> epoch_began() override;
    void note_epoch_began(protocol::Millis now) override;
    [[nodiscard]] std::optional<protocol::Millis> lost_since() override;

    /// How it stands, without streams and devices.
    [[nodiscard]] std::optional<WorkspaceStanding> standing(const protocol::WorkspaceId& workspace);
    /// Reads the epoch and counts the leaves again.
    void refresh();
    /// Called after every beginning of an epoch here.
    void on_epoch(std::function<void()> listener) { epoch_listener_ = std::move(listener); }

  private:
    bool learn(const protocol::WorkspaceId& workspace);
    void note_loss();

    engine::Database& database_;
    SqliteMemory& memory_;
    engine::Statement all_, add_, of_token_, confirm_, find_, roster_size_;
    std::function<void()> epoch_listener_;
};

}  // namespace vereda::server
