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
    if (block.acceptance && !stored->acceptance)
        store_.set_acceptance(log, core.block_no, *block.acceptance);
    const BlockState state = state_of(block);
    // Bytes that this disk has spoilt, whole again; they may still wait for a key.
    const bool mends = stored->state == BlockState::damaged &&
                       (block.payload || protocol::carries_authors_payload(*block.parsed));
    const bool better = mends || stored->state == BlockState::pending ||
                        (stored->state == BlockState::withheld && state == BlockState::open);
    if (!better || (state == BlockState::pending && !mends)) return {BlockVerdict::already_had};
    if (state == BlockState::pending) {
        store_.replace_block(log, core.block_no, block.wire, state);
        return {BlockVerdict::pending};
    }
    store_.replace_block(log, core.block_no, block.wire, state);
    if (!must_rebuild_) replay_.read_late(log, block);
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
    const bool referred_to =
        store_.has_forked(store_.root_of(log)) && store_.take_guess(block.parsed->hash);
    must_rebuild_ = must_rebuild_ || referred_to;
    const bool damaged = !block.payload && !protocol::carries_authors_payload(*block.parsed);
    // What is read anew as a whole is not read now: a moved log's old entries are still there.
    if (must_rebuild_) return {verdict_of(state), core.count, damaged};
    return {verdict_of(state), replay_.read_block(log, block), damaged};
}

// Entries that are still open say where they refer to by names that would change: they are closed
// first.
Intake::Result Intake::branch_off(LogOrdinal log, OpenedBlock& block) {
    if (is_same_under_rotten_hash(log, *block.parsed)) return meet_again(log, block);
    if (store_.open_count() != 0) return wait(block);
    const LogOrdinal branch = part_log(store_, roster_.workspace(), log, *block.parsed);
    must_rebuild_ = true;
    Result result = append(branch, block);
    result.fork = true;
    return result;
}

// The very block lies there, and its row alone says another hash: rot, and no fork.
bool Intake::is_same_under_rotten_hash(LogOrdinal log, const protocol::ParsedBlock& block) {
    auto there = store_.block(log, block.core.block_no);
    if (!there) return false;
    const auto parsed = protocol::parse_block(roster_.workspace(), there->bytes);
    if (!parsed || parsed->hash != block.hash) return false;
    there->hash = block.hash;
    store_.mend_row(*there);
    return true;
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

bool Intake::is_block(ByteView wire, const protocol::BlockHash& hash) const {
    const auto block = protocol::parse_block(roster_.workspace(), wire);
    return block && block->hash == hash && protocol::verify_block(roster_.workspace(), *block);
}

void Intake::ask_for_everything() {
    for (const RosterTurf& turf : roster_.turfs()) {
        if (const auto number = store_.find_turf(turf.id)) store_.forget_cursor(*number);
    }
}

std::size_t Intake::retry_waiting() {
    std::size_t entries = 0;
    for (bool progress = true; progress;) {
        progress = false;
        for (const protocol::BlockHash& hash : store_.waiting()) {
            auto job = parse_waiting(store_.take_waiting(hash));
            if (!job || !is_block(job->wire, hash)) {
                ask_for_everything();  // rotten: nothing says any more what it was
                continue;
            }
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
        if (!must_rebuild_) replay_.read_late(log, block);
        has_read_late_ = true;
        ++opened;
    }
    return opened;
}

}  // namespace vereda::engine
