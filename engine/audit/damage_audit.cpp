#include "engine/audit/damage_audit.h"

#include <algorithm>
#include <iterator>

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

// What befell it, and which sentence says so.
std::string_view code_of(const Mishap& mishap) {
    const std::string& part = mishap.what;
    switch (mishap.kind) {
        case Mishap::Kind::damaged:
            if (part == vault_part::missing_block) return "damaged.gone";
            if (part == vault_part::rows || part == vault_part::database) return "damaged.partly";
            return "damaged";
        case Mishap::Kind::healed:
            return part == vault_part::database ? "healed.partly" : "healed";
        case Mishap::Kind::lost:
            break;
    }
    return part == vault_part::rows ? "lost.unknown" : "lost";
}

Finding finding_of(const Mishap& mishap) {
    const bool is_healed = mishap.kind == Mishap::Kind::healed;
    Finding finding = make_finding(
        is_healed ? FindingSeverity::note : FindingSeverity::fault, code_of(mishap), mishap.place);
    finding.part = mishap.what;
    if (mishap.kind == Mishap::Kind::damaged) finding.remedy = Remedy::sync;
    if (mishap.kind == Mishap::Kind::lost) finding.remedy = Remedy::record_again;
    return finding;
}

}  // namespace

void DamageAudit::fault(std::string_view code, std::string where) {
    report_.findings.push_back(make_finding(FindingSeverity::fault, code, std::move(where)));
}

bool DamageAudit::check_database() {
    Database& database = workspace_.store().database();
    if (!database.is_sound()) {
        if (!mends_indexes()) return false;
        workspace_.mishaps().note(Mishap::Kind::healed, vault_part::index, "log.db");
    }
    if (has_schema_of(database, log_migrations())) return true;
    fault("schema", "log.db");
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
    fault("database", "log.db");
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
            fault("bad_secret", name);
    }
}

void DamageAudit::check_directory(const Roster& roster) {
    LogStore& store = workspace_.store();
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        if (store.info({log}).described)
            check_log_name({log});
        else if (store.head({log}))
            fault("unnamed_log", place_name(store, {log}));
    }
    for (const RosterTurf& turf : roster.turfs()) {
        if (!store.find_turf(turf.id))
            fault("missing_turf", "turf " + protocol::text_id(turf.id.view()));
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
    if (right != info.log) fault("wrong_log_name", place_name(store, log));
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
    if (whole != rows.size()) fault("set_aside", "log.db");
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
