#include "server/workspace.h"

#include <limits>

#include "engine/storage/storage_failure.h"
#include "server/leaves.h"

namespace vereda::server {
namespace {

using engine::StorageFailure;
using engine::StorageFault;
using protocol::Acceptance;
using protocol::DeviceId;

const protocol::TurfId roster_stream{};

protocol::LogTip tip_of(const protocol::WorkspaceId& workspace, const StoredBlock& stored) {
    const auto parsed = protocol::parse_block(workspace, stored.block);
    if (!parsed) throw StorageFailure(StorageFault::corrupt, "a stored block does not parse");
    return {parsed->log, parsed->core.block_no, parsed->hash, parsed->core.last_seq()};
}

}  // namespace

Workspace::Workspace(Store& store, const protocol::WorkspaceId& id, WorkspaceNo no)
    : store_(store),
      no_(no),
      roster_(id),
      roster_chain_(first_chain(id, store.hub_epoch(), roster_stream)),
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
    roster_chain_ = chain_after(roster_chain_, id(), roster_.last_hash(), leaf);
    store_.put_entry(no_, position, entry, leaf, roster_chain_);
    roster_.note_accepted(position, now);
    take_entry(roster_.entry_at(position));
    devices_.clear();  // an entry may have ended devices, whose quotas then count anew
    return leaf;
}

StreamEnd& Workspace::stream(const protocol::TurfId& turf) {
    const auto at = streams_.find(turf);
    if (at != streams_.end()) return at->second;
    const auto stored = store_.find_stream(no_, turf);
    const StreamEnd fresh{{}, 0, first_chain(id(), store_.hub_epoch(), turf)};
    return streams_.emplace(turf, stored.value_or(fresh)).first->second;
}

DeviceLogs& Workspace::logs_of(const DeviceId& device) {
    const auto at = devices_.find(device);
    if (at != devices_.end()) return at->second;
    DeviceLogs logs;
    for (const LogUse& use : store_.logs_of(no_, device)) {
        LogState& log = logs.logs[use.log];
        log.no = use.no;
        if (const auto tip = store_.tip_of(use.no)) log.tip = tip_of(id(), *tip);
        logs.bytes += use.bytes;
        logs.evidence_bytes += use.evidence_bytes;
    }
    count_since_end(device, logs);
    return devices_.emplace(device, std::move(logs)).first->second;
}

void Workspace::count_since_end(const DeviceId& device, DeviceLogs& logs) {
    const engine::RosterDevice* known = roster_.find(device);
    if (known == nullptr || !known->ended) return;
    const auto ended = roster_.accepted_at(known->ended->at).value_or(protocol::Millis{});
    for (const auto& [id, log] : logs.logs) {
        logs.bytes_since_end += store_.bytes_since(log.no, ended);
    }
}

Acceptance Workspace::put(
    const protocol::ParsedBlock& block, LogState& log, bool evidence, protocol::Millis now) {
    StreamEnd& end = stream(block.core.turf);
    if (end.no == StreamNo{}) end.no = store_.add_stream(no_, block.core.turf, end.chain);
    if (log.no == LogNo{}) log.no = store_.add_log(no_, block.log, block.core.device);
    const Acceptance leaf{end.seq + 1, now};
    const auto chain = chain_after(end.chain, id(), block, leaf);
    store_.put_block(
        {.stream = end.no,
         .log = log.no,
         .block_no = block.core.block_no,
         .evidence = evidence,
         .leaf = leaf,
         .chain = chain,
         .block = block.wire});
    end.seq = leaf.stream_seq;
    end.chain = chain;
    if (!evidence) {
        log.tip = {block.log, block.core.block_no, block.hash, block.core.last_seq()};
    }
    return leaf;
}

}  // namespace vereda::server
