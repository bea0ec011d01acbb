#include "engine/log/branches.h"

#include "protocol/domain.h"

namespace vereda::engine {
namespace {

using Kind = BlockPlace::Kind;

BlockHead head_of(const StoredBlock& block) {
    return {
        .block_no = block.block_no,
        .last_seq = {block.first_seq.value + block.count - 1},
        .hash = block.hash,
        .roster_position = block.roster_position};
}

// What lies in `log` just before `block`, if that is what `block` names as its predecessor.
std::optional<BlockHead> predecessor_in(
    LogStore& store, LogOrdinal log, const protocol::Core& core) {
    const std::optional<BlockHead>& head = store.head(log);
    if (!head || head->block_no + 1 < core.block_no) return std::nullopt;
    std::optional<BlockHead> before = head;
    if (head->block_no + 1 != core.block_no) {
        const auto stored = store.block(log, core.block_no - 1);
        before = stored ? std::optional(head_of(*stored)) : std::nullopt;
    }
    return before && before->hash == core.previous ? before : std::nullopt;
}

BlockPlace place_after(
    LogStore& store, LogOrdinal log, const BlockHead& before, const protocol::Core& core) {
    // A log that forgets roster entries it had seen is two logs under one name.
    const bool fits =
        core.first_seq == before.last_seq.next() && core.roster_position >= before.roster_position;
    if (!fits) return {Kind::misfit, log};
    return {store.head(log)->block_no + 1 == core.block_no ? Kind::next : Kind::beside, log};
}

BlockPlace place_first(LogStore& store, LogOrdinal root, const protocol::Core& core) {
    if (core.first_seq.value != 1 || core.previous != protocol::BlockHash{})
        return {Kind::misfit, root};
    return {store.head(root) ? Kind::beside : Kind::next, root};
}

bool holds(LogStore& store, LogOrdinal log, const protocol::ParsedBlock& block) {
    const std::optional<BlockHead>& head = store.head(log);
    if (!head || head->block_no < block.core.block_no) return false;
    if (head->block_no == block.core.block_no) return head->hash == block.hash;
    const auto stored = store.block(log, block.core.block_no);
    return stored && stored->hash == block.hash;
}

// The branch that begins with `first`, a block of the log `log` or meant for it.
LogOrdinal begin_branch(
    LogStore& store, const protocol::WorkspaceId& workspace, LogOrdinal log,
    std::uint64_t first_block, protocol::Seq first_seq, const protocol::BlockHash& first) {
    const LogOrdinal root = store.root_of(log);
    LogInfo info = store.info(log);
    info.log = protocol::branch_id(workspace, store.info(root).log, first);
    info.branch = Branch{root, log, first_block, first_seq};
    const LogOrdinal branch = store.ordinal_of(info.log);
    store.describe(branch, info);
    return branch;
}

}  // namespace

BlockPlace find_place(LogStore& store, LogOrdinal root, const protocol::ParsedBlock& block) {
    const std::vector<LogOrdinal> family = store.family_of(root);
    for (const LogOrdinal log : family) {
        if (holds(store, log, block)) return {Kind::known, log};
    }
    if (block.core.block_no == 0) return place_first(store, root, block.core);
    for (const LogOrdinal log : family) {
        const auto before = predecessor_in(store, log, block.core);
        if (before) return place_after(store, log, *before, block.core);
    }
    return {Kind::unknown, root};
}

LogOrdinal part_log(
    LogStore& store, const protocol::WorkspaceId& workspace, LogOrdinal log,
    const protocol::ParsedBlock& block) {
    const std::uint64_t place = block.core.block_no;
    const std::optional<StoredBlock> there = store.block(log, place);
    VEREDA_ASSERT(there && there->hash != block.hash);
    if (there->hash < block.hash)
        return begin_branch(store, workspace, log, place, block.core.first_seq, block.hash);
    const LogOrdinal branch =
        begin_branch(store, workspace, log, place, there->first_seq, there->hash);
    store.move_tail(log, place, branch);
    return log;
}

}  // namespace vereda::engine
