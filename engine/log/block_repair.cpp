#include "engine/log/block_repair.h"

#include <charconv>
#include <limits>
#include <set>
#include <string_view>

#include "protocol/limits.h"
#include "protocol/text_id.h"

namespace vereda::engine {
namespace {

// The row as the block's own bytes would have it.
StoredBlock row_by_bytes(const StoredBlock& stored, const protocol::ParsedBlock& block) {
    StoredBlock row = stored;
    row.first_seq = block.core.first_seq;
    row.count = block.core.count;
    row.roster_position = block.core.roster_position;
    row.hash = block.hash;
    return row;
}

bool same_row(const StoredBlock& a, const StoredBlock& b) {
    return a.first_seq == b.first_seq && a.count == b.count &&
           a.roster_position == b.roster_position && a.hash == b.hash;
}

// Takes `word` from the front of `text`.
bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > protocol::seq_max) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take_log(std::string_view& text) {
    if (!take(text, "log ")) return false;
    const std::string_view id = text.substr(0, protocol::text_id_size);
    return protocol::parse_text_id(id) && take(text, id);
}

}  // namespace

std::optional<protocol::ParsedBlock> signed_block(
    const protocol::WorkspaceId& workspace, ByteView wire) {
    auto block = protocol::parse_block(workspace, wire);
    const bool is_signed = block && protocol::verify_block(workspace, *block);
    return is_signed ? std::optional(std::move(*block)) : std::nullopt;
}

std::optional<protocol::ParsedBlock> whole_block(
    const protocol::WorkspaceId& workspace, ByteView wire) {
    auto block = signed_block(workspace, wire);
    if (block && !protocol::carries_authors_payload(*block)) block.reset();
    return block;
}

bool belongs_at(
    const LogStore& store, const protocol::ParsedBlock& block, LogOrdinal log,
    std::uint64_t block_no) {
    return store.has_log(log) && block.core.block_no == block_no &&
           block.log == store.info(store.root_of(log)).log;
}

StoredBlock row_of(LogOrdinal log, const protocol::ParsedBlock& block, const Bytes& wire) {
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

std::string block_place(const LogStore& store, LogOrdinal log, std::uint64_t block_no) {
    return "log " + protocol::text_id(store.info(log).log.view()) + " block " +
           std::to_string(block_no);
}

std::string blocks_place(
    const LogStore& store, LogOrdinal log, std::uint64_t first, std::uint64_t last) {
    if (first == last) return block_place(store, log, first);
    return "log " + protocol::text_id(store.info(log).log.view()) + " blocks " +
           std::to_string(first) + " to " + std::to_string(last);
}

std::uint64_t last_block_of(const std::string& place) {
    constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
    std::string_view text = place;
    if (!take_log(text) || !take(text, " block")) return never;
    const bool is_one = !take(text, "s");
    if (!take(text, " ")) return never;
    const auto first = take_number(text);
    if (is_one) return first && text.empty() ? *first : never;
    const auto last = take(text, " to ") ? take_number(text) : std::nullopt;
    return first && last && *first < *last && text.empty() ? *last : never;
}

void BlockRepair::mend_row(const StoredBlock& stored, const protocol::ParsedBlock& block) {
    const StoredBlock right = row_by_bytes(stored, block);
    if (same_row(right, stored)) return;
    expect_sound_pages();
    store_.mend_row(right);
    mishaps_.note(
        Mishap::Kind::healed, vault_part::block_row,
        block_place(store_, stored.log, stored.block_no));
}

// Where the bytes are this place's block and its signature holds, they say what is right.
bool BlockRepair::mend_from_bytes(const StoredBlock& stored) {
    const auto block = protocol::parse_block(workspace_, stored.bytes);
    const bool is_here = block && belongs_at(store_, *block, stored.log, stored.block_no);
    if (!is_here || !protocol::verify_block(workspace_, *block)) return false;
    mend_row(stored, *block);
    return true;
}

bool BlockRepair::rows_follow(LogOrdinal log, protocol::Seq read) {
    const std::optional<Branch>& branch = store_.info(log).branch;
    std::uint64_t block_no = store_.first_block(log);
    protocol::Seq seq = branch ? branch->first_seq : protocol::Seq{1};
    if (const auto holding = store_.block_holding(LocalDot::of(log, read))) {
        block_no = holding->block_no;
        seq = holding->first_seq;
    }
    for (const LogStore::BlockRow& row : store_.block_rows(log, block_no)) {
        const bool fits = row.block_no == block_no++ && row.first_seq == seq && row.count >= 1 &&
                          row.count <= protocol::block_entries_max;
        if (!fits) return false;
        seq = {seq.value + row.count};
    }
    return true;
}

void BlockRepair::mend_rows(LogOrdinal log, protocol::Seq read) {
    if (rows_follow(log, read)) return;
    for (const LogStore::BlockRow& row : store_.block_rows(log, 0)) {
        auto block = store_.block(log, row.block_no);
        if (block && !mend_from_bytes(*block) && restore_copy(*block))
            mend_from_bytes(*store_.block(log, row.block_no));
    }
    if (!rows_follow(log, read))
        throw StorageFailure(StorageFault::corrupt, "a row of the blocks, and its block");
}

void BlockRepair::expect_place(
    const protocol::ParsedBlock& block, LogOrdinal log, std::uint64_t block_no) const {
    const bool is_moved =
        !belongs_at(store_, block, log, block_no) && protocol::verify_block(workspace_, block);
    if (is_moved) throw StorageFailure(StorageFault::corrupt, "a block in the place of another");
}

void BlockRepair::mend_head(LogOrdinal log) {
    const std::optional<BlockHead>& head = store_.head(log);
    if (!head) return;
    const auto block = store_.block(log, head->block_no);
    if (!block) return;
    const auto parsed = protocol::parse_block(workspace_, block->bytes);
    if (parsed) expect_place(*parsed, log, head->block_no);
    if (parsed && !same_row(row_by_bytes(*block, *parsed), *block)) mend_from_bytes(*block);
}

void BlockRepair::mend_pushed(LogOrdinal log) {
    const std::uint64_t end = store_.end_of(log);
    const std::uint64_t known = store_.pushed(log);
    std::uint64_t right = known <= end ? known : store_.first_block(log);
    if (const auto copy = store_.first_copy(log); copy && *copy < end)
        right = std::min(right, *copy);
    if (right == known) return;
    store_.set_pushed(log, right);
    mishaps_.note(
        Mishap::Kind::healed, vault_part::pushed,
        "log " + protocol::text_id(store_.info(log).log.view()));
}

bool BlockRepair::restore_copy(const StoredBlock& stored) {
    const auto copy = store_.copy_of(stored.log, stored.block_no);
    if (!copy) return false;
    const auto block = whole_block(workspace_, *copy);
    if (!block || !belongs_at(store_, *block, stored.log, stored.block_no)) return false;
    change_state(stored, BlockState::open);
    store_.replace_block(stored.log, stored.block_no, *copy, BlockState::open);
    mend_row(stored, *block);
    const std::string place = block_place(store_, stored.log, stored.block_no);
    mishaps_.note(Mishap::Kind::healed, vault_part::block, place);
    return true;
}

BlockRepair::Settled BlockRepair::take_as_damaged(const StoredBlock& stored) {
    if (restore_copy(stored)) return {BlockState::open, true};
    change_state(stored, BlockState::damaged);
    store_.want_again(stored.log, stored.block_no);
    mishaps_.note(
        Mishap::Kind::damaged, vault_part::block, block_place(store_, stored.log, stored.block_no));
    return {BlockState::damaged, false};
}

void BlockRepair::expect_sound_pages() {
    if (!is_checked_) store_.database().expect_sound_pages();
    is_checked_ = true;
}

// SQLite refuses to change a row that differs from its entry in an index.
void BlockRepair::change_state(const StoredBlock& stored, BlockState state) {
    if (stored.state == state) return;
    expect_sound_pages();
    if (!is_indexed_) store_.database().exec("REINDEX blocks_to_retry");
    is_indexed_ = true;
    store_.set_block_state(stored.log, stored.block_no, state);
}

BlockRepair::Settled BlockRepair::settle(
    const StoredBlock& stored, const OpenedBlock& opened, bool trusted) {
    const bool placed =
        opened.parsed && belongs_at(store_, *opened.parsed, stored.log, stored.block_no);
    const bool known = placed && trusted && opened.parsed->hash == stored.hash;
    if (!placed || (!known && !protocol::verify_block(workspace_, *opened.parsed)))
        return take_as_damaged(stored);
    mend_row(stored, *opened.parsed);
    if (opened.payload) {
        const bool withheld = has_withheld(opened);
        const BlockState state = withheld ? BlockState::withheld : BlockState::open;
        // A block whose key has come is opened by `Intake::retry_pending`.
        if (stored.state != BlockState::pending) change_state(stored, state);
        return {state, false};
    }
    // This is no rot: the key is missing, the author sealed it so, or the hub served it so.
    // (Older programs called their own damaged blocks pending, so the hub must have accepted it.)
    const bool came_so = stored.state == BlockState::pending && stored.acceptance;
    if (protocol::carries_authors_payload(*opened.parsed) || came_so) {
        change_state(stored, BlockState::pending);
        return {BlockState::pending, false};
    }
    return take_as_damaged(stored);
}

void BlockRepair::note_healed() {
    std::set<std::string> damaged;
    for (const auto& [log, block_no] : store_.blocks_in_state(BlockState::damaged))
        damaged.insert(block_place(store_, log, block_no));
    for (const Mishap& mishap : mishaps_.all()) {
        if (mishap.what == vault_part::block && !damaged.contains(mishap.place))
            mishaps_.heal(vault_part::block, mishap.place);
    }
}

}  // namespace vereda::engine
