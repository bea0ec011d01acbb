#pragma once

#include "client/api/shown_json.h"
#include "client/desk/status_shown.h"
#include "engine/audit/audit.h"

/// How the vault stands, as JSON (docs/commands.md).
namespace vereda::client {

template <class Form, Is<TurfRow> Value>
void members(Form& form, Value& turf) {
    form.member("id", turf.id).member("name", turf.name);
}

template <class Form, Is<TurfStanding> Value>
void members(Form& form, Value& turf) {
    form.member("name", turf.name)
        .if_any("id", turf.id)  // none in a replay
        .member("digest", turf.digest)
        .member("contacts", turf.contacts)
        .member("interactions", turf.interactions)
        .member("conflicts", turf.conflicts);
}

template <class Form, Is<LostWorkShown> Value>
void members(Form& form, Value& work) {
    form.member("where", work.place)
        .member("entries", work.entries)
        .member("entries_known", work.entries != 0)
        .member("ids", work.ids)
        .member("before", work.before)
        .if_any("turf", work.turf)
        .if_any("after", work.after)
        .member("contacts", work.contacts);
}

template <class Form, Is<MissingContactShown> Value>
void members(Form& form, Value& missing) {
    form.member("contact", missing.contact)
        .member("lost", missing.lost)
        .member("interactions", missing.interactions);
}

template <class Form, Is<UnprovenShown> Value>
void members(Form& form, Value& claims) {
    author_members(form, claims.author);
    form.member("waiting", claims.waiting).member("contradicted", claims.contradicted);
}

/// Milliseconds since 1970.
[[nodiscard]] std::optional<std::int64_t> milliseconds(std::optional<protocol::Millis> when);

/// "missing" or "too_large".
[[nodiscard]] std::string word_of(SetAsideShown::Why why);

template <class Form, Is<SetAsideShown> Value>
void members(Form& form, Value& action) {
    const bool is_readable = !action.type.empty();
    form.member("entry", action.entry)
        .member("why", word_of(action.why))
        .if_any("record", action.record)
        .if_any("type", action.type)
        .if_any("at", when(is_readable, action.at))
        .if_any("steps", when(is_readable, action.steps))
        .if_any("evidence", action.evidence);
}

template <class Form, Is<StatusShown> Value>
void members(Form& form, Value& status) {
    form.member("workspace", status.workspace);
    author_members(form, status.owner);
    form.member("role", status.role)
        .member("contacts", status.contacts)
        .member("interactions", status.interactions)
        .member("conflicts", status.conflicts)
        .member("unsynced", status.unsynced)
        .member("waits_for_roster", status.waits.roster)
        .member("waits_for_quota", status.waits.quota)
        .member("pending", status.pending)
        .member("damaged", status.damaged)
        .member("old_copy", status.old_copy)
        .member("lost", status.lost)
        .member("missing_contacts", status.missing_contacts)
        .member("withheld", status.withheld)
        .member("no_authority", status.no_authority)
        .member("unknown", status.unknown)
        .member("waiting", status.waiting)
        .member("own_waiting", status.own_waiting)
        .member("forks", status.forks)
        .member("roster_forks", status.roster_forks)
        .member("unproven", status.unproven)
        .member("set_aside", status.set_aside)
        .member("turfs", status.turfs)
        .member("digest", status.digest)
        .if_any("come_again_ms", milliseconds(status.waits.come_again));
}

[[nodiscard]] std::string word_of(engine::FindingSeverity severity);
/// Empty: everything holds.
[[nodiscard]] std::string word_of(engine::Remedy remedy);

/// A finding in the words of a language.
struct FindingSaid {
    engine::Finding finding;
    std::string words;
};

template <class Form, Is<FindingSaid> Value>
void members(Form& form, Value& said) {
    const engine::Finding& finding = said.finding;
    form.member("severity", word_of(finding.severity))
        .member("what", finding.what)
        .member("where", finding.where)
        .member("words", said.words)
        .if_any("part", finding.part);
}

/// An audit in the words of a language.
struct AuditSaid {
    engine::AuditReport report;
    std::vector<FindingSaid> findings;  ///< The report's, each with its sentence.
};

template <class Form, Is<AuditSaid> Value>
void members(Form& form, Value& said) {
    const engine::AuditReport& audit = said.report;
    form.member("sound", audit.sound()).member("advice", word_of(audit.advice()));
    const bool counted = audit.has_counts;
    form.if_any("roster_entries", when(counted, audit.roster_entries))
        .if_any("blocks", when(counted, audit.blocks))
        .if_any("entries", when(counted, audit.entries))
        .if_any("open_entries", when(counted, audit.open_entries))
        .member("findings", said.findings);
}

template <class Form, Is<ReplayShown> Value>
void members(Form& form, Value& replay) {
    form.member("entries", replay.entries)
        .member("left_out", replay.left_out)
        .member("contacts", replay.contacts)
        .member("interactions", replay.interactions)
        .member("conflicts", replay.conflicts)
        .if_any("same_as_in_use", replay.same_as_in_use)
        .member("turfs", replay.turfs)
        .member("digest", replay.digest);
}

}  // namespace vereda::client
