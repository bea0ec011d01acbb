#include "client/answers/audit_answer.h"

#include <algorithm>

#include "client/answers/report.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

// tests/house/sentences_test.cpp makes sure that every code of engine/audit has its sentence.
std::string words_of(const engine::Finding& finding) {
    std::string key = "finding." + finding.what;
    if (!finding.variant.empty()) key += "." + finding.variant;
    const std::string part = catalogue().say("audit.part", {{"part", finding.part}});
    return catalogue().say(
        key, {{"about", finding.about}, {"count", finding.count}, {"part", part}});
}

Sentence advice_of(engine::Remedy remedy) {
    switch (remedy) {
        case engine::Remedy::none:
            return {"audit.advice.none"};
        case engine::Remedy::record_again:
            return {"audit.advice.record_again"};
        case engine::Remedy::open_again:
            return {"audit.advice.open_again"};
        case engine::Remedy::sync:
            return {"audit.advice.sync"};
        case engine::Remedy::keep:
            break;
    }
    return {"audit.advice.keep"};
}

// Nothing when the database itself does not read: then nothing else was looked at.
std::string checked_text(const engine::AuditReport& audit) {
    if (!audit.has_counts) return {};
    return catalogue().say(
               "audit.checked", {{"roster", audit.roster_entries},
                                 {"blocks", audit.blocks},
                                 {"entries", audit.entries},
                                 {"open", audit.open_entries}}) +
           "\n";
}

bool is_healed(const FindingSaid& said) { return said.finding.what == "healed"; }

std::vector<std::string> row_of_healed(std::int64_t places) {
    return {
        word_of(engine::FindingSeverity::note), "healed",
        catalogue().say("audit.places", {{"count", places}}), catalogue().say("audit.healed")};
}

std::string findings_text(const AuditSaid& audit, const Terminal& terminal) {
    Table table(
        {{""},
         {column_heading("column.what")},
         Table::of_ids(column_heading("column.where")),
         {""}});
    const auto healed = std::ranges::count_if(audit.findings, is_healed);
    for (const FindingSaid& said : audit.findings) {
        if (is_healed(said) && healed > 1) continue;
        const engine::Finding& finding = said.finding;
        table.add({word_of(finding.severity), finding.what, finding.where, said.words});
    }
    if (healed > 1) table.add(row_of_healed(healed));
    return table.empty() ? std::string() : table.text(terminal);
}

std::string same_text(bool same) {
    return catalogue().say(same ? Sentence{"audit.same"} : Sentence{"audit.differs"}) + "\n";
}

}  // namespace

AuditSaid said(const engine::AuditReport& audit) {
    AuditSaid said{.report = audit, .findings = {}};
    for (const engine::Finding& finding : audit.findings)
        said.findings.push_back({.finding = finding, .words = words_of(finding)});
    return said;
}

std::string text_of(const AuditSaid& audit, const Terminal& terminal) {
    const Style style(terminal.color);
    const std::string end = catalogue().say(advice_of(audit.report.advice()));
    return checked_text(audit.report) + findings_text(audit, terminal) +
           (audit.report.sound() ? style.good(end) : style.bad(end)) + "\n";
}

std::string text_of(const ReplayShown& replayed) {
    const std::string text = catalogue().say(
        "audit.replayed", {{"entries", replayed.entries},
                           {"later", replayed.left_out},
                           {"contacts", replayed.contacts},
                           {"interactions", replayed.interactions},
                           {"conflicts", replayed.conflicts}});
    return text + "\n" + replayed.digest + "\n" +
           (replayed.same_as_in_use ? same_text(*replayed.same_as_in_use) : std::string());
}

}  // namespace vereda::client
