#include "engine/sync/hub_tips.h"

#include <algorithm>
#include <set>

#include "protocol/domain.h"
#include "protocol/limits.h"

namespace vereda::engine::sync {

std::vector<protocol::LogId> HubTips::ask() {
    const Identity& own = talk_.workspace.identity();
    asked_.clear();
    for (const protocol::TurfId& turf : talk_.own_turfs())
        asked_.push_back(
            protocol::log_id(talk_.roster().workspace(), own.keys.device(), turf, own.incarnation));
    for (const LogOrdinal log : talk_.workspace.writer().own_logs()) {
        const LogInfo& info = talk_.store().info(log);
        const bool is_current = info.incarnation == own.incarnation && !info.branch;
        const bool is_new = std::ranges::find(asked_, info.log) == asked_.end();
        if (is_new && (is_current || damaged_unsent(log))) asked_.push_back(info.log);
    }
    if (asked_.size() > protocol::own_logs_max) asked_.resize(protocol::own_logs_max);
    return asked_;
}

bool HubTips::receive(const std::vector<protocol::LogTip>& tips) {
    std::set<protocol::LogId> met;
    for (const protocol::LogTip& tip : tips) {
        if (tip.block_no > protocol::seq_max) return false;
        meet(tip);
        met.insert(tip.log);
    }
    for (const protocol::LogId& asked : asked_) {
        const auto log = talk_.store().find_log(asked);
        if (log && !met.contains(asked)) offer_again_from(*log, 0);
    }
    return true;
}

void HubTips::meet(const protocol::LogTip& tip) {
    LogStore& store = talk_.store();
    const auto log = store.find_log(tip.log);
    const auto ours = log ? store.block(*log, tip.block_no) : std::nullopt;
    if (!ours || ours->hash != tip.block) {
        are_ahead_ = true;
        return;
    }
    store.set_pushed(*log, std::max(store.pushed(*log), tip.block_no + 1));
    offer_again_from(*log, tip.block_no + 1);
}

void HubTips::offer_again_from(LogOrdinal log, std::uint64_t block_no) {
    const std::size_t blocks = talk_.offering.again_from(log, block_no);
    if (blocks == 0) return;
    talk_.report.offered_again += blocks;
    talk_.given.forget_from(log, block_no, talk_.hub_epoch);
}

// The first block of an own log that is damaged here and that the hub has not acknowledged.
std::optional<std::uint64_t> HubTips::damaged_unsent(LogOrdinal log) {
    LogStore& store = talk_.store();
    std::optional<std::uint64_t> first;
    for (const auto& [in, block_no] : store.blocks_in_state(BlockState::damaged)) {
        const bool unsent =
            in == log && block_no >= store.pushed(log) && !store.block(log, block_no)->acceptance;
        if (unsent) first = std::min(first.value_or(block_no), block_no);
    }
    return first;
}

// The hub was asked for the tip of each of these logs, so that a reply which was lost counts as
// received.
void HubTips::end_damaged_logs(const std::vector<protocol::LogTip>& tips) {
    for (const LogOrdinal log : talk_.workspace.writer().own_logs()) {
        const auto block_no = damaged_unsent(log);
        if (!block_no || talk_.store().info(log).branch) continue;
        const protocol::LogId id = talk_.store().info(log).log;
        if (std::ranges::find(asked_, id) == asked_.end()) continue;
        const auto tip = std::ranges::find(tips, id, &protocol::LogTip::log);
        if (tip != tips.end() && tip->block_no >= *block_no) continue;
        talk_.report.lost_entries += talk_.workspace.end_log(log, *block_no);
    }
}

void HubTips::read_again_for_damaged() {
    LogStore& store = talk_.store();
    const protocol::DeviceId own = talk_.workspace.identity().keys.device();
    for (const auto& [log, block_no] : store.blocks_in_state(BlockState::damaged)) {
        const bool unsent = store.info(log).device == own && block_no >= store.pushed(log);
        if (!unsent && !store.block(log, block_no)->acceptance)
            store.forget_cursor(store.info(log).turf);
    }
}

}  // namespace vereda::engine::sync
