#include "engine/log/block_gaps.h"

#include <algorithm>

#include "engine/log/block_repair.h"
#include "engine/log/waiting_room.h"
#include "protocol/limits.h"
#include "protocol/payload.h"

namespace vereda::engine {
namespace {}  // namespace

std::set<LogOrdinal> BlockGaps::close(bool everywhere) {
    put_copies_back();
    std::set<LogOrdinal> cut;
    for (std::uint32_t number = 1; number <= store_.log_count(); ++number) {
        const LogOrdinal log{number};
        if (!store_.info(log).described) continue;
        if (everywhere) stand_in(log);
        if ((everywhere || lacks_last_block(log)) && end_at_gap(log)) cut.insert(log);
    }
    if (!cut.empty()) store_.forget_cursors();
    return cut;
}

void BlockGaps::put_copies_back() {
    for (const auto& [log, block_no] : store_.copies_without_block()) {
        if (const auto block = from_copy(log, block_no)) {
            store_.put_block(*block);
            mishaps_.note(
                Mishap::Kind::healed, vault_part::missing_block,
                block_place(store_, log, block_no));
        }
    }
}

std::optional<StoredBlock> BlockGaps::from_copy(LogOrdinal log, std::uint64_t block_no) {
    auto wire = store_.copy_of(log, block_no);
    if (!wire) return std::nullopt;
    const auto block = whole_block(workspace_, *wire);
    if (!block || block->core.block_no != block_no ||
        block->log != store_.info(store_.root_of(log)).log)
        return std::nullopt;
    return StoredBlock{
        .log = log,
        .block_no = block_no,
        .first_seq = block->core.first_seq,
        .count = block->core.count,
        .state = BlockState::open,
        .roster_position = block->core.roster_position,
        .hash = block->hash,
        .bytes = std::move(*wire)};
}

void BlockGaps::stand_in(LogOrdinal log) {
    const std::optional<Branch>& branch = store_.info(log).branch;
    std::uint64_t block_no = store_.first_block(log);
    protocol::Seq seq = branch ? branch->first_seq : protocol::Seq{1};
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        const bool lacks_one = row.block_no == block_no + 1 && row.first_seq > seq;
        if (lacks_one && store_.known_blocks(log) <= block_no)
            stand_in(log, block_no, seq, row.first_seq.value);
        block_no = row.block_no + 1;
        seq = {row.first_seq.value + row.count};
    }
}

// A single missing block that the hub has not acknowledged must not hold up the rest for ever. The
// block after it says its hash, and its neighbours say its numbers. So a damaged block stands in
// its place. Then the hub has the block after all, or the log ends there (decision 16).
void BlockGaps::stand_in(
    LogOrdinal log, std::uint64_t block_no, protocol::Seq first, std::uint64_t next) {
    const auto after = store_.block(log, block_no + 1);
    if (!after) return;
    const auto block = protocol::parse_block(workspace_, after->bytes);
    const std::uint64_t count = next - first.value;
    if (!block || !protocol::verify_block(workspace_, *block)) return;
    const bool is_next =
        block->core.block_no == block_no + 1 && block->core.first_seq.value == next;
    if (!is_next || count > protocol::block_entries_max) return;
    store_.put_block(
        {.log = log,
         .block_no = block_no,
         .first_seq = first,
         .count = static_cast<std::uint32_t>(count),
         .state = BlockState::damaged,
         .roster_position = after->roster_position,
         .hash = block->core.previous,
         .bytes = {}});
    mishaps_.note(Mishap::Kind::damaged, vault_part::block, block_place(store_, log, block_no));
}

bool BlockGaps::lacks_last_block(LogOrdinal log) {
    return store_.known_blocks(log) > store_.end_of(log);
}

// Blocks at the end of a log are missing too, when something still says that they were there.
std::optional<BlockGaps::Gap> BlockGaps::find_gap(LogOrdinal log) {
    const std::optional<Branch>& branch = store_.info(log).branch;
    std::uint64_t block_no = store_.first_block(log);
    protocol::Seq seq = branch ? branch->first_seq : protocol::Seq{1};
    std::optional<Gap> gap;
    const auto lacks_until = [&](std::uint64_t next, std::uint64_t entries) {
        if (next <= block_no) return;
        if (!gap) gap = Gap{.first_block = block_no, .first_seq = seq};
        gap->last_block = next - 1;
        gap->entries += std::max(entries, next - block_no);
    };
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        if (row.block_no < block_no) continue;  // rotten, and out of its order
        lacks_until(row.block_no, row.first_seq > seq ? row.first_seq.value - seq.value : 0);
        block_no = row.block_no + 1;
        seq = {row.first_seq.value + row.count};
    }
    lacks_until(store_.known_blocks(log), 0);
    return gap;
}

bool BlockGaps::end_at_gap(LogOrdinal log) {
    const std::optional<Gap> gap = find_gap(log);
    if (!gap) return false;
    mishaps_.note(
        Mishap::Kind::damaged, vault_part::missing_block,
        blocks_place(store_, log, gap->first_block, gap->last_block),
        Mishap::Entries{store_.info(log).log, gap->first_seq, gap->entries});
    let_wait(log, gap->first_block);
    store_.cut_log(log, gap->first_block);
    return true;
}

void BlockGaps::let_wait(LogOrdinal log, std::uint64_t from_block) {
    for (const LogStore::BlockRow& row : store_.block_rows(log, from_block)) {
        if (const auto block = store_.block(log, row.block_no)) let_wait(*block);
    }
}

// The hub serves a block again that is rotten or that the waiting room does not take. If the hub
// never had it, its bytes are kept for a rescuer.
void BlockGaps::let_wait(const StoredBlock& stored) {
    const auto block = whole_block(workspace_, stored.bytes);
    const bool waits =
        block && store_.waiting_room().keep(
                     block->hash, block->core.device, {.block = block->core.previous},
                     encode_waiting(stored.bytes, stored.acceptance));
    if (waits || stored.acceptance || stored.block_no < store_.pushed(stored.log)) return;
    const std::string place = block_place(store_, stored.log, stored.block_no);
    mishaps_.set_bytes_aside(place, stored.bytes);
    mishaps_.note(
        Mishap::Kind::lost, vault_part::block, place,
        Mishap::Entries{store_.info(stored.log).log, stored.first_seq, stored.count});
}

std::vector<Mishap> BlockGaps::open_gaps() {
    std::vector<Mishap> open = mishaps_.all();
    std::erase_if(open, [](const Mishap& mishap) {
        const bool is_gap = mishap.what == vault_part::missing_block && mishap.entries;
        return !is_gap || mishap.kind != Mishap::Kind::damaged;
    });
    return open;
}

bool BlockGaps::has_open() { return !open_gaps().empty(); }

std::uint64_t BlockGaps::missing_entries() {
    std::uint64_t entries = 0;
    for (const Mishap& gap : open_gaps()) entries += std::max<std::uint64_t>(gap.entries->count, 1);
    return entries;
}

void BlockGaps::take_as_lost(const std::vector<LogOrdinal>& logs) {
    for (const Mishap& gap : open_gaps()) {
        const auto log = store_.find_log(gap.entries->log);
        if (log && std::ranges::find(logs, *log) != logs.end())
            mishaps_.note(Mishap::Kind::lost, vault_part::missing_block, gap.place, gap.entries);
    }
}

void BlockGaps::note_filled() {
    for (const Mishap& gap : open_gaps()) {
        const auto log = store_.find_log(gap.entries->log);
        if (log && store_.head(*log) && store_.head(*log)->block_no >= last_block_of(gap.place))
            mishaps_.heal(vault_part::missing_block, gap.place);
    }
}

}  // namespace vereda::engine
