#include "engine/log/branches.h"

#include <algorithm>
#include <tuple>

#include "protocol/domain.h"

namespace vereda::engine {
namespace {

using Kind = BlockPlace::Kind;

// A log that forgets roster entries it had seen is two logs under one name.
bool fits_after(const BlockPlaceInLog& before, const protocol::Core& core) {
    return before.block_no + 1 == core.block_no && before.entries().last.next() == core.first_seq &&
           before.roster_position <= core.roster_position;
}

BlockPlaceInLog place_of(LogOrdinal log, const BlockHead& head) {
    return {
        .log = log,
        .block_no = head.block_no,
        .first_seq = head.last_seq,
        .count = 1,
        .roster_position = head.roster_position,
        .hash = head.hash};
}

BlockPlace place_after(
    LogStore& store, LogOrdinal root, const BlockPlaceInLog& before, const protocol::Core& core) {
    if (store.root_of(before.log) != root || !fits_after(before, core)) return {Kind::misfit, root};
    if (!before.is_read) return {Kind::unread, root};
    const bool is_last = store.head(before.log)->block_no == before.block_no;
    return {is_last ? Kind::next : Kind::beside, before.log};
}

BlockPlace place_first(LogStore& store, LogOrdinal root, const protocol::Core& core) {
    if (core.first_seq.value != 1 || core.previous != protocol::BlockHash{})
        return {Kind::misfit, root};
    return {store.head(root) ? Kind::beside : Kind::next, root};
}

// A branch that begins with the block `first`, beside another one of the log `from`.
struct Offshoot {
    LogOrdinal from;
    std::uint64_t first_block = 0;
    protocol::Seq first_seq;
    protocol::LogId name;
};

// In this order branches are read up to the bound. A branch comes after the one that it left, so
// what is read is never without what lies before it.
auto rank(const Offshoot& branch) { return std::tuple(branch.first_block, branch.name); }
auto rank(const LogStore& store, LogOrdinal branch) {
    return std::tuple(store.first_block(branch), store.info(branch).log);
}

LogOrdinal last_in_rank(const LogStore& store, const std::vector<LogOrdinal>& branches) {
    return *std::ranges::max_element(
        branches, {}, [&](LogOrdinal branch) { return rank(store, branch); });
}

// Whether there is room for one more branch, if need be by no more reading the last one.
bool make_room(LogStore& store, const Offshoot& branch) {
    std::vector<LogOrdinal> others = store.family_of(store.root_of(branch.from));
    others.erase(others.begin());  // the log itself
    if (others.size() < branches_max) return true;
    const LogOrdinal last = last_in_rank(store, others);
    if (rank(store, last) < rank(branch)) return false;
    store.stop_reading(last, store.first_block(last));
    return true;
}

// A branch that the disk has left without a block still has its name.
std::optional<LogOrdinal> begun_branch(const LogStore& store, const Offshoot& offshoot) {
    const auto branch = store.find_log(offshoot.name);
    const bool is_begun = branch && store.info(*branch).described && !store.head(*branch);
    return is_begun ? branch : std::nullopt;
}

LogOrdinal begin_branch(LogStore& store, const Offshoot& offshoot) {
    LogInfo info = store.info(offshoot.from);
    info.log = offshoot.name;
    info.branch = Branch{
        store.root_of(offshoot.from), offshoot.from, offshoot.first_block, offshoot.first_seq};
    const LogOrdinal branch = store.ordinal_of(info.log);
    store.describe(branch, info);
    return branch;
}

}  // namespace

BlockPlace find_place(LogStore& store, LogOrdinal root, const protocol::ParsedBlock& block) {
    // Most blocks go on where the log ends.
    const std::optional<BlockHead>& head = store.head(root);
    if (head && head->hash == block.core.previous)
        return place_after(store, root, place_of(root, *head), block.core);
    if (const auto there = store.find_block(block.hash))
        return {there->is_read ? Kind::known : Kind::unread, there->log};
    if (block.core.block_no == 0) return place_first(store, root, block.core);
    const auto before = store.find_block(block.core.previous);
    return before ? place_after(store, root, *before, block.core) : BlockPlace{Kind::unknown, root};
}

std::optional<LogOrdinal> part_log(
    LogStore& store, const protocol::WorkspaceId& workspace, LogOrdinal log,
    const protocol::ParsedBlock& block) {
    const std::uint64_t place = block.core.block_no;
    const std::optional<StoredBlock> there = store.block(log, place);
    if (!there) throw StorageFailure(StorageFault::corrupt, "a block in the middle of a log");
    if (there->hash == block.hash)
        throw StorageFailure(StorageFault::corrupt, "the index of the blocks by their hashes");
    const protocol::LogId& root = store.info(store.root_of(log)).log;
    const protocol::BlockHash& first = std::max(there->hash, block.hash);
    const Offshoot offshoot{
        log, place, block.core.first_seq, protocol::branch_id(workspace, root, first)};
    if (const auto begun = begun_branch(store, offshoot); begun && first == block.hash)
        return begun;
    const bool has_room = make_room(store, offshoot);
    if (first == block.hash)
        return has_room ? std::optional(begin_branch(store, offshoot)) : std::nullopt;
    if (has_room) {
        store.move_tail(log, place, begin_branch(store, offshoot));
    } else {
        store.stop_reading(log, place);
    }
    return log;
}

}  // namespace vereda::engine
