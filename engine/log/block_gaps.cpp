#include "engine/log/block_gaps.h"

#include <algorithm>

#include "engine/log/block_repair.h"
#include "engine/log/waiting_room.h"
#include "protocol/limits.h"
#include "protocol/log/payload.h"

namespace vereda::engine {

namespace {

StoredBlock stored_in(LogOrdinal log, const protocol::ParsedBlock& block, const Bytes& wire) {
    return {
        .log = log,
        .block_no = block.core.block_no,
        .first_seq = block.core.first_seq,
        .count = block.core.count,
        .state = BlockState::open,
        .roster_position = block.core.roster_position,
        .hash = block.hash,
        .bytes = wire};
}

}  // namespace

std::set<LogOrdinal> BlockGaps::close(bool everywhere) {
    put_copies_back();
    std::set<LogOrdinal> cut;
    for (std::uint32_t number = 1; number <= store_.log_count(); ++number) {
        const LogOrdinal log{number};
        if (!store_.info(log).described) continue;
        if (everywhere) {
            drop_strays(log);
            stand_in(log);
        }
        if ((everywhere || lacks_last_block(log)) && end_at_gap(log)) cut.insert(log);
    }
    if (!cut.empty()) store_.forget_cursors();
    return cut;
}

// One bit of a row's id is enough to bring a block far beyond a log's end. It is not there.
void BlockGaps::drop_strays(LogOrdinal log) {
    std::uint64_t block_no = store_.first_block(log);
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        const bool is_stray = row.block_no != block_no && is_elsewhere(log, row.block_no);
        block_no = is_stray ? block_no : row.block_no + 1;
        if (!is_stray) continue;
        const StoredBlock stray = *store_.block(log, row.block_no);
        store_.drop_row(log, row.block_no);
        if (!store_.find_block(stray.hash)) let_wait(stray);
    }
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
    const auto wire = store_.copy_of(log, block_no);
    if (!wire) return std::nullopt;
    const auto block = whole_block(workspace_, *wire);
    if (!block || !is_named(*block, log, block_no)) return std::nullopt;
    return stored_in(log, *block, *wire);
}

void BlockGaps::stand_in(LogOrdinal log) {
    const std::optional<Branch>& branch = store_.info(log).branch;
    std::uint64_t block_no = store_.first_block(log);
    protocol::Seq seq = branch ? branch->first_seq : protocol::Seq{1};
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        const bool lacks_one = row.block_no == block_no + 1 && row.first_seq > seq;
        if (lacks_one && known_blocks(log) <= block_no)
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

// One bit of a row's id is enough to bring an acceptance far beyond its log's end, or into another
// log. So those after the end count only without a hole, and a single one only when it is not the
// row that a block lacks which stands where its own bytes say.
std::uint64_t BlockGaps::known_blocks(LogOrdinal log) {
    const std::uint64_t end = store_.end_of(log);
    const std::uint64_t accepted = store_.accepted_end(log);
    const bool is_moved = accepted == end + 1 && is_moved_acceptance(log, end);
    return store_.known_blocks(log, is_moved ? end : accepted);
}

bool BlockGaps::is_moved_acceptance(LogOrdinal log, std::uint64_t block_no) {
    return std::ranges::any_of(store_.accepted_like(log, block_no), [this](const auto& place) {
        return is_in_place(place.first, place.second);
    });
}

bool BlockGaps::is_in_place(LogOrdinal log, std::uint64_t block_no) {
    const auto stored = store_.block(log, block_no);
    const auto block = stored ? whole_block(workspace_, stored->bytes) : std::nullopt;
    return block && is_named(*block, log, block_no);
}

bool BlockGaps::is_elsewhere(LogOrdinal log, std::uint64_t block_no) {
    const auto stored = store_.block(log, block_no);
    const auto block = stored ? whole_block(workspace_, stored->bytes) : std::nullopt;
    return block && !is_named(*block, log, block_no);
}

bool BlockGaps::is_named(
    const protocol::ParsedBlock& block, LogOrdinal log, std::uint64_t block_no) {
    return block.core.block_no == block_no && block.log == store_.info(store_.root_of(log)).log;
}

bool BlockGaps::lacks_last_block(LogOrdinal log) { return known_blocks(log) > store_.end_of(log); }

// Blocks at the end of a log are missing too, when something still says that they were there.
std::vector<BlockGaps::Gap> BlockGaps::find_gaps(LogOrdinal log) {
    const std::optional<Branch>& branch = store_.info(log).branch;
    std::uint64_t block_no = store_.first_block(log);
    protocol::Seq seq = branch ? branch->first_seq : protocol::Seq{1};
    std::vector<Gap> gaps;
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        if (row.block_no < block_no) continue;  // rotten, and out of its order
        const std::uint64_t entries = row.first_seq > seq ? row.first_seq.value - seq.value : 0;
        if (row.block_no != block_no) gaps.push_back({block_no, row.block_no - 1, seq, entries});
        block_no = row.block_no + 1;
        seq = {row.first_seq.value + row.count};
    }
    const std::uint64_t known = known_blocks(log);
    if (known > block_no) gaps.push_back({block_no, known - 1, seq, 0});
    return gaps;
}

bool BlockGaps::end_at_gap(LogOrdinal log) {
    const std::vector<Gap> gaps = find_gaps(log);
    if (gaps.empty()) return false;
    for (const Gap& gap : gaps)
        mishaps_.note(
            Mishap::Kind::damaged, vault_part::missing_block,
            blocks_place(store_, log, gap.first_block, gap.last_block),
            Mishap::Entries{store_.info(log).log, gap.first_seq, gap.entries});
    let_wait(log, gaps.front().first_block);
    store_.cut_log(log, gaps.front().first_block);
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

std::vector<Mishap> BlockGaps::gaps_that_are(std::initializer_list<Mishap::Kind> kinds) {
    std::vector<Mishap> gaps = mishaps_.all();
    std::erase_if(gaps, [&kinds](const Mishap& mishap) {
        const bool is_gap = mishap.what == vault_part::missing_block && mishap.entries;
        return !is_gap || std::ranges::find(kinds, mishap.kind) == kinds.end();
    });
    return gaps;
}

std::vector<Mishap> BlockGaps::open_gaps() { return gaps_that_are({Mishap::Kind::damaged}); }

bool BlockGaps::has_open() { return !open_gaps().empty(); }

std::uint64_t BlockGaps::missing_entries() {
    std::uint64_t entries = 0;
    for (const Mishap& gap : open_gaps()) entries += std::max<std::uint64_t>(gap.entries->count, 1);
    return entries;
}

std::set<LogOrdinal> BlockGaps::take_as_lost(const std::vector<LogOrdinal>& logs) {
    std::set<LogOrdinal> lost;
    for (const Mishap& gap : open_gaps()) {
        const auto log = store_.find_log(gap.entries->log);
        if (!log || std::ranges::find(logs, *log) == logs.end()) continue;
        mishaps_.note(Mishap::Kind::lost, vault_part::missing_block, gap.place, gap.entries);
        lost.insert(*log);
    }
    return lost;
}

// Where the hub has acknowledged one of them, colleagues may have what is missing: then all of it
// comes in its order again.
std::vector<StoredBlock> BlockGaps::unsent_behind(LogOrdinal log) {
    std::map<std::uint64_t, StoredBlock> behind;
    for (const WaitingRoom::Kept& kept : store_.waiting_room().of(store_.info(log).device)) {
        const auto job = parse_waiting(kept.served);
        const auto block = job ? whole_block(workspace_, job->wire) : std::nullopt;
        if (!block || block->log != store_.info(log).log) continue;
        if (job->acceptance) return {};
        behind.emplace(block->core.block_no, stored_in(log, *block, job->wire));
    }
    std::vector<StoredBlock> blocks;
    for (auto& [block_no, block] : behind) blocks.push_back(std::move(block));
    return blocks;
}

// Also one that was taken as lost: a colleague's laptop gave it to the hub again.
void BlockGaps::note_filled() {
    for (const Mishap& gap : gaps_that_are({Mishap::Kind::damaged, Mishap::Kind::lost})) {
        const auto log = store_.find_log(gap.entries->log);
        if (log && store_.head(*log) && store_.head(*log)->block_no >= last_block_of(gap.place))
            mishaps_.note(Mishap::Kind::healed, vault_part::missing_block, gap.place);
    }
}

}  // namespace vereda::engine
