#include "engine/log/block_gaps.h"

#include <algorithm>

#include "engine/log/block_repair.h"
#include "engine/log/waiting_room.h"
#include "protocol/limits.h"
#include "protocol/log/payload.h"

namespace vereda::engine {

std::set<LogOrdinal> BlockGaps::close(bool everywhere) {
    if (!everywhere && !shows_loss()) return {};
    static_cast<void>(put_back());
    std::set<LogOrdinal> cut;
    for (const LogOrdinal log : described_logs()) {
        stand_in(log);
        if (end_at_gap(log)) cut.insert(log);
    }
    if (!cut.empty()) store_.forget_cursors();
    return cut;
}

bool BlockGaps::put_back() {
    const bool had_strays = strays_.put_back();
    const bool lacked_blocks = put_copies_back();
    return strays_.drop_unreadable() || had_strays || lacked_blocks;
}

// Of each log one row is read.
bool BlockGaps::shows_loss() {
    return !store_.copies_without_block().empty() || store_.has_block_without_log() ||
           std::ranges::any_of(
               described_logs(), [this](LogOrdinal log) { return lacks_last_block(log); });
}

bool BlockGaps::lacks_last_block(LogOrdinal log) {
    return known_end(log, store_.end_of(log)) > store_.end_of(log);
}

std::vector<LogOrdinal> BlockGaps::described_logs() const {
    std::vector<LogOrdinal> logs;
    for (std::uint32_t number = 1; number <= store_.log_count(); ++number) {
        if (store_.info({number}).described) logs.push_back({number});
    }
    return logs;
}

// ---- copies

bool BlockGaps::put_copies_back() {
    bool has_put = false;
    for (const auto& [log, block_no] : store_.copies_without_block())
        has_put = put_copy_back(log, block_no) || has_put;
    return has_put;
}

bool BlockGaps::put_copy_back(LogOrdinal log, std::uint64_t block_no) {
    if (const auto block = from_copy(log, block_no)) {
        store_.put_block(*block);
        mishaps_.note(
            Mishap::Kind::healed, vault_part::missing_block, block_place(store_, log, block_no));
        return true;
    }
    const Bytes wire = *store_.copy_of(log, block_no);
    const auto block = whole_block(workspace_, wire);
    if (!block) return drop_rotten_copy(log, block_no), false;
    store_.drop_copy(log, block_no);
    return put_moved_copy(row_of(log, *block, wire));
}

// The id of a copy rots, too. Its block is where it belongs, or belongs there.
bool BlockGaps::put_moved_copy(StoredBlock block) {
    const auto found = store_.find_block(block.hash);
    const auto log =
        found ? found->log : store_.find_log(protocol::parse_block(workspace_, block.bytes)->log);
    if (!log) return strays_.let_wait(block), false;
    block.log = *log;
    const auto there = store_.block(*log, block.block_no);
    if (!there) store_.put_block(block);
    if (!there || !there->acceptance) store_.keep_copy(*log, block.block_no, block.bytes);
    mishaps_.note(
        Mishap::Kind::healed, vault_part::copy, block_place(store_, *log, block.block_no));
    return !there;
}

// Both the block and its copy are gone. Behind the log's end no gap tells that.
void BlockGaps::drop_rotten_copy(LogOrdinal log, std::uint64_t block_no) {
    if (store_.has_log(log) && block_no < store_.end_of(log)) return;
    StoredBlock rest{.log = log, .block_no = block_no};
    rest.bytes = *store_.copy_of(log, block_no);
    store_.drop_copy(log, block_no);
    strays_.let_wait(rest);
}

std::optional<StoredBlock> BlockGaps::from_copy(LogOrdinal log, std::uint64_t block_no) {
    const auto wire = store_.copy_of(log, block_no);
    const auto block = wire ? whole_block(workspace_, *wire) : std::nullopt;
    if (!block || !belongs_at(store_, *block, log, block_no)) return std::nullopt;
    return row_of(log, *block, *wire);
}

// ---- gaps

void BlockGaps::stand_in(LogOrdinal log) {
    const std::optional<Branch>& branch = store_.info(log).branch;
    std::uint64_t block_no = store_.first_block(log);
    protocol::Seq seq = branch ? branch->first_seq : protocol::Seq{1};
    const std::uint64_t known = known_end(log, store_.end_of(log));
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        const bool lacks_one = row.block_no == block_no + 1 && row.first_seq > seq;
        if (lacks_one && known <= block_no) stand_in(log, block_no, seq, row.first_seq.value);
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

// Acceptances behind the end count without a hole only: rot may move one far beyond it.
std::uint64_t BlockGaps::known_end(LogOrdinal log, std::uint64_t end) {
    return store_.acknowledged_blocks(log, store_.accepted_end(log, end));
}

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
    const std::uint64_t known = known_end(log, block_no);
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

// What is rotten waits as its copy, which goes with the rest of the log.
void BlockGaps::let_wait(LogOrdinal log, std::uint64_t from_block) {
    for (const LogStore::BlockRow& row : store_.block_rows(log, from_block)) {
        const auto stored = store_.block(log, row.block_no);
        const bool is_whole = stored && whole_block(workspace_, stored->bytes);
        auto block = is_whole ? std::nullopt : from_copy(log, row.block_no);
        if (block) block->acceptance = stored->acceptance;
        if (!block) block = stored;
        if (block) strays_.let_wait(*block);
    }
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

bool BlockGaps::is_whole() {
    return std::ranges::all_of(
        described_logs(), [this](LogOrdinal log) { return find_gaps(log).empty(); });
}

std::uint64_t BlockGaps::end_behind_gaps(LogOrdinal log) {
    std::uint64_t end = store_.end_of(log);
    for (const Mishap& mishap : mishaps_.all()) {
        const bool is_block =
            mishap.what == vault_part::missing_block || mishap.what == vault_part::block;
        const bool is_gone = is_block && mishap.kind != Mishap::Kind::healed;
        if (is_gone && mishap.entries && mishap.entries->log == store_.info(log).log)
            end = std::max(end, last_block_of(mishap.place) + 1);
    }
    for (const StoredBlock& block : waiting_blocks(log)) end = std::max(end, block.block_no + 1);
    return end;
}

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

std::vector<StoredBlock> BlockGaps::waiting_blocks(LogOrdinal log) {
    std::vector<StoredBlock> blocks;
    for (const WaitingRoom::Kept& kept : store_.waiting_room().of(store_.info(log).device)) {
        const auto job = parse_waiting(kept.served);
        const auto block = job ? whole_block(workspace_, job->wire) : std::nullopt;
        if (!block || block->log != store_.info(log).log) continue;
        blocks.push_back(row_of(log, *block, job->wire));
        blocks.back().acceptance = job->acceptance;
    }
    std::ranges::sort(blocks, {}, &StoredBlock::block_no);
    return blocks;
}

// Where the hub has acknowledged one of them, colleagues may have what is missing: then all of it
// comes in its order again.
std::vector<StoredBlock> BlockGaps::unsent_behind(LogOrdinal log) {
    std::vector<StoredBlock> blocks = waiting_blocks(log);
    const bool is_sent =
        std::ranges::any_of(blocks, [](const auto& block) { return block.acceptance.has_value(); });
    return is_sent ? std::vector<StoredBlock>{} : blocks;
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
