#include "engine/audit/audit.h"

#include <algorithm>

#include "engine/audit/block_audit.h"
#include "engine/audit/damage_audit.h"
#include "engine/vault/guard.h"
#include "engine/workspace/own_heads.h"

namespace vereda::engine {
namespace {

void add(
    AuditReport& report, FindingSeverity severity, std::string what, std::string where,
    std::string words) {
    report.findings.push_back({severity, std::move(what), std::move(where), std::move(words)});
}

void add_fault(AuditReport& report, std::string what, std::string where, std::string words) {
    add(report, FindingSeverity::fault, std::move(what), std::move(where), std::move(words));
}

void add_note(AuditReport& report, std::string what, std::string where, std::string words) {
    add(report, FindingSeverity::note, std::move(what), std::move(where), std::move(words));
}

std::vector<Bytes> kept_roster_of(Workspace& workspace, AuditReport& report) {
    try {
        return workspace.kept_roster();
    } catch (const StorageFailure& failure) {
        if (failure.fault() != StorageFault::corrupt) throw;
        add_fault(report, "bad_roster_entry", "roster", "a kept entry of the roster does not open");
        return {};
    }
}

// The roster as its genesis and its signatures make it, whatever this vault believed so far.
Roster verify_roster(Workspace& workspace, AuditReport& report) {
    Roster fresh(workspace.identity().workspace);
    for (const Bytes& entry : kept_roster_of(workspace, report)) {
        const auto appended = fresh.append(entry);
        if (!appended) {
            add_fault(
                report, "bad_roster_entry", "roster " + std::to_string(report.roster_entries),
                "a roster entry is refused: " + std::string(name_of(appended.error())));
            break;
        }
        ++report.roster_entries;
    }
    if (fresh.empty() || fresh.last_hash() != workspace.identity().roster_end) {
        if (!fresh.empty() || report.roster_entries != 0)
            add_fault(
                report, "roster_differs", "roster",
                "the roster does not end where this vault says");
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
            if (entry.dot.seq().value != next)
                add_fault(
                    report, "gap", where, "open entries do not follow on the last closed block");
            next = entry.dot.seq().value + 1;
            try {
                if (!protocol::parse_entry(workspace.writer().unseal(entry.dot, entry.sealed)))
                    add_fault(report, "malformed_entry", where, "an own open entry is malformed");
            } catch (const StorageFailure&) {
                add_fault(
                    report, "bad_open_entry", where,
                    "an own open entry does not open under the vault's key");
            }
        }
    }
}

// Nobody looks for holes at an ordinary opening, where the snapshot has read what is around them.
void verify_places(Workspace& workspace, AuditReport& report) {
    if (workspace.put_blocks_back()) return;
    report.findings.push_back(
        {.severity = FindingSeverity::fault,
         .what = "damaged",
         .where = "log.db",
         .words = "blocks are missing in the middle of a log: the next opening asks for them",
         .part = vault_part::missing_block,
         .remedy = Remedy::open_again});
}

Finding guard_finding(WhyNewLog why) {
    const auto found = [](std::string what, std::string words) {
        return Finding{FindingSeverity::fault, std::move(what), "guard", std::move(words)};
    };
    switch (why) {
        case WhyNewLog::guard_gone:
            return found("guard_missing", "the guard file was gone; later work may be missing");
        case WhyNewLog::guard_damaged:
            return found(
                "guard_doubtful",
                "the guard file was damaged, or from an earlier day; later work may be missing");
        case WhyNewLog::copied:
            return found(
                "guard_copied", "the vault was copied or restored; later work may be missing");
        case WhyNewLog::log_went_back:
        case WhyNewLog::lost_blocks:
            break;
    }
    return found(
        "database_behind_guard",
        "the log lacks blocks that it had when they were sent; later work may be missing");
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
            place_name(store, branch->root) + " block " + std::to_string(branch->first_block),
            "a device signed two blocks for one place; both are read, this branch as " +
                place_name(store, {log}));
    }
    for (const LogOrdinal log : store.misfits()) {
        add_note(
            report, "misfit", place_name(store, log),
            "a device signed a block that contradicts the one before it; it is kept, not read");
    }
    if (const std::int64_t unread = store.unread_count(); unread != 0)
        add_note(
            report, "unread", "blocks",
            std::to_string(unread) + (unread == 1 ? " block is of a log" : " blocks are of logs") +
                " with more branches than are read; nothing of it is thrown away");
    if (const std::int64_t waiting = store.waiting_count(); waiting != 0)
        add_note(
            report, "waiting", "blocks",
            std::to_string(waiting) + (waiting == 1 ? " block waits for what comes before it"
                                                    : " blocks wait for what comes before them"));
    for (const RosterFork& fork : workspace.roster().forks()) {
        add_note(
            report, "roster_fork", "roster " + std::to_string(fork.position.value),
            "two valid roster entries follow on one; the other is kept as evidence");
    }
}

void compare_states(Workspace& workspace, AuditReport& report) {
    const ReplayReport replayed = replay_log(workspace);
    for (const ReplayedTurf& turf : replayed.turfs) {
        const StateDigest shown =
            digest_of_turf(workspace.projection(), workspace.store(), turf.turf);
        if (shown != turf.digest)
            add_fault(
                report, "state_differs", "turf " + std::to_string(turf.turf.value),
                "what this vault shows does not follow from its log");
    }
}

}  // namespace

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
