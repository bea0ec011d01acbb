#include <algorithm>
#include <array>
#include <set>

#include "engine/vault/vault_files.h"
#include "engine/workspace/log_salvage.h"
#include "engine/workspace/own_heads.h"
#include "engine/workspace/rotten_entries.h"
#include "engine/workspace/workspace.h"
#include "protocol/domain.h"
#include "protocol/sync/leaf.h"
#include "protocol/text_id.h"

/// What a vault does about bytes that its disk has damaged, when it is opened and after
/// (docs/protocol/vault.md "Damage"). Four things only keep it from opening: a damaged header, a
/// lost identity, no log.db, and pages of it that can neither be read nor written again.
namespace vereda::engine {
namespace {

constexpr const char* salvage_name = "salvage-when-opened";

// What of a table the hub serves again.
bool comes_again(const std::string& table) {
    constexpr std::array served{"blocks", "waiting", "waiting_room", "misfits", "unread"};
    return std::ranges::find(served, table) != served.end();
}

// What became of a table of which rows are missing. Most lie twice, or follow from others. A block
// that was not sent lies twice as well, but may have stood in both places.
Mishap::Kind after_tear(const std::string& table, const std::vector<std::string>& torn) {
    if (table == "open_entries" || table == "set_aside") return Mishap::Kind::lost;
    const bool had_blocks_too = std::ranges::find(torn, "blocks") != torn.end();
    if (table == "copies" && had_blocks_too) return Mishap::Kind::lost;
    return comes_again(table) ? Mishap::Kind::damaged : Mishap::Kind::healed;
}

}  // namespace

Mishaps Workspace::mishaps() { return {store_.database(), environment_.clock.now()}; }

BlockGaps Workspace::block_gaps() { return {store_, identity_.workspace, mishaps()}; }

BlockRepair Workspace::block_repair() { return {store_, identity_.workspace, mishaps()}; }

// ---- a log.db that SQLite could not read any more, written again (log_salvage.h)

// When even this note cannot be written, the next one to meet the damage tries again.
void Workspace::salvage_when_opened() noexcept {
    try {
        store_.put_meta(salvage_name, {});
    } catch (const std::exception&) {
    }
}

void Workspace::expect_no_salvage() {
    if (store_.meta(salvage_name) && !opening_.salvaged && !opening_.damaged)
        throw StorageFailure(StorageFault::corrupt, "an audit found pages of log.db damaged");
}

void Workspace::note_salvage(const std::vector<std::string>& torn) {
    Transaction transaction(store_.database());
    opening_.salvaged = true;
    store_.forget_meta(salvage_name);
    forget_torn_tables(store_);
    for (const std::string& table : torn) {
        const Mishap::Kind kind = after_tear(table, torn);
        mishaps().note(kind, vault_part::rows, "log.db " + table);
        if (kind == Mishap::Kind::lost) opening_.may_have_lost_work = true;
    }
    const bool is_whole =
        std::ranges::none_of(torn, [](const auto& table) { return comes_again(table); });
    mishaps().note(
        is_whole ? Mishap::Kind::healed : Mishap::Kind::damaged, vault_part::database, "log.db");
    // The last rows of a table leave no gap.
    store_.forget_cursors();
    transaction.commit();
}

// At the end of a log nothing in log.db tells of blocks that were not sent: the guard does.
void Workspace::note_blocks_of_guard() {
    if (!opening_.salvaged) return;
    const auto guard = guard_.read();
    if (!guard) return;
    Transaction transaction(store_.database());
    for (const auto& [id, guarded] : guard->heads) {
        if (const auto log = store_.find_log(id)) note_lost_end(*log, guarded.block_no);
    }
    transaction.commit();
}

void Workspace::note_lost_end(LogOrdinal log, std::uint64_t last_block) {
    const std::optional<BlockHead>& head = store_.head(log);
    const std::uint64_t first_block = block_gaps().end_behind_gaps(log);
    if (first_block > last_block) return;
    mishaps().note(
        Mishap::Kind::damaged, vault_part::missing_block,
        blocks_place(store_, log, first_block, last_block),
        Mishap::Entries{store_.info(log).log, {head ? head->last_seq.value + 1 : 1}, 0});
}

// An own log that lacks blocks is not written to any more: its next number may be taken.
bool Workspace::leave_cut_logs() {
    if (cut_logs_.empty()) return false;
    const auto own = writer_->own_logs();
    const bool is_cut =
        std::ranges::any_of(own, [this](LogOrdinal log) { return cut_logs_.contains(log); });
    if (is_cut) opening_.why_new_log = why_cut_logs_end();
    Transaction transaction(store_.database());
    // Once: the next opening would find the same gap, and leave the log again.
    for (const LogOrdinal log : cut_logs_) store_.forget_acknowledged(log);
    if (is_cut) {
        opening_.renamed_entries += move_to_new_incarnation();
        opening_.new_incarnation = true;
    }
    transaction.commit();
    if (!is_cut) return false;
    connect();
    write_guard();
    return true;
}

// The guard that is written next would hide that this is a copy. A guard that names blocks which
// the log has not is no sign of that here: the disk has lost some.
WhyNewLog Workspace::why_cut_logs_end() {
    const GuardVerdict verdict =
        judge_guard(guard_.read(), OwnHeads(store_, *writer_, identity_.incarnation));
    const bool is_copy =
        needs_new_incarnation(verdict) && verdict != GuardVerdict::database_behind_guard;
    if (!is_copy) return WhyNewLog::lost_blocks;
    note_old_copy(why_new_log(verdict));
    return why_new_log(verdict);
}

// The damaged file is kept as long as the mishaps name its salvage.
void Workspace::remove_old_damaged_log() {
    if (!has_damaged_log(environment_.files, directory_)) return;
    const auto all = mishaps().all();
    if (std::ranges::find(all, vault_part::database, &Mishap::what) == all.end())
        remove_damaged_log(environment_.files, directory_);
}

// ---- blocks, numbers, places in the hub's streams

void Workspace::mend_log() {
    Transaction transaction(store_.database());
    cut_logs_ = block_gaps().close(opening_.salvaged || opening_.damaged);
    if (!cut_logs_.empty()) snapshot_.remove();  // it shows what they held
    BlockRepair repair = block_repair();
    const protocol::DeviceId device = identity_.keys.device();
    for (std::uint32_t log = 1; log <= store_.log_count(); ++log) {
        repair.mend_head({log});
        if (store_.info({log}).described && store_.info({log}).device == device)
            repair.mend_pushed({log});
    }
    for (const RosterTurf& turf : roster_.turfs()) mend_cursor(turf);
    transaction.commit();
}

// A cursor is what its signed head says. Without it the stream is read from its beginning.
void Workspace::mend_cursor(const RosterTurf& turf) {
    const auto number = store_.find_turf(turf.id);
    const auto cursor = number ? store_.cursor(*number) : std::nullopt;
    if (!cursor) return;
    const auto kept = store_.stream_head(*number);
    const auto head = protocol::parse_stream_head(kept->head);
    const bool same = head && head->turf == turf.id && head->hub_epoch == cursor->hub_epoch &&
                      head->turf_seq == cursor->turf_seq && head->turf_chain == cursor->turf_chain;
    if (same) return;
    store_.forget_cursor(*number);
    mishaps().note(
        Mishap::Kind::healed, vault_part::cursor, "turf " + protocol::text_id(turf.id.view()));
}

bool Workspace::put_blocks_back() {
    Transaction transaction(store_.database());
    const bool has_moved = block_gaps().put_back();
    const bool is_whole = block_gaps().is_whole();
    if (has_moved) snapshot_.remove();  // before the commit that outdates it
    if (!is_whole) salvage_when_opened();
    transaction.commit();
    if (has_moved && is_whole) rebuild();
    return is_whole;
}

bool Workspace::set_rotten_entries_aside() {
    Transaction transaction(store_.database());
    RottenEntries rotten(
        store_, *writer_, open_sealer_, mishaps(), environment_.clock.now(), cut_logs_);
    if (!rotten.set_aside()) return false;
    snapshot_.remove();  // before the commit that outdates it
    transaction.commit();
    opening_.lost_work = opening_.lost_work || rotten.has_lost();
    return true;
}

std::size_t Workspace::end_log(LogOrdinal log, std::uint64_t block_no) {
    std::size_t entries = 0;
    std::size_t moved = 0;
    {
        Transaction transaction(store_.database());
        const auto lost = writer_->reopen_tail(roster_, keyring_, log, block_no);
        if (!lost) return 0;
        for (const StoredBlock& block : *lost) {
            const std::string place = block_place(store_, log, block.block_no);
            mishaps().set_bytes_aside(place, block.bytes);
            mishaps().note(
                Mishap::Kind::lost, vault_part::block, place,
                Mishap::Entries{store_.info(log).log, block.first_seq, block.count});
            entries += block.count;
        }
        moved = move_to_new_incarnation();
        transaction.commit();
    }
    opening_.renamed_entries += moved - std::min(moved, entries);  // those stand as void
    go_on_in_new_incarnation(moved);
    return entries;
}

std::vector<LogOrdinal> Workspace::served_own_logs() {
    std::vector<LogOrdinal> logs = writer().own_logs();
    std::erase_if(logs, [this](LogOrdinal log) {
        const protocol::TurfId& turf = store_.turf(store_.info(log).turf);
        return !roster_.holds_turf(identity_.keys.device(), turf);
    });
    return logs;
}

// Whole work behind a gap that stays would wait for ever, and only this laptop has it.
std::size_t Workspace::reopen_behind_gap(LogOrdinal log) {
    if (store_.info(log).branch) return 0;
    const std::vector<StoredBlock> blocks = block_gaps().unsent_behind(log);
    if (blocks.empty() || !writer_->reopen_behind_gap(roster_, keyring_, log, blocks)) return 0;
    std::size_t entries = 0;
    for (const StoredBlock& block : blocks) {
        store_.waiting_room().forget(block.hash);
        entries += block.count;
    }
    return entries;
}

// The last rows of a table leave no gap, so only a whole stream tells that none is missing.
void Workspace::note_streams_read() {
    std::size_t reopened = 0, moved = 0;
    {
        Transaction transaction(store_.database());
        block_gaps().note_filled();
        for (const LogOrdinal log : block_gaps().take_as_lost(served_own_logs()))
            reopened += reopen_behind_gap(log);
        for (const char* served :
             {vault_part::acceptance, vault_part::block_aside, vault_part::stray_block})
            mishaps().heal_all(served);
        if (!block_gaps().has_open()) {
            mishaps().heal_all(vault_part::rows);
            mishaps().heal_all(vault_part::database);
        }
        if (reopened != 0) moved = move_to_new_incarnation();
        transaction.commit();
    }
    if (reopened == 0) return;
    opening_.renamed_entries += reopened;
    go_on_in_new_incarnation(moved);
}

void Workspace::settle_mishaps() {
    Transaction transaction(store_.database());
    mishaps().forget_old();
    if (mishaps().has_damage()) {
        block_repair().note_healed();
        block_gaps().note_filled();
        for (const Mishap& mishap : mishaps().all()) {
            if (mishap.what == vault_part::secret && store_.secret(mishap.place))
                mishaps().heal(vault_part::secret, mishap.place);
        }
    }
    transaction.commit();
    remove_old_damaged_log();
}

}  // namespace vereda::engine
