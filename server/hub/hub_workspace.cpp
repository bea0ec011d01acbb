#include "server/hub/hub_workspace.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "engine/storage/storage_failure.h"
#include "protocol/sync/leaf.h"

namespace vereda::server {
namespace {

using engine::StorageFailure;
using engine::StorageFault;
using protocol::Acceptance;
using protocol::DeviceId;

const protocol::TurfId roster_stream{};

}  // namespace

Workspace::Workspace(Store& store, const protocol::WorkspaceId& id, WorkspaceNo no)
    : store_(store),
      no_(no),
      roster_(id),
      roster_chain_(protocol::chain_start(id, store.hub_epoch(), roster_stream)),
      confirmed_in_(store.roster_confirmed_in(no)) {}

std::unique_ptr<Workspace> Workspace::load(Store& store, const protocol::WorkspaceId& id) {
    const auto no = store.find_workspace(id);
    if (!no) return nullptr;
    std::unique_ptr<Workspace> workspace(new Workspace(store, id, *no));
    constexpr auto all = std::numeric_limits<std::size_t>::max();
    for (const StoredEntry& stored : store.entries_from(*no, {0}, all)) {
        if (!workspace->roster_.append(stored.entry)) {
            throw StorageFailure(StorageFault::corrupt, "a stored roster does not verify");
        }
        const auto last = workspace->roster_.last_position();
        workspace->roster_.note_accepted(last, stored.leaf.accepted);
        workspace->take_entry(workspace->roster_.entry_at(last));
        workspace->roster_chain_ = stored.chain;
    }
    return workspace;
}

std::unique_ptr<Workspace> Workspace::create(
    Store& store, const protocol::WorkspaceId& id, const TokenHash& token) {
    return std::unique_ptr<Workspace>(new Workspace(store, id, store.add_workspace(id, token)));
}

void Workspace::confirm() {
    store_.confirm_roster(no_);
    confirmed_in_ = store_.hub_epoch();
}

std::optional<DeviceId> Workspace::device_of(const crypto::PublicKey& http_key) const {
    const auto at = http_keys_.find(http_key);
    return at == http_keys_.end() ? std::nullopt : std::optional(at->second);
}

void Workspace::take_entry(const protocol::RosterEntry& entry) {
    if (const auto* genesis = std::get_if<protocol::Genesis>(&entry.body)) {
        http_keys_[genesis->keys.http] = genesis->keys.device;
    } else if (const auto* enrolled = std::get_if<protocol::DeviceEnrolled>(&entry.body)) {
        http_keys_[enrolled->keys.http] = enrolled->keys.device;
    }
}

std::expected<Acceptance, engine::RosterError> Workspace::append(
    ByteView entry, protocol::Millis now) {
    const auto appended = roster_.append(entry);
    if (!appended) return std::unexpected(appended.error());
    const auto position = roster_.last_position();
    const Acceptance leaf{position.value + 1, now};
    roster_chain_ =
        protocol::chain_next(roster_chain_, encode_leaf(leaf_of(id(), roster_.last_hash()), leaf));
    store_.put_entry(no_, position, entry, leaf, roster_chain_);
    roster_.note_accepted(position, now);
    take_entry(roster_.entry_at(position));
    devices_.clear();  // an entry may have ended devices, whose quotas count from then on
    return leaf;
}

StreamEnd& Workspace::stream(const protocol::TurfId& turf) {
    const auto at = streams_.find(turf);
    if (at != streams_.end()) return at->second;
    const auto stored = store_.find_stream(no_, turf);
    const StreamEnd fresh{{}, 0, protocol::chain_start(id(), store_.hub_epoch(), turf)};
    return streams_.emplace(turf, stored.value_or(fresh)).first->second;
}

Workspace::Known& Workspace::known(const DeviceId& device) {
    const auto at = devices_.find(device);
    if (at != devices_.end()) return at->second;
    Known known;
    for (const StoredLog& stored : store_.logs_of(no_, device)) {
        LogState& log = known.logs.logs[stored.log];
        log.no = stored.no;
        if (const auto tip = store_.tip_of(stored.no)) {
            log.tip = {stored.log, tip->block_no, tip->hash, tip->last_seq};
        }
    }
    return devices_.emplace(device, std::move(known)).first->second;
}

DeviceLogs& Workspace::logs_of(const DeviceId& device) { return known(device).logs; }

DeviceLogs& Workspace::logs_of(
    const DeviceId& device, const DailyQuota& quota, protocol::Millis now) {
    Known& there = known(device);
    if (!there.is_counted) count_today(device, there.logs, quota, now);
    there.is_counted = true;
    return there.logs;
}

/// What lies further back than a day has come back by now.
void Workspace::count_today(
    const DeviceId& device, DeviceLogs& logs, const DailyQuota& quota, protocol::Millis now) {
    protocol::Millis since{now.value - Allowance::day_ms};
    const engine::RosterDevice* known = roster_.find(device);
    if (known != nullptr && known->ended) {
        since = std::max(since, roster_.accepted_at(known->ended->at).value_or(since));
    }
    std::vector<TakenBlock> taken;
    for (const auto& [id, log] : logs.logs) {
        std::ranges::move(store_.taken_since(log.no, since), std::back_inserter(taken));
    }
    std::ranges::sort(taken, {}, &TakenBlock::accepted);
    for (const TakenBlock& block : taken) {
        logs.bytes.use(block.size, block.accepted, quota.bytes);
        if (block.evidence) logs.evidence.use(1, block.accepted, quota.evidence);
    }
}

Acceptance Workspace::put(
    const protocol::ParsedBlock& block, LogState& log, bool evidence, protocol::Millis now) {
    StreamEnd& end = stream(block.core.turf);
    if (end.no == StreamNo{}) end.no = store_.add_stream(no_, block.core.turf, end.chain);
    if (log.no == LogNo{}) log.no = store_.add_log(no_, block.log, block.core.device);
    const Acceptance leaf{end.seq + 1, now};
    const auto chain = protocol::chain_next(end.chain, encode_leaf(leaf_of(id(), block), leaf));
    store_.put_block(
        {.stream = end.no,
         .log = log.no,
         .block_no = block.core.block_no,
         .evidence = evidence,
         .leaf = leaf,
         .chain = chain,
         .hash = block.hash,
         .last_seq = block.core.last_seq(),
         .block = block.wire});
    end.seq = leaf.stream_seq;
    end.chain = chain;
    if (!evidence) {
        log.tip = {block.log, block.core.block_no, block.hash, block.core.last_seq()};
    }
    return leaf;
}

}  // namespace vereda::server
