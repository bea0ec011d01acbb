#include <algorithm>
#include <array>
#include <set>

#include "engine/vault/vault_files.h"
#include "engine/workspace/log_salvage.h"
#include "engine/workspace/rotten_entries.h"
#include "engine/workspace/workspace.h"
#include "protocol/domain.h"
#include "protocol/leaf.h"
#include "protocol/text_id.h"

/// What a vault does about bytes that its disk has damaged, when it is opened and after
/// (docs/protocol/vault.md "Damage"). Four things only keep it from opening: a damaged header, a
/// lost identity, no log.db, and pages of it that can neither be read nor written again.
namespace vereda::engine {
namespace {

constexpr const char* salvage_name = "salvage-when-opened";
constexpr const char* cut_name = "roster-cut-before";
constexpr const char* roster_mishap = "roster";
constexpr const char* secret_mishap = "secret";
constexpr const char* database_mishap = "database";
constexpr const char* rows_mishap = "rows";
constexpr std::string_view turf_key_prefix = "turf-key/";

// The sealed rows that `sql` selects (key, sealed bytes), by their key.
template <class Key>
std::map<Key, Bytes> sealed_rows(Database& database, const std::string& sql, auto key_of) {
    std::map<Key, Bytes> rows;
    Statement select(database, sql);
    for (const Row& row : select.query())
        rows[key_of(row)] = Bytes(row.blob(1).begin(), row.blob(1).end());
    return rows;
}

std::map<std::string, Bytes> secrets_in(Database& database, const char* table) {
    return sealed_rows<std::string>(
        database, std::string("SELECT name, sealed FROM ") + table,
        [](const Row& row) { return std::string(row.text(0)); });
}

std::map<std::uint64_t, Bytes> roster_in(Database& database, const char* table) {
    return sealed_rows<std::uint64_t>(
        database, std::string("SELECT position, sealed FROM ") + table,
        [](const Row& row) { return static_cast<std::uint64_t>(row.integer(0)); });
}

// What of a table the hub serves again.
bool comes_again(const std::string& table) {
    constexpr std::array served{"blocks", "waiting", "waiting_room", "misfits", "unread"};
    return std::ranges::find(served, table) != served.end();
}

// What became of a table of which rows are missing. Most lie twice, or follow from others.
Mishap::Kind after_tear(const std::string& table) {
    if (table == "open_entries" || table == "set_aside") return Mishap::Kind::lost;
    return comes_again(table) ? Mishap::Kind::damaged : Mishap::Kind::healed;
}

std::optional<protocol::RosterHash> end_of(
    const protocol::WorkspaceId& workspace, const std::vector<Bytes>& entries) {
    if (entries.empty()) return std::nullopt;
    const auto last = protocol::parse_roster_entry(entries.back());
    return last ? std::optional(hash_of(workspace, *last)) : std::nullopt;
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
        const Mishap::Kind kind = after_tear(table);
        mishaps().note(kind, rows_mishap, "log.db " + table);
        if (kind == Mishap::Kind::lost) opening_.may_have_lost_work = true;
    }
    const bool is_whole =
        std::ranges::none_of(torn, [](const auto& table) { return comes_again(table); });
    mishaps().note(
        is_whole ? Mishap::Kind::healed : Mishap::Kind::damaged, database_mishap, "log.db");
    // The last rows of a table leave no gap.
    store_.forget_cursors();
    transaction.commit();
}

// An own log that lacks blocks is not written to any more: its next number may be taken.
bool Workspace::leave_cut_logs() {
    if (cut_logs_.empty()) return false;
    const auto own = writer_->own_logs();
    const bool is_cut =
        std::ranges::any_of(own, [this](LogOrdinal log) { return cut_logs_.contains(log); });
    Transaction transaction(store_.database());
    // Once: the next opening would find the same gap, and leave the log again.
    for (const LogOrdinal log : cut_logs_) store_.forget_known_blocks(log);
    if (is_cut) {
        opening_.renamed_entries += move_to_new_incarnation();
        opening_.new_incarnation = true;
        opening_.why_new_name = WhyNewName::lost_blocks;
    }
    transaction.commit();
    if (!is_cut) return false;
    connect();
    write_guard();
    return true;
}

// The damaged file is kept as long as the mishaps name its salvage.
void Workspace::remove_old_damaged_log() {
    if (!has_damaged_log(environment_.files, directory_)) return;
    const auto all = mishaps().all();
    if (std::ranges::find(all, database_mishap, &Mishap::what) == all.end())
        remove_damaged_log(environment_.files, directory_);
}

// ---- secrets: each lies twice, and its name is in its seal

void Workspace::mend_secrets() {
    Transaction transaction(store_.database());
    for (const std::string& table : store_.mended_tables())
        mishaps().note(Mishap::Kind::healed, "row", "log.db " + table);
    const auto rows = secrets_in(store_.database(), "secrets");
    const auto copies = secrets_in(store_.database(), "secret_copies");
    const auto opens = [&](const auto& all, const std::string& name) {
        const auto found = all.find(name);
        return found != all.end() && secrets_.open(name, found->second);
    };
    std::set<std::string> names;
    for (const auto& [name, sealed] : rows) names.insert(name);
    for (const auto& [name, sealed] : copies) names.insert(name);
    std::size_t healed = 0, strange = 0;
    std::vector<std::string> unopened;
    for (const std::string& name : names) {
        if (opens(rows, name) && opens(copies, name) && rows.at(name) == copies.at(name)) continue;
        store_.database().expect_sound_pages();
        if (opens(rows, name) || opens(copies, name)) {
            store_.put_secret(name, opens(rows, name) ? rows.at(name) : copies.at(name));
            mishaps().note(Mishap::Kind::healed, secret_mishap, name);
            ++healed;
        } else {
            unopened.push_back(name);
        }
    }
    // A secret whose name rotted lies once under the rotten name. It has just been healed under the
    // right one, so as many of these are dropped as were healed.
    for (const std::string& name : unopened) {
        const bool displaced = rows.contains(name) != copies.contains(name) && strange++ < healed;
        displaced ? store_.forget_secret(name) : take_secret_as_lost(name);
    }
    transaction.commit();
}

// The vault's own key stays where it is: without it nothing opens. A turf key comes again.
void Workspace::take_secret_as_lost(const std::string& name) {
    if (name == "identity") return;
    const bool comes_again = name.starts_with(turf_key_prefix);
    if (const auto sealed = store_.secret(name)) mishaps().set_bytes_aside(name, *sealed);
    store_.forget_secret(name);
    mishaps().note(comes_again ? Mishap::Kind::damaged : Mishap::Kind::lost, secret_mishap, name);
}

void Workspace::load_keys() {
    keyring_.load(store_, secrets_);
    if (!mishaps().has_damage()) return;
    Transaction transaction(store_.database());
    keyring_.unlock_history(roster_, store_, secrets_);
    transaction.commit();
}

// ---- the roster: each entry lies twice; an own one stands in what was sent to the hub besides

std::optional<Bytes> Workspace::roster_entry_kept_elsewhere(std::uint64_t position) {
    if (beginnings_.founding) {
        const auto founding = protocol::parse_found_request(*beginnings_.founding);
        if (founding && position < founding->entries.size()) return founding->entries[position];
    }
    const auto changes = engine::kept_changes(store_, secrets_);
    const auto change = changes.find({position});
    if (change == changes.end()) return std::nullopt;
    auto request = protocol::parse_roster_append_request(change->second);
    return request ? std::optional(std::move(request->entry)) : std::nullopt;
}

std::vector<Bytes> Workspace::whole_roster() {
    const auto rows = roster_in(store_.database(), "sealed_roster");
    const auto copies = roster_in(store_.database(), "roster_copies");
    const auto opened = [&](const auto& all, std::uint64_t position) -> std::optional<Bytes> {
        const auto found = all.find(position);
        if (found == all.end()) return std::nullopt;
        auto entry = roster_sealer_.open(position, found->second);
        return entry ? std::optional(std::move(*entry)) : std::nullopt;
    };
    std::uint64_t had = std::max(rows.size(), copies.size());
    std::vector<Bytes> entries;
    std::vector<std::uint64_t> mended;
    for (std::uint64_t at = 0;; ++at) {
        auto entry = opened(rows, at);
        const auto copy = opened(copies, at);
        if (!entry || !copy || rows.at(at) != copies.at(at)) {
            if (!entry) entry = copy;
            if (!entry && at < had) entry = roster_entry_kept_elsewhere(at);
            if (!entry) break;
            mended.push_back(at);
        }
        entries.push_back(std::move(*entry));
    }
    had = std::max<std::uint64_t>(had, entries.size());
    const auto end = end_of(identity_.workspace, entries);
    const bool whole = end ? *end == identity_.roster_end : had == 0;
    const bool nothing_more = entries.size() == rows.size() && entries.size() == copies.size();
    if (whole && mended.empty() && nothing_more) return entries;
    store_.database().expect_sound_pages();
    Transaction transaction(store_.database());
    keep_roster_again(entries);
    for (const std::uint64_t at : mended) {
        mishaps().note(Mishap::Kind::healed, roster_mishap, "roster " + std::to_string(at));
    }
    if (!whole) {
        // The last entry may be gone without a trace, so at least one more is expected.
        cut_roster(entries.size(), std::max<std::uint64_t>(had, entries.size() + 1));
        identity_.roster_end = end.value_or(protocol::RosterHash{});
        identity_.save(store_, secrets_);
    }
    transaction.commit();
    return entries;
}

void Workspace::keep_roster_again(const std::vector<Bytes>& entries) {
    store_.cut_roster(0);
    for (std::uint64_t at = 0; at < entries.size(); ++at)
        keep_entry(store_, roster_sealer_, at, entries[at]);
}

void Workspace::cut_roster(std::uint64_t entries, std::uint64_t had) {
    Bytes until;
    append_u64(until, had);
    store_.put_meta(cut_name, until);
    mishaps().note(Mishap::Kind::damaged, roster_mishap, "roster " + std::to_string(entries));
    snapshot_.remove();
}

bool Workspace::has_whole_roster() {
    const auto until = store_.meta(cut_name);
    if (!until) return true;
    std::uint64_t had = 0;
    for (const std::uint8_t byte : *until) had = had << 8 | byte;
    return roster_.size() >= had;
}

// Called in the transaction that appended the missing entries. The snapshot is removed because what
// was read meanwhile was judged by half a roster.
bool Workspace::has_mended_roster() {
    if (!store_.meta(cut_name) || !has_whole_roster()) return false;
    store_.forget_meta(cut_name);
    mishaps().heal_all(roster_mishap);
    snapshot_.remove();
    return true;
}

// ---- blocks, numbers, places in the hub's streams

void Workspace::mend_log() {
    Transaction transaction(store_.database());
    cut_logs_ = block_gaps().close(opening_.salvaged);
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
    mishaps().note(Mishap::Kind::healed, "cursor", "turf " + protocol::text_id(turf.id.view()));
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
                Mishap::Kind::lost, "block", place,
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

// The last rows of a table leave no gap, so only a whole stream tells that none is missing.
void Workspace::note_streams_read() {
    if (!mishaps().has_damage()) return;
    Transaction transaction(store_.database());
    block_gaps().take_as_lost(served_own_logs());
    for (const char* served : {"acceptance", "block_aside", "stray_block"})
        mishaps().heal_all(served);
    if (!block_gaps().has_open()) {
        mishaps().heal_all(rows_mishap);
        mishaps().heal_all(database_mishap);
    }
    transaction.commit();
}

void Workspace::settle_mishaps() {
    Transaction transaction(store_.database());
    mishaps().forget_old();
    if (mishaps().has_damage()) {
        block_repair().note_healed();
        block_gaps().note_filled();
        for (const Mishap& mishap : mishaps().all()) {
            if (mishap.what == secret_mishap && store_.secret(mishap.place))
                mishaps().heal(secret_mishap, mishap.place);
        }
    }
    transaction.commit();
    remove_old_damaged_log();
}

}  // namespace vereda::engine
