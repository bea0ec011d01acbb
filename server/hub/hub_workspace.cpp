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

Workspace::Workspace(Store& store, const protocol::WorkspaceId& id, WorkspaceStanding standing)
    : store_(store),
      standing_(std::move(standing)),
      roster_(id),
      roster_chain_(protocol::chain_start(id, standing_.epoch, roster_stream)) {}

std::unique_ptr<Workspace> Workspace::load(
    Store& store, const protocol::WorkspaceId& id, WorkspaceStanding standing) {
    std::unique_ptr<Workspace> workspace(new Workspace(store, id, std::move(standing)));
    workspace->load_new_entries();
    return workspace;
}

std::unique_ptr<Workspace> Workspace::create(
    Store& store, const protocol::WorkspaceId& id, const TokenHash& token) {
    WorkspaceStanding standing;
    standing.no = store.workspaces().add(id, token);
    standing.epoch = store.workspaces().hub_epoch();
    standing.confirmed_in = standing.epoch;
    return std::unique_ptr<Workspace>(new Workspace(store, id, std::move(standing)));
}

bool Workspace::leads_to(const WorkspaceStanding& standing) const {
    return standing.epoch == epoch() && roster_.size() <= standing.roster_size;
}

void Workspace::take_up(WorkspaceStanding standing) {
    standing_ = std::move(standing);
    forget_changed_devices();
    load_new_entries();
}

/// A device that this group does not name keeps its version: a later group compares it.
void Workspace::forget_changed_devices() {
    unnamed_.clear();
    for (const auto& [device, version] : standing_.devices) {
        const auto at = devices_.find(device);
        if (at != devices_.end() && at->second.version != version) devices_.erase(at);
    }
}

/// A roster entry may have ended some, whose quotas count from then on.
void Workspace::forget_devices() {
    devices_.clear();
    unnamed_.clear();
}

void Workspace::load_new_entries() {
    if (roster_.size() >= standing_.roster_size) return;
    constexpr auto all = std::numeric_limits<std::size_t>::max();
    for (const StoredEntry& stored :
         store_.rosters().entries_from(no(), roster_.next_position(), all)) {
        if (!roster_.append(stored.entry)) {
            throw StorageFailure(StorageFault::corrupt, "a stored roster does not verify");
        }
        const auto last = roster_.last_position();
        roster_.note_accepted(last, stored.leaf.accepted);
        take_entry(roster_.entry_at(last));
        roster_chain_ = stored.chain;
    }
    forget_devices();
}

void Workspace::confirm() {
    store_.workspaces().confirm_roster(no());
    standing_.confirmed_in = epoch();
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
    store_.rosters().put_entry(no(), position, entry, leaf, roster_chain_);
    roster_.note_accepted(position, now);
    standing_.roster_size = roster_.size();
    take_entry(roster_.entry_at(position));
    forget_devices();
    return leaf;
}

StreamEnd& Workspace::stream(const protocol::TurfId& turf) {
    auto at = standing_.streams.find(turf);
    if (at == standing_.streams.end()) {
        const auto unnamed = store_.streams().find(no(), turf).value_or(StreamEnd{});
        at = standing_.streams.emplace(turf, unnamed).first;
    }
    StreamEnd& end = at->second;
    if (end.no == StreamNo{}) end.chain = protocol::chain_start(id(), epoch(), turf);
    return end;
}

Workspace::Known& Workspace::known(const DeviceId& device) {
    const auto named = standing_.devices.find(device);
    const bool is_named = named != standing_.devices.end();
    auto& kept = is_named ? devices_ : unnamed_;
    const auto at = kept.find(device);
    if (at != kept.end()) return at->second;
    Known known;
    if (is_named) known.version = named->second;
    for (const StoredLog& stored : store_.logs().of_device(no(), device)) {
        LogState& log = known.logs.logs[stored.log];
        log.no = stored.no;
        if (const auto tip = store_.logs().tip_of(stored.no)) {
            log.tip = {stored.log, tip->block_no, tip->hash, tip->last_seq};
        }
    }
    return kept.emplace(device, std::move(known)).first->second;
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
        std::ranges::move(store_.logs().taken_since(log.no, since), std::back_inserter(taken));
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
    if (end.no == StreamNo{}) end.no = store_.streams().add(no(), block.core.turf, end.chain);
    if (log.no == LogNo{}) log.no = store_.logs().add(no(), block.log, block.core.device);
    const Acceptance leaf{end.seq + 1, now};
    const auto chain = protocol::chain_next(end.chain, encode_leaf(leaf_of(id(), block), leaf));
    store_.streams().put(
        {.workspace = no(),
         .stream = end.no,
         .log = log.no,
         .author = block.core.device,
         .block_no = block.core.block_no,
         .evidence = evidence,
         .leaf = leaf,
         .chain = chain,
         .hash = block.hash,
         .last_seq = block.core.last_seq(),
         .block = block.wire});
    end.seq = leaf.stream_seq;
    end.chain = chain;
    note_block_of(block.core.device);
    if (!evidence) {
        log.tip = {block.log, block.core.block_no, block.hash, block.core.last_seq()};
    }
    return leaf;
}

/// The store counts the same, so what is remembered stays true.
void Workspace::note_block_of(const DeviceId& device) {
    const auto named = standing_.devices.find(device);
    if (named == standing_.devices.end()) return;
    named->second.value += 1;
    known(device).version = named->second;
}

}  // namespace vereda::server
