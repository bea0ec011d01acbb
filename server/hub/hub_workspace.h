#pragma once

#include <map>
#include <memory>
#include <optional>

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

/// One workspace as a group of requests judges it: how it stands, as the store answered when the
/// group began, and what the hub remembers of it: the verified roster and the devices' logs. What
/// is remembered is a hint, looked at again by `take_up`. Writes go to the store and to memory
/// alike; after a rollback the object is worthless and must go.
class Workspace {
  public:
    /// As it stands. Verifies the whole roster again; throws StorageFailure (corrupt) when what is
    /// stored does not verify.
    [[nodiscard]] static std::unique_ptr<Workspace> load(
        Store& store, const protocol::WorkspaceId& id, WorkspaceStanding standing);
    /// A new one, without entries yet.
    [[nodiscard]] static std::unique_ptr<Workspace> create(
        Store& store, const protocol::WorkspaceId& id, const TokenHash& token);

    /// Whether what is remembered is a beginning of what stands: of the same epoch, and of no
    /// longer roster. Else the object is worthless.
    [[nodiscard]] bool leads_to(const WorkspaceStanding& standing) const;
    /// For a new group: reads the roster entries that another process has added, and forgets the
    /// devices whose blocks it took in. `leads_to` was true.
    void take_up(WorkspaceStanding standing);

    [[nodiscard]] const protocol::WorkspaceId& id() const { return roster_.workspace(); }
    [[nodiscard]] WorkspaceNo no() const { return standing_.no; }
    /// The hub epoch of its streams' chains.
    [[nodiscard]] std::uint64_t epoch() const { return standing_.epoch; }
    [[nodiscard]] const engine::Roster& roster() const { return roster_; }
    [[nodiscard]] Store& store() { return store_; }
    /// Whether a coordinator has read the roster to its end in this hub epoch: what a backup lacked
    /// is back by then, if anybody had it.
    [[nodiscard]] bool is_confirmed() const { return standing_.confirmed_in >= epoch(); }
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
    Workspace(Store& store, const protocol::WorkspaceId& id, WorkspaceStanding standing);
    void take_entry(const protocol::RosterEntry& entry);
    void load_new_entries();
    void forget_changed_devices();
    void forget_devices();
    void count_today(
        const protocol::DeviceId& device, DeviceLogs& logs, const DailyQuota& quota,
        protocol::Millis now);

    struct Known {
        DeviceVersion version;
        DeviceLogs logs;
        bool is_counted = false;  ///< What it used today, too.
    };
    [[nodiscard]] Known& known(const protocol::DeviceId& device);
    void note_block_of(const protocol::DeviceId& device);

    Store& store_;
    WorkspaceStanding standing_;  ///< With what this group has written.
    engine::Roster roster_;
    protocol::ChainHash roster_chain_;
    std::map<crypto::PublicKey, protocol::DeviceId> http_keys_;
    std::map<protocol::DeviceId, Known> devices_;  ///< Each is true while its version is.
    std::map<protocol::DeviceId, Known> unnamed_;  ///< Not in the footprint: for this group alone.
};

}  // namespace vereda::server
