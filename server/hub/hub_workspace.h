#pragma once

#include <map>
#include <memory>

#include "engine/roster/roster.h"
#include "protocol/log/block.h"
#include "server/hub/allowance.h"
#include "server/store/store.h"

namespace vereda::server {

/// What the hub remembers of one log between requests.
struct LogState {
    LogNo no;
    std::optional<protocol::LogTip> tip;
};

/// What a device may hand in a day.
struct DailyQuota {
    std::uint64_t bytes = 0;
    std::uint64_t evidence = 0;  ///< Blocks on branches that lost.
};

/// What the hub remembers of one device's logs.
struct DeviceLogs {
    std::map<protocol::LogId, LogState> logs;
    Allowance bytes;  ///< Of all its blocks; of one that the roster has ended, those since then.
    Allowance evidence;
};

/// One workspace as the hub knows it: the verified roster, and in memory what every push would ask
/// the store again. Writes go to the store and to memory alike; after a rollback the object is
/// worthless and must go.
class Workspace {
  public:
    /// Nothing when the store has no such workspace. Verifies the whole roster again; throws
    /// StorageFailure (corrupt) when what is stored does not verify.
    [[nodiscard]] static std::unique_ptr<Workspace> load(
        Store& store, const protocol::WorkspaceId& id);
    /// A new one, without entries yet.
    [[nodiscard]] static std::unique_ptr<Workspace> create(
        Store& store, const protocol::WorkspaceId& id, const TokenHash& token);

    [[nodiscard]] const protocol::WorkspaceId& id() const { return roster_.workspace(); }
    [[nodiscard]] WorkspaceNo no() const { return no_; }
    [[nodiscard]] const engine::Roster& roster() const { return roster_; }
    [[nodiscard]] Store& store() { return store_; }
    /// Whether a coordinator has read the roster to its end in this hub epoch: what a backup lacked
    /// is back by then, if anybody had it.
    [[nodiscard]] bool is_confirmed() const { return confirmed_in_ >= store_.hub_epoch(); }
    void confirm();

    /// The device whose requests this key signs, whatever became of it.
    [[nodiscard]] std::optional<protocol::DeviceId> device_of(
        const crypto::PublicKey& http_key) const;
    [[nodiscard]] const std::map<crypto::PublicKey, protocol::DeviceId>& http_keys() const {
        return http_keys_;
    }

    /// Verifies the entry, puts it at the roster's end and gives it its leaf.
    [[nodiscard]] std::expected<protocol::Acceptance, engine::RosterError> append(
        ByteView entry, protocol::Millis now);
    [[nodiscard]] const protocol::ChainHash& roster_chain() const { return roster_chain_; }

    /// A turf's stream; without leaves and number 0 in the store until its first block comes.
    [[nodiscard]] StreamEnd& stream(const protocol::TurfId& turf);
    [[nodiscard]] DeviceLogs& logs_of(const protocol::DeviceId& device);
    /// The same, with what the device has used of its quota.
    [[nodiscard]] DeviceLogs& logs_of(
        const protocol::DeviceId& device, const DailyQuota& quota, protocol::Millis now);

    /// Stores a block as the next leaf of its turf.
    protocol::Acceptance put(
        const protocol::ParsedBlock& block, LogState& log, bool evidence, protocol::Millis now);

  private:
    Workspace(Store& store, const protocol::WorkspaceId& id, WorkspaceNo no);
    void take_entry(const protocol::RosterEntry& entry);
    void count_today(
        const protocol::DeviceId& device, DeviceLogs& logs, const DailyQuota& quota,
        protocol::Millis now);

    Store& store_;
    WorkspaceNo no_;
    engine::Roster roster_;
    protocol::ChainHash roster_chain_;
    std::uint64_t confirmed_in_;  ///< Hub epoch.
    std::map<crypto::PublicKey, protocol::DeviceId> http_keys_;
    std::map<protocol::TurfId, StreamEnd> streams_;
    struct Known {
        DeviceLogs logs;
        bool is_counted = false;  ///< What it used today, too.
    };
    [[nodiscard]] Known& known(const protocol::DeviceId& device);
    std::map<protocol::DeviceId, Known> devices_;
};

}  // namespace vereda::server
