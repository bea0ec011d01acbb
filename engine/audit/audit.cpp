#include "engine/audit/audit.h"

#include <algorithm>

#include "engine/audit/block_audit.h"
#include "engine/audit/damage_audit.h"
#include "engine/vault/guard.h"
#include "engine/workspace/own_heads.h"

namespace vereda::engine {
namespace {

Finding& add_fault(AuditReport& report, std::string_view code, std::string where) {
    return report.findings.emplace_back(
        make_finding(FindingSeverity::fault, code, std::move(where)));
}

Finding& add_note(AuditReport& report, std::string_view code, std::string where) {
    return report.findings.emplace_back(
        make_finding(FindingSeverity::note, code, std::move(where)));
}

std::vector<Bytes> kept_roster_of(Workspace& workspace, AuditReport& report) {
    try {
        return workspace.kept_roster();
    } catch (const StorageFailure& failure) {
        if (failure.fault() != StorageFault::corrupt) throw;
        add_fault(report, "bad_roster_entry.sealed", "roster");
        return {};
    }
}

// The roster as its genesis and its signatures make it, whatever this vault believed so far.
Roster verify_roster(Workspace& workspace, AuditReport& report) {
    Roster fresh(workspace.identity().workspace);
    for (const Bytes& entry : kept_roster_of(workspace, report)) {
        const auto appended = fresh.append(entry);
        if (!appended) {
            add_fault(report, "bad_roster_entry", "roster " + std::to_string(report.roster_entries))
                .about = name_of(appended.error());
            break;
        }
        ++report.roster_entries;
    }
    if (fresh.empty() || fresh.last_hash() != workspace.identity().roster_end) {
        if (!fresh.empty() || report.roster_entries != 0)
            add_fault(report, "roster_differs", "roster");
    }
    return fresh;
}

void verify_open_entries(Workspace& workspace, AuditReport& report) {
    LogStore& store = workspace.store();
    for (const LogOrdinal log : workspace.writer().own_logs()) {
        std::uint64_t next = store.head(log) ? store.head(log)->last_seq.value + 1 : 1;
        for (const OpenEntry& entry : store.open_entries(log)) {
            ++report.open_entries;
            const std::string where =
                place_name(store, log) + " entry " + std::to_string(entry.dot.seq().value);
            if (entry.dot.seq().value != next) add_fault(report, "gap", where);
            next = entry.dot.seq().value + 1;
            try {
                if (!protocol::parse_entry(workspace.writer().unseal(entry.dot, entry.sealed)))
                    add_fault(report, "malformed_entry.own", where);
            } catch (const StorageFailure&) {
                add_fault(report, "bad_open_entry", where);
            }
        }
    }
}

// Nobody looks for holes at an ordinary opening, where the snapshot has read what is around them.
void verify_places(Workspace& workspace, AuditReport& report) {
    if (workspace.put_blocks_back()) return;
    Finding& hole = add_fault(report, "damaged.hole", "log.db");
    hole.part = vault_part::missing_block;
    hole.remedy = Remedy::open_again;
}

Finding guard_finding(WhyNewLog why) {
    switch (why) {
        case WhyNewLog::guard_gone:
            return make_finding(FindingSeverity::fault, "guard_missing", "guard");
        case WhyNewLog::guard_damaged:
            return make_finding(FindingSeverity::fault, "guard_doubtful", "guard");
        case WhyNewLog::copied:
            return make_finding(FindingSeverity::fault, "guard_copied", "guard");
        case WhyNewLog::log_went_back:
        case WhyNewLog::lost_blocks:
            break;
    }
    return make_finding(FindingSeverity::fault, "database_behind_guard", "guard");
}

void verify_guard(Workspace& workspace, AuditReport& report) {
    GuardFile guard(workspace.environment().files, workspace.directory(), workspace.vault_key());
    const OwnHeads own(workspace.store(), workspace.writer(), workspace.identity().incarnation);
    const GuardVerdict verdict = judge_guard(guard.read(), own);
    if (needs_new_incarnation(verdict))
        return report.findings.push_back(guard_finding(why_new_log(verdict)));
    // An opening has made the guard right again.
    if (!workspace.old_copy()) return;
    Finding finding = guard_finding(*workspace.old_copy());
    finding.remedy = Remedy::sync;
    // Nobody gives this laptop what may be missing, so there is nothing to do about it.
    if (!workspace.may_catch_up()) finding.severity = FindingSeverity::note;
    report.findings.push_back(std::move(finding));
}

void report_kept_aside(Workspace& workspace, AuditReport& report) {
    LogStore& store = workspace.store();
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        const std::optional<Branch>& branch = store.info({log}).branch;
        if (!branch) continue;
        add_note(
            report, "fork",
            place_name(store, branch->root) + " block " + std::to_string(branch->first_block))
            .about = place_name(store, {log});
    }
    for (const LogOrdinal log : store.misfits()) add_note(report, "misfit", place_name(store, log));
    if (const std::int64_t unread = store.unread_count(); unread != 0)
        add_note(report, "unread", "blocks").count = static_cast<std::uint64_t>(unread);
    if (const std::int64_t waiting = store.waiting_count(); waiting != 0)
        add_note(report, "waiting", "blocks").count = static_cast<std::uint64_t>(waiting);
    for (const RosterFork& fork : workspace.roster().forks())
        add_note(report, "roster_fork", "roster " + std::to_string(fork.position.value));
}

void compare_states(Workspace& workspace, AuditReport& report) {
    const ReplayReport replayed = replay_log(workspace);
    for (const ReplayedTurf& turf : replayed.turfs) {
        const StateDigest shown =
            digest_of_turf(workspace.projection(), workspace.store(), turf.turf);
        if (shown != turf.digest)
            add_fault(report, "state_differs", "turf " + std::to_string(turf.turf.value));
    }
}

}  // namespace

Finding make_finding(FindingSeverity severity, std::string_view code, std::string where) {
    const std::size_t end = std::min(code.find('.'), code.size());
    return {
        .severity = severity,
        .what = std::string(code.substr(0, end)),
        .where = std::move(where),
        .variant = std::string(code.substr(std::min(end + 1, code.size())))};
}

bool AuditReport::sound() const {
    return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.severity == FindingSeverity::fault;
    });
}

Remedy AuditReport::advice() const {
    Remedy advice = Remedy::none;
    for (const Finding& finding : findings) {
        if (finding.severity == FindingSeverity::fault) advice = std::max(advice, finding.remedy);
    }
    return advice;
}

AuditReport verify_vault(Workspace& workspace, const AuditProgress& progress) {
    AuditReport report;
    DamageAudit damage(workspace, report);
    if (!damage.check_database()) {
        workspace.salvage_when_opened();
        report.has_counts = false;
        return report;
    }
    const Roster roster = verify_roster(workspace, report);
    verify_places(workspace, report);
    Transaction transaction(workspace.store().database());
    BlockAudit(workspace, roster, report).run(progress);
    damage.check_rows(roster);
    transaction.commit();
    workspace.settle_mishaps();
    verify_open_entries(workspace, report);
    report_kept_aside(workspace, report);
    damage.report_mishaps();
    if (report.sound()) compare_states(workspace, report);
    verify_guard(workspace, report);
    return report;
}

}  // namespace vereda::engine
