#include "engine/workspace/workspace.h"

#include <algorithm>

#include "engine/log/branches.h"
#include "engine/vault/vault_files.h"
#include "engine/workspace/own_heads.h"

namespace vereda::engine {
namespace {

// A tail shorter than this is read faster than a snapshot is written.
constexpr std::size_t snapshot_tail_min = 5000;
// A third of the size for a third of a second in 300 MiB; more takes longer than it saves.
constexpr int snapshot_level = 1;

// Names in `meta`. The first one's value is a byte, the `WhyNewLog`; the other has none.
constexpr const char* old_copy_name = "old-copy";
constexpr const char* reading_denied_name = "reading-denied";

}  // namespace

Workspace::Workspace(
    Environment& environment, std::string directory, VaultLock lock, VaultKey key,
    std::unique_ptr<Database> database, LogStore store, Options options)
    : environment_(environment),
      directory_(std::move(directory)),
      lock_(std::move(lock)),
      key_(std::move(key)),
      database_(std::move(database)),
      store_(std::move(store)),
      options_(std::move(options)),
      secrets_(key_),
      roster_sealer_(key_),
      open_sealer_(derive_subkey(key_, KeyPurpose::open_entries)),
      guard_(environment.files, directory_, key_),
      snapshot_(
          environment.files, vault_path(directory_, snapshot_file_name), key_,
          std::min(options_.compression_level, snapshot_level)),
      roster_(protocol::WorkspaceId{}) {}

// An opener may still be at work with our keys when something has thrown.
Workspace::~Workspace() {
    if (options_.opener != nullptr) options_.opener->abandon();
}

WhyNewLog why_new_log(GuardVerdict verdict) {
    switch (verdict) {
        case GuardVerdict::missing:
            return WhyNewLog::guard_gone;
        case GuardVerdict::doubtful:
            return WhyNewLog::guard_damaged;
        case GuardVerdict::database_behind_guard:
            return WhyNewLog::log_went_back;
        case GuardVerdict::copied:
        case GuardVerdict::fine:
        case GuardVerdict::behind:
            break;
    }
    return WhyNewLog::copied;
}

void Workspace::load_old_copy() {
    const auto kept = store_.meta(old_copy_name);
    if (!kept) return;
    const bool is_known =
        kept->size() == 1 && kept->front() < static_cast<int>(WhyNewLog::lost_blocks);
    old_copy_ = is_known ? static_cast<WhyNewLog>(kept->front()) : WhyNewLog::copied;
}

// Without a hub no sync would ever take it back.
void Workspace::note_old_copy(WhyNewLog why) {
    old_copy_ = why;
    if (has_hub()) store_.put_meta(old_copy_name, Bytes{static_cast<std::uint8_t>(why)});
}

void Workspace::note_caught_up() {
    if (!old_copy_) return;
    store_.forget_meta(old_copy_name);
    store_.forget_meta(reading_denied_name);
    old_copy_.reset();
}

void Workspace::note_reading_denied(bool is_denied) {
    if (!old_copy_ || is_denied == store_.meta(reading_denied_name).has_value()) return;
    is_denied ? store_.put_meta(reading_denied_name, {}) : store_.forget_meta(reading_denied_name);
}

bool Workspace::may_catch_up() {
    const RosterDevice* own = roster_.find(identity_.keys.device());
    const bool has_ended = own != nullptr && own->ended;
    return has_hub() && !has_ended && !store_.meta(reading_denied_name);
}

void Workspace::check_guard() {
    const OwnHeads own(store_, *writer_, identity_.incarnation);
    const GuardVerdict verdict = judge_guard(guard_.read(), own);
    if (needs_new_incarnation(verdict)) {
        opening_.why_new_log = why_new_log(verdict);
        note_old_copy(opening_.why_new_log);  // before the guard is right again
        begin_incarnation();
    } else if (verdict != GuardVerdict::fine) {
        write_guard();
    }
}

void Workspace::write_guard() {
    const OwnHeads own(store_, *writer_, identity_.incarnation);
    guard_.write({identity_.incarnation, own.heads()});
}

std::size_t Workspace::begin_incarnation() {
    rebuild_if_stale();
    opening_.new_incarnation = true;
    std::size_t moved = 0;
    {
        Transaction transaction(store_.database());
        moved = move_to_new_incarnation();
        transaction.commit();
    }
    opening_.renamed_entries += moved;
    go_on_in_new_incarnation(moved);
    return moved;
}

std::size_t Workspace::move_to_new_incarnation() {
    identity_.incarnation = {environment_.entropy.bytes<16>()};
    const std::size_t moved = writer_->move_open_entries(roster_, identity_.incarnation);
    identity_.save(store_, secrets_);
    // Before the commit that would make it out of date.
    if (moved != 0) snapshot_.remove();
    return moved;
}

// After the commit.
void Workspace::go_on_in_new_incarnation(std::size_t moved) {
    moved != 0 ? rebuild() : connect();
    write_guard();
}

Projection& Workspace::projection() {
    rebuild_if_stale();
    return *projection_;
}

LogWriter& Workspace::writer() {
    rebuild_if_stale();
    return *writer_;
}

LocalDot Workspace::append(TurfNumber turf, const EntryDraft& draft) {
    if (!group_) rebuild_if_stale();
    ++since_snapshot_;
    if (group_) return writer_->append(roster_, turf, draft);
    Transaction transaction(store_.database());
    const LocalDot dot = writer_->append(roster_, turf, draft);
    transaction.commit();
    return dot;
}

void Workspace::begin_group() {
    VEREDA_ASSERT(!group_);
    rebuild_if_stale();
    group_.emplace(store_.database());
}

void Workspace::commit_group() {
    VEREDA_ASSERT(group_);
    group_->commit();
    group_.reset();
}

LogWriter::Closed Workspace::close_blocks() {
    if (roster_.empty() || !has_whole_roster()) return {};
    rebuild_if_stale();
    Transaction transaction(store_.database());
    const LogWriter::Closed closed = writer_->close(roster_, keyring_, options_.compression_level);
    // It shows what was set aside: gone before the commit that would make it out of date.
    if (closed.set_aside != 0) snapshot_.remove();
    transaction.commit();
    if (closed.blocks != 0) write_guard();
    if (closed.set_aside != 0) rebuild();
    return closed;
}

bool Workspace::save_snapshot(bool always) {
    if (!always && since_snapshot_ < snapshot_tail_min) return false;
    snapshot_.write(projection(), store_);
    store_.forget_restamped();
    since_snapshot_ = 0;
    return true;
}

// A block that this very device signed, in this incarnation, and that the vault has not: the vault
// went back in time.
bool Workspace::shows_own_future(ByteView wire) {
    const auto block = protocol::parse_block(roster_.workspace(), wire);
    if (!block || block->core.device != identity_.keys.device()) return false;
    if (block->core.incarnation != identity_.incarnation) return false;
    const auto log = store_.find_log(block->log);
    const bool known = log && find_place(store_, *log, *block).kind == BlockPlace::Kind::known;
    return !known && protocol::verify_block(roster_.workspace(), *block);
}

// Before the commit that would make it out of date: a crash between the two costs a rebuild and
// nothing else.
void Workspace::forget_late_snapshot() {
    if (intake_->has_read_late() || intake_->must_rebuild()) snapshot_.remove();
}

// Not within a group, whose writes are not committed yet: what is read there as it stood is read
// again afterwards.
void Workspace::rebuild_if_stale() {
    if (group_) return;
    if (projection_->is_stale() || intake_->must_rebuild()) rebuild();
}

void Workspace::note_acceptance(
    LogOrdinal log, std::uint64_t block_no, const protocol::Acceptance& acceptance) {
    intake_->accept(log, block_no, acceptance);
}

Workspace::Received Workspace::receive(std::vector<BlockOpener::Job> blocks, BlockOpener& opener) {
    Received received;
    const bool went_back = std::any_of(
        blocks.begin(), blocks.end(),
        [this](const BlockOpener::Job& job) { return shows_own_future(job.wire); });
    if (went_back) note_old_copy(WhyNewLog::log_went_back);
    if (went_back) begin_incarnation();
    for (BlockOpener::Job& job : blocks)
        opener.submit(roster_.workspace(), keyring_, std::move(job));
    Transaction transaction(store_.database());
    projection_->begin();
    while (std::optional<OpenedBlock> block = opener.next()) {
        const Intake::Result result = intake_->receive(std::move(*block));
        received.entries += result.entries;
        const bool again = result.damaged || result.no_room;
        received.refused += result.verdict == BlockVerdict::refused && !again ? 1 : 0;
        received.forks += result.fork || result.verdict == BlockVerdict::misfit ? 1 : 0;
        received.damaged += result.damaged ? 1 : 0;
        received.without_room += result.no_room ? 1 : 0;
        received.unread += result.verdict == BlockVerdict::unread ? 1 : 0;
    }
    received.entries += intake_->retry_waiting();
    intake_->settle_proofs();
    projection_->commit();
    forget_late_snapshot();
    transaction.commit();
    since_snapshot_ += received.entries;
    if (mishaps().has_damage()) settle_mishaps();
    return received;
}

std::expected<std::size_t, RosterError> Workspace::extend_roster(
    std::span<const protocol::ServedEntry> entries) {
    std::size_t appended = 0;
    std::optional<RosterError> refused;
    Transaction transaction(store_.database());
    for (const protocol::ServedEntry& served : entries) {
        const std::uint64_t before = roster_.size();
        const auto result = roster_.append(served.entry);
        if (!result) {
            refused = result.error();
            break;
        }
        if (roster_.size() == before) continue;
        roster_.note_accepted({before}, served.leaf.accepted);
        keep_entry(store_, roster_sealer_, before, served.entry);
        ++appended;
    }
    if (appended != 0) {
        for (const RosterTurf& turf : roster_.turfs()) static_cast<void>(store_.number_of(turf.id));
        identity_.roster_end = roster_.last_hash();
        identity_.save(store_, secrets_);
        keyring_.unlock_history(roster_, store_, secrets_);
    }
    if (refused == RosterError::fork) keep_forks(store_, secrets_, roster_);
    const bool mended = appended != 0 && has_mended_roster();
    transaction.commit();
    if (mended) rebuild();
    if (refused) return std::unexpected(*refused);
    return appended;
}

std::vector<Bytes> Workspace::kept_roster() { return kept_entries(store_, roster_sealer_); }

void Workspace::keep_change(protocol::RosterPosition position, ByteView request) {
    Transaction transaction(store_.database());
    engine::keep_change(store_, secrets_, position, request);
    transaction.commit();
}

std::map<protocol::RosterPosition, Bytes> Workspace::kept_changes() {
    auto kept = engine::kept_changes(store_, secrets_);
    std::erase_if(kept, [this](const auto& change) {
        const auto& [position, body] = change;
        const auto request = protocol::parse_roster_append_request(body);
        return !request || position >= roster_.next_position() ||
               !std::ranges::equal(request->entry, roster_.wire_at(position));
    });
    return kept;
}

std::expected<void, Keyring::AddError> Workspace::add_key(
    const protocol::TurfId& turf, protocol::Epoch epoch, ByteView key) {
    Transaction transaction(store_.database());
    auto added = keyring_.add(roster_, turf, epoch, key, store_, secrets_);
    if (added) keyring_.unlock_history(roster_, store_, secrets_);
    transaction.commit();
    return added;
}

std::size_t Workspace::retry() {
    Transaction transaction(store_.database());
    projection_->begin();
    const std::size_t opened = intake_->retry_pending();
    const std::size_t entries = intake_->retry_waiting();
    intake_->settle_proofs();
    projection_->commit();
    forget_late_snapshot();
    transaction.commit();
    since_snapshot_ += entries + opened;
    return entries + opened;
}

void Workspace::save_identity() {
    Transaction transaction(store_.database());
    identity_.save(store_, secrets_);
    transaction.commit();
}

void Workspace::set_beginnings(Beginnings beginnings) {
    beginnings_ = std::move(beginnings);
    Transaction transaction(store_.database());
    beginnings_.save(store_, secrets_);
    transaction.commit();
}

TurfNumber Workspace::number_of(const protocol::TurfId& turf) {
    const auto number = store_.find_turf(turf);
    VEREDA_ASSERT(number);
    return *number;
}

}  // namespace vereda::engine
