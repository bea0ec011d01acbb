#include "engine/workspace/intake.h"

#include <iterator>
#include <utility>

#include "engine/log/branches.h"

namespace vereda::engine {
namespace {

BlockState state_of(const OpenedBlock& block) {
    if (!block.payload) return BlockState::pending;
    return has_withheld(block) ? BlockState::withheld : BlockState::open;
}

BlockVerdict verdict_of(BlockState state) {
    if (state == BlockState::pending) return BlockVerdict::pending;
    return state == BlockState::withheld ? BlockVerdict::withheld : BlockVerdict::open;
}

// How much of a block there is to read.
int readable(BlockState state) {
    if (state == BlockState::open) return 2;
    return state == BlockState::withheld ? 1 : 0;
}

}  // namespace

Intake::Result Intake::receive(OpenedBlock block) {
    if (block.verdict == OpenedBlock::Verdict::refused) return {BlockVerdict::refused};
    const Result result = judge(block);
    note_whether_wanted(*block.parsed, block.acceptance, result);
    return result;
}

Intake::Result Intake::judge(OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    switch (roster_view(core)) {
        case RosterView::known:
            return judge_place(block);
        case RosterView::later:
            return wait(block, {.roster = core.roster_position});
        case RosterView::parted:
            return wait(block, {.other_roster = true});
        case RosterView::not_enrolled:
            return {BlockVerdict::refused};
    }
    return {};
}

Intake::Result Intake::judge_place(OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    const LogOrdinal log = store_.ordinal_of(block.parsed->log);
    if (!store_.info(log).described) {
        store_.describe(
            log, {.log = block.parsed->log,
                  .device = core.device,
                  .turf = store_.number_of(core.turf),
                  .incarnation = core.incarnation});
    }
    const BlockPlace place = find_place(store_, log, *block.parsed);
    switch (place.kind) {
        case BlockPlace::Kind::known:
            return meet_again(place.log, block);
        case BlockPlace::Kind::next:
            return append(place.log, block);
        case BlockPlace::Kind::beside:
            return branch_off(place.log, block);
        case BlockPlace::Kind::misfit:
            return keep_misfit(place.log, block);
        case BlockPlace::Kind::unread:
            return keep_unread(place.log, block);
        case BlockPlace::Kind::unknown:
            return wait(block, {.block = core.previous});
    }
    return {};
}

// A position beyond our roster is for later; another hash at one that we have, for never. A device
// that is not enrolled at a position which we know will never be.
Intake::RosterView Intake::roster_view(const protocol::Core& core) const {
    const auto hash = roster_.hash_at(core.roster_position);
    if (!hash) return RosterView::later;
    if (*hash != core.roster_hash) return RosterView::parted;
    const RosterDevice* device = roster_.find(core.device);
    const RosterTurf* turf = roster_.find(core.turf);
    if (device == nullptr || device->enrolled > core.roster_position)
        return RosterView::not_enrolled;
    if (turf == nullptr || turf->created > core.roster_position) return RosterView::not_enrolled;
    return RosterView::known;
}

// ---- a block that is here already: of two copies the one that says more is kept

Intake::Result Intake::meet_again(LogOrdinal log, OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    const std::optional<StoredBlock> stored = store_.block(log, core.block_no);
    if (!stored) throw StorageFailure(StorageFault::corrupt, "a block that an index names");
    if (block.acceptance) note_acceptance(*stored, *block.acceptance);
    if (!is_better(block, *stored)) {
        const bool lacking = !block.is_authors && !is_whole(*stored);
        return {.verdict = BlockVerdict::already_had, .damaged = lacking};
    }
    // It shows at the time that the hub gave it first, whoever brings it now.
    if (stored->acceptance) block.acceptance = stored->acceptance;
    const BlockState state = state_of(block);
    store_.replace_block(log, core.block_no, block.wire, state);
    proofs_.try_again({log, core.block_no});
    if (state == stored->state) return {BlockVerdict::already_had};
    if (!block.payload) return {BlockVerdict::pending};  // whole again, and still without a key
    if (!must_rebuild()) replay_.read_late(log, block);
    has_read_late_ = true;
    return {verdict_of(state), core.count, !block.is_authors};
}

// When the hub took a block is what it said first. A new epoch of the hub may give it another
// place.
void Intake::note_acceptance(const StoredBlock& stored, const protocol::Acceptance& said) {
    if (!stored.acceptance) return accept(stored.log, stored.block_no, said);
    if (stored.acceptance->stream_seq != said.stream_seq)
        store_.set_stream_seq(stored.log, stored.block_no, said.stream_seq);
}

bool Intake::is_better(const OpenedBlock& block, const StoredBlock& stored) {
    const int more = readable(state_of(block)) - readable(stored.state);
    if (more != 0) return more > 0;
    return block.is_authors && !is_whole(stored);
}

// The author's own payload, or one with every entry in it.
bool Intake::is_whole(const StoredBlock& stored) const {
    if (stored.state == BlockState::open && !store_.hub_places().wants(stored.hash)) return true;
    const auto parsed = protocol::parse_block(roster_.workspace(), stored.bytes);
    return parsed && parsed->hash == stored.hash && protocol::carries_authors_payload(*parsed);
}

// ---- a new block

Intake::Result Intake::append(LogOrdinal log, OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    const BlockState state = state_of(block);
    store_.append_block(
        {.log = log,
         .block_no = core.block_no,
         .first_seq = core.first_seq,
         .count = core.count,
         .state = state,
         .roster_position = core.roster_position,
         .hash = block.parsed->hash,
         .acceptance = block.acceptance,
         .bytes = block.wire});
    arrived_.push_back(block.parsed->hash);
    proofs_.met(log, block.parsed->hash);
    // A log that is to be read again as a whole is not read now: its old entries are still there.
    if (must_rebuild()) return {verdict_of(state), core.count, !block.is_authors};
    return {verdict_of(state), replay_.read_block(log, block), !block.is_authors};
}

// Entries that are still open say where they refer to by names that would change: they are closed
// first.
Intake::Result Intake::branch_off(LogOrdinal log, OpenedBlock& block) {
    if (is_same_under_rotten_hash(log, *block.parsed, block.acceptance))
        return meet_again(log, block);
    if (store_.open_count() != 0) return wait(block, {});
    const LogOrdinal root = store_.root_of(log);
    const auto branch = part_log(store_, roster_.workspace(), log, *block.parsed);
    if (!branch) return keep_unread(root, block);
    must_rebuild_ = true;
    Result result = append(*branch, block);
    result.fork = true;
    return result;
}

// The very block lies there, and its row alone says another hash: rot, and no fork.
bool Intake::is_same_under_rotten_hash(
    LogOrdinal log, const protocol::ParsedBlock& block,
    const std::optional<protocol::Acceptance>& place) {
    auto there = store_.block(log, block.core.block_no);
    if (!there) return false;
    const auto parsed = protocol::parse_block(roster_.workspace(), there->bytes);
    const bool is_same = parsed && parsed->hash == block.hash;
    if (!is_same && !stands_for_rotten(*there, block, place)) return false;
    store_.hub_places().want_no_more(there->hash);
    there->hash = block.hash;
    store_.mend_row(*there);
    arrived_.push_back(block.hash);  // nothing that follows on it has found it yet
    return true;
}

// Hash and bytes rotted both, as one bad sector does it. The hub has the block in the very place
// where it had it before, its numbers are those of the row, and what follows it names it.
bool Intake::stands_for_rotten(
    const StoredBlock& there, const protocol::ParsedBlock& block,
    const std::optional<protocol::Acceptance>& place) {
    const bool same_place =
        place && there.acceptance && place->stream_seq == there.acceptance->stream_seq;
    const bool same_numbers =
        block.core.first_seq == there.first_seq && block.core.count == there.count;
    if (there.state != BlockState::damaged || !same_place || !same_numbers) return false;
    const auto after = store_.block(there.log, there.block_no + 1);
    if (!after) return true;
    const auto next = protocol::parse_block(roster_.workspace(), after->bytes);
    return next && next->core.previous == block.hash;
}

Intake::Result Intake::keep_misfit(LogOrdinal log, const OpenedBlock& block) {
    store_.keep_misfit(block.parsed->hash, log, block.parsed->core.block_no, block.wire);
    return {BlockVerdict::misfit};
}

Intake::Result Intake::keep_unread(LogOrdinal root, const OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    const BlockPlaceInLog place{
        .log = root,
        .block_no = core.block_no,
        .first_seq = core.first_seq,
        .count = core.count,
        .roster_position = core.roster_position,
        .hash = block.parsed->hash,
        .is_read = false};
    store_.keep_unread(place, block.wire);
    arrived_.push_back(place.hash);
    proofs_.met(root, place.hash);
    return {BlockVerdict::unread};
}

// ---- a block that has to wait

Intake::Result Intake::wait(const OpenedBlock& block, const WaitingRoom::Awaited& awaited) {
    if (!block.is_authors) return {.verdict = BlockVerdict::refused, .damaged = true};
    const protocol::DeviceId& device = block.parsed->core.device;
    const protocol::DeviceId stranger{};
    const bool has_room = store_.waiting_room().keep(
        block.parsed->hash, roster_.find(device) != nullptr ? device : stranger, awaited,
        encode_waiting(block.wire, block.acceptance));
    if (!has_room) return {.verdict = BlockVerdict::refused, .no_room = true};
    return {BlockVerdict::waiting};
}

bool Intake::is_block(ByteView wire, const protocol::BlockHash& hash) const {
    const auto block = protocol::parse_block(roster_.workspace(), wire);
    return block && block->hash == hash && protocol::verify_block(roster_.workspace(), *block);
}

// The hub's cursor goes on behind a block that is to come again: its place is remembered.
void Intake::note_whether_wanted(
    const protocol::ParsedBlock& block, const std::optional<protocol::Acceptance>& place,
    const Result& result) {
    if (!result.damaged && !result.no_room) return store_.hub_places().want_no_more(block.hash);
    const auto turf = store_.find_turf(block.core.turf);
    if (place && turf) store_.hub_places().want(*turf, *place, block.hash, block.core.device);
}

// It was whole when it was kept. Which one a rotten one was nothing says any more, so every stream
// is read again.
Intake::Result Intake::receive_kept(const WaitingRoom::Kept& kept) {
    auto job = parse_waiting(kept.served);
    if (!job || !is_block(job->wire, kept.hash)) {
        store_.forget_cursors();
        return {BlockVerdict::refused};
    }
    return receive(open_block(
        roster_.workspace(), keys_, std::move(job->wire), job->acceptance, job->signature_known));
}

std::size_t Intake::retry_waiting() {
    WaitingRoom& room = store_.waiting_room();
    std::vector<WaitingRoom::Kept> due = room.take_unsorted();
    const auto add = [&due](std::vector<WaitingRoom::Kept> more) {
        due.insert(
            due.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    };
    add(room.take_within_roster(roster_.size()));
    if (store_.open_count() == 0) add(room.take_after_closing());
    std::size_t entries = 0;
    while (!due.empty() || !arrived_.empty()) {
        for (const protocol::BlockHash& hash : std::exchange(arrived_, {}))
            add(room.take_after(hash));
        for (WaitingRoom::Kept& kept : std::exchange(due, {}))
            entries += receive_kept(kept).entries;
    }
    return entries;
}

std::size_t Intake::retry_pending() {
    if (std::exchange(keys_tried_, keys_.size()) == keys_.size()) return 0;
    std::size_t opened = 0;
    for (const auto& [log, block_no] : store_.blocks_in_state(BlockState::pending)) {
        std::optional<StoredBlock> stored = store_.block(log, block_no);
        if (!stored) throw StorageFailure(StorageFault::corrupt, "a block that an index names");
        OpenedBlock block = open_block(
            roster_.workspace(), keys_, std::move(stored->bytes), stored->acceptance, true);
        if (!block.payload) continue;
        store_.set_block_state(log, block_no, state_of(block));
        if (!must_rebuild()) replay_.read_late(log, block);
        has_read_late_ = true;
        ++opened;
    }
    return opened;
}

// Times are for display, and yet everybody is to be shown the same: others have read the block with
// its acceptance.
void Intake::accept(
    LogOrdinal log, std::uint64_t block_no, const protocol::Acceptance& acceptance) {
    store_.set_acceptance(log, block_no, acceptance);
    if (!must_rebuild() && restamp(log, block_no)) store_.note_restamped(log, block_no);
}

bool Intake::restamp(LogOrdinal log, std::uint64_t block_no) {
    std::optional<StoredBlock> stored = store_.block(log, block_no);
    if (!stored) return false;
    const OpenedBlock block =
        open_block(roster_.workspace(), keys_, std::move(stored->bytes), stored->acceptance, true);
    return block.payload && replay_.restamp(log, block);
}

void Intake::restamp_since_snapshot() {
    for (const auto& [log, block_no] : store_.restamped()) restamp(log, block_no);
}

void Intake::settle_proofs() {
    if (!must_rebuild()) proofs_.settle();
}

}  // namespace vereda::engine
