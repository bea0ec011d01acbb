#include "engine/log/stray_blocks.h"

#include <algorithm>
#include <iterator>

#include "engine/log/block_opening.h"
#include "engine/log/block_repair.h"
#include "engine/log/waiting_room.h"
#include "protocol/domain.h"

namespace vereda::engine {

namespace {

bool is_described(const LogStore& store, LogOrdinal log) {
    return store.has_log(log) && store.info(log).described;
}

// Where nothing but the row's number says the place.
std::string place_of_row(const LogStore& store, const StoredBlock& stored) {
    if (store.has_log(stored.log)) return block_place(store, stored.log, stored.block_no);
    const std::uint64_t id = std::uint64_t{stored.log.value} << LocalDot::seq_bits;
    return "block row " + std::to_string(static_cast<std::int64_t>(id | stored.block_no));
}

}  // namespace

bool StrayBlocks::put_back() {
    const std::vector<StoredBlock> strays = take_strays();
    for (const StoredBlock& stray : strays) put_in_place(stray);
    const bool has_moved = put_acceptances_back();
    return has_moved || !strays.empty();
}

// All of them leave their places before the first one is put back: it may be another's place.
std::vector<StoredBlock> StrayBlocks::take_strays() {
    std::vector<StoredBlock> strays;
    for (const auto& [log, block_no] : store_.block_places()) {
        const auto stored = store_.block(log, block_no);
        if (!stored || !is_stray(*stored)) continue;
        store_.drop_row(log, block_no);
        strays.push_back(*stored);
    }
    return strays;
}

// Most blocks belong where they stand, so that no signature is checked.
bool StrayBlocks::is_stray(const StoredBlock& stored) {
    const auto block = protocol::parse_block(workspace_, stored.bytes);
    if (!block) return false;
    const bool is_named =
        belongs_at(store_, *block, stored.log, stored.block_no) && is_described(store_, stored.log);
    if (is_named && !is_in_wrong_branch(*block, stored.log)) return false;
    return protocol::verify_block(workspace_, *block);
}

// All branches of a log share its name, so only the neighbours tell a block of one from another's.
bool StrayBlocks::is_in_wrong_branch(const protocol::ParsedBlock& block, LogOrdinal log) {
    if (!store_.has_forked(store_.root_of(log)) || fits(block, log)) return false;
    const auto right = branch_of(block);
    return right && !store_.block(*right, block.core.block_no);
}

void StrayBlocks::put_in_place(const StoredBlock& stray) {
    const auto block = protocol::parse_block(workspace_, stray.bytes);
    const auto log = log_of(*block);
    if (!log) return store_.forget_cursors(), let_wait(stray);
    const std::uint64_t block_no = block->core.block_no;
    const auto there = store_.block(*log, block_no);
    if (const auto other = block_at(there, *log, block_no)) {
        if (other->hash != block->hash) let_wait(stray);
        return;
    }
    if (there) store_.drop_row(*log, block_no);
    StoredBlock right = row_of(*log, *block, stray.bytes);
    right.state = stray.state;
    right.acceptance = stray.acceptance;
    store_.put_block(right);
    mishaps_.note(Mishap::Kind::healed, vault_part::block_row, block_place(store_, *log, block_no));
}

// Nothing for a log that has no number any more. A new one could be that which open entries still
// have for another log, so it waits for what its hub serves.
std::optional<LogOrdinal> StrayBlocks::log_of(const protocol::ParsedBlock& block) {
    const auto log = store_.find_log(block.log);
    if (!log || store_.has_forked(*log)) return log ? branch_of(block) : std::nullopt;
    if (store_.info(*log).described) return log;
    const protocol::Core& core = block.core;
    store_.describe(
        *log, {.log = block.log,
               .device = core.device,
               .turf = store_.number_of(core.turf),
               .incarnation = core.incarnation});
    return log;
}

std::optional<LogOrdinal> StrayBlocks::branch_of(const protocol::ParsedBlock& block) {
    for (const LogOrdinal branch : store_.family_of(*store_.find_log(block.log))) {
        if (fits(block, branch)) return branch;
    }
    return std::nullopt;
}

// By the block before it, or by the one after it. A branch is named after its first block.
bool StrayBlocks::fits(const protocol::ParsedBlock& block, LogOrdinal branch) {
    const auto begun = store_.find_log(protocol::branch_id(workspace_, block.log, block.hash));
    if (begun && store_.info(*begun).branch) return begun == branch;
    const std::uint64_t block_no = block.core.block_no;
    if (block_no <= store_.first_block(branch)) return block_no == 0 && !store_.info(branch).branch;
    const auto before = store_.block(branch, block_no - 1);
    if (before && before->hash == block.core.previous) return true;
    const auto after = store_.block(branch, block_no + 1);
    const auto next = after ? protocol::parse_block(workspace_, after->bytes)
                            : std::unexpected(protocol::BlockError::malformed);
    return next && next->core.previous == block.hash;
}

// Nothing where the row there is rotten, or none.
std::optional<protocol::ParsedBlock> StrayBlocks::block_at(
    const std::optional<StoredBlock>& stored, LogOrdinal log, std::uint64_t block_no) const {
    auto block = stored ? signed_block(workspace_, stored->bytes) : std::nullopt;
    if (block && !belongs_at(store_, *block, log, block_no)) block.reset();
    return block;
}

// A block that lacks the hub's word, and stands where it belongs, is the one that the word is of.
bool StrayBlocks::put_acceptances_back() {
    bool has_moved = false;
    for (const LogStore::MovedAcceptance& moved : store_.moved_acceptances()) {
        const auto& [log, block_no] = moved.to;
        if (!block_at(store_.block(log, block_no), log, block_no)) continue;
        store_.put_acceptance_back(moved);
        mishaps_.note(
            Mishap::Kind::healed, vault_part::acceptance, block_place(store_, log, block_no));
        has_moved = true;
    }
    return has_moved;
}

void StrayBlocks::let_wait(const StoredBlock& stored) {
    const auto block = whole_block(workspace_, stored.bytes);
    const bool waits =
        block && store_.waiting_room().keep(
                     block->hash, block->core.device, {.block = block->core.previous},
                     encode_waiting(stored.bytes, stored.acceptance));
    const bool is_sent = stored.acceptance || (store_.has_log(stored.log) &&
                                               stored.block_no < store_.pushed(stored.log));
    if (waits || is_sent) return;
    const std::string place = place_of_row(store_, stored);
    mishaps_.set_bytes_aside(place, stored.bytes);
    std::optional<Mishap::Entries> entries;
    if (store_.has_log(stored.log))
        entries = Mishap::Entries{store_.info(stored.log).log, stored.first_seq, stored.count};
    mishaps_.note(Mishap::Kind::lost, vault_part::block, place, entries);
}

// ---- rows that say nothing any more

bool StrayBlocks::drop_unreadable() {
    std::vector<StoredBlock> unreadable = unreadable_in_no_log();
    for (std::uint32_t log = 1; log <= store_.log_count(); ++log) {
        if (store_.info({log}).described)
            std::ranges::move(unreadable_behind_hole({log}), std::back_inserter(unreadable));
    }
    for (const StoredBlock& stored : unreadable) store_.drop_row(stored.log, stored.block_no);
    for (const StoredBlock& stored : unreadable) give_up(stored);
    return !unreadable.empty();
}

std::vector<StoredBlock> StrayBlocks::unreadable_in_no_log() {
    std::vector<StoredBlock> unreadable;
    if (!store_.has_block_without_log()) return unreadable;
    for (const auto& [log, block_no] : store_.block_places()) {
        if (!is_described(store_, log)) unreadable.push_back(*store_.block(log, block_no));
    }
    return unreadable;
}

std::vector<StoredBlock> StrayBlocks::unreadable_behind_hole(LogOrdinal log) {
    std::vector<StoredBlock> unreadable;
    std::uint64_t next = store_.first_block(log);
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        const bool is_behind = row.block_no > next && row.block_no >= store_.pushed(log) &&
                               row.block_no >= store_.accepted_end(log, next);
        auto stored = is_behind ? store_.block(log, row.block_no) : std::nullopt;
        if (stored && !block_at(stored, log, row.block_no)) {
            unreadable.push_back(std::move(*stored));
        } else {
            next = row.block_no + 1;
        }
    }
    return unreadable;
}

// Its copy may have been put back. What the hub took, it serves again with its stream.
void StrayBlocks::give_up(const StoredBlock& stored) {
    if (store_.find_block(stored.hash)) return;
    const std::string place = place_of_row(store_, stored);
    mishaps_.set_bytes_aside(place, stored.bytes);
    if (!stored.acceptance) return mishaps_.note(Mishap::Kind::lost, vault_part::block, place);
    store_.forget_cursors();
    mishaps_.note(Mishap::Kind::damaged, vault_part::stray_block, place);
}

}  // namespace vereda::engine
