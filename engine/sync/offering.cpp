#include "engine/sync/offering.h"

#include <algorithm>

namespace vereda::engine::sync {

// Sent for nothing otherwise: the hub has said when to come again.
Offering::Offering(Workspace& workspace)
    : workspace_(workspace),
      everything_(workspace.store().meta(offering_name).has_value()),
      waits_(HubWaits::load(workspace.store())) {
    for (const protocol::LogId& id : waits_.held_back(workspace.environment().clock.now())) {
        if (const auto log = workspace.store().find_log(id)) hold(*log);
    }
}

// A hub in a new epoch has more room for a while, and judges again what it had put off.
void Offering::start(std::uint64_t hub_epoch) {
    LogStore& store = workspace_.store();
    const std::string epoch = std::to_string(hub_epoch);
    const auto offering = store.meta(offering_name);
    if (offering && std::ranges::equal(*offering, as_bytes(epoch))) return;
    everything_ = begun_ = true;
    Transaction transaction(store.database());
    store.put_meta(offering_name, as_bytes(epoch));
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) store.set_pushed({log}, 0);
    transaction.commit();
    for (const protocol::LogId& id : waits_.logs()) {
        if (const auto log = store.find_log(id)) release(*log);
    }
}

std::vector<LogOrdinal> Offering::logs() const {
    if (!everything_) return workspace_.writer().own_logs();
    std::vector<LogOrdinal> logs;
    for (std::uint32_t log = 1; log <= workspace_.store().log_count(); ++log) logs.push_back({log});
    return logs;
}

bool Offering::has_blocks() const {
    LogStore& store = workspace_.store();
    return std::ranges::any_of(logs(), [&](LogOrdinal log) {
        return !holds(log) && store.head(log) && store.pushed(log) <= store.head(log)->block_no;
    });
}

std::size_t Offering::again_from(LogOrdinal log, std::uint64_t block_no) {
    LogStore& store = workspace_.store();
    const std::uint64_t pushed = store.pushed(log);
    if (store.has_forked(log) || pushed <= block_no) return 0;
    store.set_pushed(log, block_no);
    return pushed - block_no;
}

void Offering::end() {
    if (!everything_ || !stuck_.empty()) return;
    everything_ = false;
    workspace_.store().forget_meta(offering_name);
}

}  // namespace vereda::engine::sync
