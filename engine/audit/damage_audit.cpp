#include "engine/audit/damage_audit.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "engine/audit/block_audit.h"
#include "engine/log/log_schema.h"
#include "engine/storage/migrations.h"
#include "protocol/domain.h"
#include "protocol/text_id.h"

namespace vereda::engine {
namespace {

using Rows64 = std::vector<std::int64_t>;

Rows64 integers(Database& database, const std::string& sql) {
    Rows64 found;
    Statement select(database, sql);
    for (const Row& row : select.query()) found.push_back(row.integer(0));
    return found;
}

// What a mishap befell, as people call it.
std::string_view name_of(std::string_view part) {
    static const std::map<std::string_view, std::string_view> names{
        {vault_part::open_entry, "an entry not sent yet"},
        {vault_part::block, "a block"},
        {vault_part::missing_block, "a missing block"},
        {vault_part::block_row, "what the log says of a block"},
        {vault_part::block_aside, "a block that waits"},
        {vault_part::stray_block, "a block without a log"},
        {vault_part::copy, "the spare copy of a block"},
        {vault_part::acceptance, "the hub's word on a block"},
        {vault_part::pushed, "the count of blocks sent"},
        {vault_part::cursor, "the place in a stream of the hub"},
        {vault_part::roster, "the list of members"},
        {vault_part::secret, "a key"},
        {vault_part::row, "a row of a small table"},
        {vault_part::rows, "a table"},
        {vault_part::index, "an index"},
        {vault_part::database, "the file of the log"}};
    const auto found = names.find(part);
    return found == names.end() ? part : found->second;
}

std::string_view fate_of(const Mishap& mishap) {
    switch (mishap.kind) {
        case Mishap::Kind::damaged:
            if (mishap.what == vault_part::missing_block)
                return "the disk has lost it; the next sync asks for it";
            if (mishap.what == vault_part::rows || mishap.what == vault_part::database)
                return "a part of it is gone; the next sync fetches what others have";
            return "the disk has damaged it; the next sync asks for it";
        case Mishap::Kind::healed:
            if (mishap.what == vault_part::database)
                return "the disk had damaged it; what still read was written again";
            return "the disk had damaged it; it is whole again";
        case Mishap::Kind::lost:
            if (mishap.what == vault_part::rows)
                return "the disk has damaged it; work not sent yet may be lost, and how much is "
                       "unknown";
            return "the disk has destroyed it, and it is nowhere else";
    }
    return "";
}

Finding finding_of(const Mishap& mishap) {
    Finding finding{.where = mishap.place, .part = mishap.what};
    finding.words = std::string(name_of(mishap.what)) + ": " + std::string(fate_of(mishap));
    switch (mishap.kind) {
        case Mishap::Kind::damaged:
            finding.severity = FindingSeverity::fault, finding.what = "damaged";
            finding.remedy = Remedy::sync;
            break;
        case Mishap::Kind::healed:
            finding.severity = FindingSeverity::note, finding.what = "healed";
            break;
        case Mishap::Kind::lost:
            finding.severity = FindingSeverity::fault, finding.what = "lost";
            finding.remedy = Remedy::record_again;
            break;
    }
    return finding;
}

}  // namespace

void DamageAudit::fault(std::string what, std::string where, std::string words) {
    report_.findings.push_back(
        {FindingSeverity::fault, std::move(what), std::move(where), std::move(words)});
}

bool DamageAudit::check_database() {
    Database& database = workspace_.store().database();
    if (!database.is_sound()) {
        if (!mends_indexes()) return false;
        workspace_.mishaps().note(Mishap::Kind::healed, vault_part::index, "log.db");
    }
    if (has_schema_of(database, log_migrations())) return true;
    fault(
        "schema", "log.db",
        "the tables are not those that this program makes: the next opening writes them again");
    report_.findings.back().remedy = Remedy::open_again;
    return false;
}

// An index follows from its table; the pages themselves follow from nothing.
bool DamageAudit::mends_indexes() {
    Database& database = workspace_.store().database();
    try {
        database.exec("REINDEX");
        if (database.is_sound()) return true;
    } catch (const StorageFailure& failure) {
        if (failure.fault() != StorageFault::corrupt) throw;
    }
    fault(
        "database", "log.db",
        "SQLite finds its pages damaged: the next opening writes again what is whole");
    report_.findings.back().remedy = Remedy::open_again;
    return false;
}

void DamageAudit::check_rows(const Roster& roster) {
    check_secrets();
    check_directory(roster);
    check_acceptances();
    check_blocks_aside();
    check_set_aside();
    check_copies();
}

// The name is in the seal. A kept change is a request for a place on the roster.
void DamageAudit::check_secrets() {
    const SecretSealer secrets(workspace_.vault_key());
    for (const auto& [name, sealed] : workspace_.store().secrets()) {
        const auto plain = secrets.open(name, sealed);
        const bool is_change = name.starts_with("roster-change-");
        if (!plain || (is_change && !protocol::parse_roster_append_request(plain->view())))
            fault("bad_secret", name, "a secret does not open under the vault's key");
    }
}

void DamageAudit::check_directory(const Roster& roster) {
    LogStore& store = workspace_.store();
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        if (store.info({log}).described)
            check_log_name({log});
        else if (store.head({log}))
            fault("unnamed_log", place_name(store, {log}), "nothing says whose log this is");
    }
    for (const RosterTurf& turf : roster.turfs()) {
        if (!store.find_turf(turf.id))
            fault(
                "missing_turf", "turf " + protocol::text_id(turf.id.view()),
                "a turf of the roster has no number here");
    }
}

void DamageAudit::check_log_name(LogOrdinal log) {
    LogStore& store = workspace_.store();
    const LogInfo& info = store.info(log);
    const protocol::WorkspaceId& workspace = workspace_.identity().workspace;
    protocol::LogId right =
        protocol::log_id(workspace, info.device, store.turf(info.turf), info.incarnation);
    if (info.branch) {
        const auto first = store.block(log, info.branch->first_block);
        if (!first) return;  // an empty branch: its next block will tell
        right = protocol::branch_id(workspace, store.info(info.branch->root).log, first->hash);
    }
    if (right != info.log)
        fault("wrong_log_name", place_name(store, log), "the log's id is not that of its author");
}

// The hub's word on a block lies twice: where the two differ, the hub is asked again.
void DamageAudit::check_acceptances() {
    Database& database = workspace_.store().database();
    const Rows64 differing = integers(
        database,
        "SELECT b.id FROM blocks b LEFT JOIN acceptances a ON a.id = b.id WHERE b.stream_seq IS "
        "NOT a.stream_seq OR (a.id IS NOT NULL AND b.accepted IS NOT a.accepted) UNION SELECT id "
        "FROM acceptances WHERE id NOT IN (SELECT id FROM blocks)");
    for (const std::int64_t id : differing) {
        Statement(database, "UPDATE blocks SET stream_seq = NULL, accepted = NULL WHERE id = ?1")
            .run(id);
        Statement(database, "DELETE FROM acceptances WHERE id = ?1").run(id);
        read_streams_again(vault_part::acceptance, "block row " + std::to_string(id));
    }
}

// What is gone here is served again from the beginning of the streams.
void DamageAudit::read_streams_again(const std::string& what, const std::string& where) {
    workspace_.store().forget_cursors();
    workspace_.mishaps().note(Mishap::Kind::damaged, what, where);
}

// A block that is evidence, or proves what others have seen, is its header and signature.
std::optional<protocol::ParsedBlock> DamageAudit::signed_as(ByteView wire, ByteView hash) const {
    auto block = signed_block(workspace_.identity().workspace, wire);
    if (block && !std::ranges::equal(ByteView(block->hash.bytes), hash)) block.reset();
    return block;
}

// Of id, hash, served, and whatever more.
bool DamageAudit::is_waiting_block(const Row& row) const {
    const auto job = parse_waiting(row.blob(2));
    const auto block = job ? signed_as(job->wire, row.blob(1)) : std::nullopt;
    return block && protocol::carries_authors_payload(*block);
}

// What it waits for is what its header says, or nothing that a header says.
bool DamageAudit::is_in_the_right_place(const Row& row) const {
    const auto job = parse_waiting(row.blob(2));
    const auto block = job ? signed_as(job->wire, row.blob(1)) : std::nullopt;
    if (!block || !protocol::carries_authors_payload(*block)) return false;
    const protocol::Core& core = block->core;
    const auto is = [&row](int column, const auto& id) {
        return std::ranges::equal(row.blob(column), ByteView(id.bytes));
    };
    const bool device = is(3, core.device) || is(3, protocol::DeviceId{});
    const bool previous = row.is_null(4) || is(4, core.previous);
    const bool position = row.is_null(5) || row.integer(5) == -1 ||
                          std::cmp_equal(row.integer(5), core.roster_position.value);
    return device && previous && position;
}

// Of id, hash, bytes, log, block_no, and whatever more.
bool DamageAudit::is_block_of_its_log(const Row& row) const {
    LogStore& store = workspace_.store();
    const std::int64_t log = row.integer(3);
    if (log < 1 || log > store.log_count()) return false;
    const auto block = signed_as(row.blob(2), row.blob(1));
    return block && std::cmp_equal(block->core.block_no, row.integer(4)) &&
           store.info(store.root_of({static_cast<std::uint32_t>(log)})).log == block->log;
}

bool DamageAudit::is_unread_block(const Row& row) const {
    if (!is_block_of_its_log(row)) return false;
    const auto block = signed_as(row.blob(2), row.blob(1));
    return std::cmp_equal(block->core.first_seq.value, row.integer(5)) &&
           std::cmp_equal(block->core.count, row.integer(6)) &&
           std::cmp_equal(block->core.roster_position.value, row.integer(7));
}

// Blocks beside the logs: one that rotted goes, and the hub serves it again.
void DamageAudit::check_blocks_aside() {
    check_table("waiting", "hash, served", &DamageAudit::is_waiting_block);
    check_table(
        "waiting_room", "hash, served, device, previous, position",
        &DamageAudit::is_in_the_right_place);
    check_table("misfits", "hash, bytes, log, block_no", &DamageAudit::is_block_of_its_log);
    check_table(
        "unread", "hash, served, log, block_no, first_seq, count, roster_position",
        &DamageAudit::is_unread_block);
}

void DamageAudit::check_table(
    const std::string& table, const std::string& columns,
    bool (DamageAudit::*is_right)(const Row&) const) {
    Database& database = workspace_.store().database();
    Rows64 rotten;
    {
        Statement select(database, "SELECT rowid, " + columns + " FROM " + table);
        for (const Row& row : select.query()) {
            if (!(this->*is_right)(row)) rotten.push_back(row.integer(0));
        }
    }
    if (!rotten.empty()) database.exec(("REINDEX " + table).c_str());
    for (const std::int64_t row : rotten) {
        Statement(database, "DELETE FROM " + table + " WHERE rowid = ?1").run(row);
        read_streams_again(vault_part::block_aside, table + " row " + std::to_string(row));
    }
}

// What no block could hold lies on this disk alone.
void DamageAudit::check_set_aside() {
    LogStore& store = workspace_.store();
    const auto rows = integers(store.database(), "SELECT id FROM set_aside");
    std::size_t whole = 0;
    for (const SetAsideEntry& entry : store.set_aside_entries())
        whole += workspace_.writer().open_form(entry.dot, entry.sealed) ? 1 : 0;
    if (whole != rows.size())
        fault("set_aside", "log.db", "an action that was set aside does not open any more");
}

void DamageAudit::check_copies() {
    Database& database = workspace_.store().database();
    const Rows64 differing = integers(
        database,
        "SELECT c.id FROM copies c LEFT JOIN blocks b ON b.id = c.id WHERE b.bytes IS NOT c.bytes "
        "AND b.state IS NOT 3");
    for (const std::int64_t id : differing) {
        Statement(database, "DELETE FROM copies WHERE id = ?1").run(id);
        Statement(database, "INSERT INTO copies SELECT id, bytes FROM blocks WHERE id = ?1")
            .run(id);
        workspace_.mishaps().note(
            Mishap::Kind::healed, vault_part::copy, "block row " + std::to_string(id));
    }
}

// What is damaged and named already: a sync helps against that, too.
bool DamageAudit::names_damage(const std::string& place) {
    bool named = false;
    for (Finding& finding : report_.findings) {
        if (finding.severity != FindingSeverity::fault || finding.where != place) continue;
        finding.remedy = Remedy::sync;
        named = true;
    }
    return named;
}

void DamageAudit::report_mishaps() {
    std::vector<Finding> found;
    for (const Mishap& mishap : workspace_.mishaps().all()) {
        const bool is_damage = mishap.kind == Mishap::Kind::damaged;
        if (!is_damage || !names_damage(mishap.place)) found.push_back(finding_of(mishap));
    }
    std::ranges::move(found, std::back_inserter(report_.findings));
}

}  // namespace vereda::engine
