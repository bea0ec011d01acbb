#include "engine/log/intake.h"

#include "engine/log/branches.h"

namespace vereda::engine {
namespace {

BlockState state_of(const OpenedBlock& block) {
    if (!block.payload) return BlockState::pending;
    return Replay::has_withheld(block) ? BlockState::withheld : BlockState::open;
}

BlockVerdict verdict_of(BlockState state) {
    if (state == BlockState::pending) return BlockVerdict::pending;
    return state == BlockState::withheld ? BlockVerdict::withheld : BlockVerdict::open;
}

}  // namespace

Intake::Result Intake::receive(OpenedBlock block) {
    if (block.verdict == OpenedBlock::Verdict::refused) return {BlockVerdict::refused};
    const protocol::Core& core = block.parsed->core;
    const RosterView view = roster_view(core);
    if (view == RosterView::not_enrolled) return {BlockVerdict::refused};
    if (view == RosterView::unknown_yet) return wait(block);
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
        case BlockPlace::Kind::unknown:
            return wait(block);
    }
    return {};
}

// A position beyond our roster, or another hash there, is for later. A device that is not enrolled
// at a position which we know will never be.
Intake::RosterView Intake::roster_view(const protocol::Core& core) const {
    const auto hash = roster_.hash_at(core.roster_position);
    if (!hash || *hash != core.roster_hash) return RosterView::unknown_yet;
    const RosterDevice* device = roster_.find(core.device);
    const RosterTurf* turf = roster_.find(core.turf);
    if (device == nullptr || device->enrolled > core.roster_position)
        return RosterView::not_enrolled;
    if (turf == nullptr || turf->created > core.roster_position) return RosterView::not_enrolled;
    return RosterView::known;
}

Intake::Result Intake::meet_again(LogOrdinal log, OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    const std::optional<StoredBlock> stored = store_.block(log, core.block_no);
    VEREDA_ASSERT(stored);
    if (block.acceptance && !stored->acceptance) accept(log, core.block_no, *block.acceptance);
    const BlockState state = state_of(block);
    const bool better = stored->state == BlockState::pending ||
                        (stored->state == BlockState::withheld && state == BlockState::open);
    if (!better || state == BlockState::pending) return {BlockVerdict::already_had};
    store_.replace_block(log, core.block_no, block.wire, state);
    if (!must_rebuild()) replay_.read_late(log, block);
    proofs_.try_again({log, core.block_no});
    has_read_late_ = true;
    return {verdict_of(state), core.count};
}

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
    proofs_.met(log, block.parsed->hash);
    const bool damaged = !block.payload && !protocol::carries_authors_payload(*block.parsed);
    // What is read anew as a whole is not read now: a moved log's old entries are still there.
    if (must_rebuild()) return {verdict_of(state), core.count, damaged};
    return {verdict_of(state), replay_.read_block(log, block), damaged};
}

// Entries that are still open say where they refer to by names that would change: they are closed
// first.
Intake::Result Intake::branch_off(LogOrdinal log, OpenedBlock& block) {
    if (store_.open_count() != 0) return wait(block);
    const LogOrdinal branch = part_log(store_, roster_.workspace(), log, *block.parsed);
    must_rebuild_ = true;
    Result result = append(branch, block);
    result.fork = true;
    return result;
}

Intake::Result Intake::keep_misfit(LogOrdinal log, const OpenedBlock& block) {
    store_.keep_misfit(block.parsed->hash, log, block.parsed->core.block_no, block.wire);
    return {BlockVerdict::misfit};
}

Intake::Result Intake::wait(const OpenedBlock& block) {
    if (!block.payload && !protocol::carries_authors_payload(*block.parsed))
        return {.verdict = BlockVerdict::refused, .damaged = true};
    if (store_.waiting_count() >= waiting_max)
        return {.verdict = BlockVerdict::refused, .no_room = true};
    store_.keep_waiting(
        block.parsed->hash, block.parsed->log, encode_waiting(block.wire, block.acceptance));
    return {BlockVerdict::waiting};
}

std::size_t Intake::retry_waiting() {
    std::size_t entries = 0;
    for (bool progress = true; progress;) {
        progress = false;
        for (const protocol::BlockHash& hash : store_.waiting()) {
            auto job = parse_waiting(store_.take_waiting(hash));
            if (!job) throw StorageFailure(StorageFault::corrupt, "a waiting block is damaged");
            const Result result = receive(open_block(
                roster_.workspace(), keys_, std::move(job->wire), job->acceptance,
                job->signature_known));
            entries += result.entries;
            progress = progress || result.verdict != BlockVerdict::waiting;
        }
    }
    return entries;
}

std::size_t Intake::retry_pending() {
    std::size_t opened = 0;
    for (const auto& [log, block_no] : store_.blocks_in_state(BlockState::pending)) {
        std::optional<StoredBlock> stored = store_.block(log, block_no);
        VEREDA_ASSERT(stored);
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
    const OpenedBlock block = open_block(
        roster_.workspace(), keys_, std::move(stored->bytes), stored->acceptance, true);
    return block.payload && replay_.restamp(log, block);
}

void Intake::restamp_since_snapshot() {
    for (const auto& [log, block_no] : store_.restamped()) restamp(log, block_no);
}

void Intake::settle_proofs() {
    if (!must_rebuild()) proofs_.settle();
}

}  // namespace vereda::engine
