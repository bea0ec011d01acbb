#include "client/answers/status_answer.h"

#include <algorithm>

#include "client/answers/lost_work_answer.h"
#include "client/answers/report.h"
#include "client/answers/set_aside_answer.h"
#include "client/answers/unproven_answer.h"
#include "client/desk/problems/vault_problem.h"
#include "client/terminal/display_text.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

std::string line_if_any(std::uint64_t count, const Sentence& sentence) {
    return count == 0 ? std::string() : said_line(sentence);
}

std::string old_copy_text(const StatusShown& status) {
    if (!status.old_copy) return {};
    return said_line({"status.old_copy"}) + said_line(old_copy_sentence(status.may_catch_up));
}

std::string waits_text(const StatusShown& status) {
    const std::uint64_t roster = status.waits.roster;
    const std::uint64_t quota = status.waits.quota;
    return line_if_any(roster, {"status.waits_for_roster", {{"count", roster}}}) +
           line_if_any(quota, {"status.waits_for_quota", {{"count", quota}}}) +
           line_if_any(status.pending, {"status.pending", {{"count", status.pending}}});
}

// Of a lost block nothing says for sure how much was in it.
std::string damage_text(const StatusShown& status, protocol::Millis now) {
    const std::string text =
        line_if_any(status.damaged, {"status.damaged", {{"count", status.damaged}}}) +
        old_copy_text(status);
    return status.lost.empty()
               ? text
               : text + said_line({"status.lost"}) + lost_work_text(status.lost, now);
}

std::string doubts_text(const StatusShown& s) {
    return line_if_any(s.withheld, {"status.withheld", {{"count", s.withheld}}}) +
           line_if_any(s.no_authority, {"status.no_authority", {{"count", s.no_authority}}}) +
           line_if_any(s.unknown, {"status.unknown", {{"count", s.unknown}}}) +
           line_if_any(s.waiting, {"status.waiting", {{"count", s.waiting}}}) +
           line_if_any(s.forks, {"status.forks", {{"count", s.forks}}}) +
           line_if_any(s.roster_forks, {"status.roster_forks", {{"count", s.roster_forks}}});
}

/// This laptop's owner, as others see the name.
std::string owner_text(const StatusShown& status) {
    return catalogue().say(
        "status.owner", {{"member", member_words(status.owner)},
                         {"role", status.role},
                         {"laptop", device_words(status.owner)}});
}

/// What shows under no name: a line for each contact, the first ten.
std::string missing_text(const std::vector<MissingContactShown>& missing) {
    constexpr std::size_t shown_max = 10;
    std::string text;
    for (std::size_t at = 0; at < std::min(missing.size(), shown_max); ++at) {
        const MissingContactShown& contact = missing[at];
        text += said_line(
            {"status.missing_contact",
             {{"count", contact.interactions},
              {"where", contact.lost ? "lost" : "elsewhere"},
              {"contact", contact.contact}}});
    }
    const std::size_t count = missing.size();
    return count > shown_max ? text + said_line({"status.missing_contacts", {{"count", count}}})
                             : text;
}

/// How much of this vault is at the hub.
Sentence hub_sentence(const StatusShown& status) {
    if (!status.has_hub) return {"status.no_hub"};
    if (status.unsynced != 0) return {"status.unsynced", {{"count", status.unsynced}}};
    if (status.own_waiting != 0) return {"status.own_waiting", {{"count", status.own_waiting}}};
    if (status.has_damage || !status.lost.empty()) return {"status.synced.damaged"};
    if (status.old_copy) return {"status.synced.old_copy"};
    return {"status.synced"};
}

std::string turfs_text(const StatusShown& status, const Terminal& terminal) {
    using Align = Table::Align;
    Table table(
        {{column_heading("column.turf")},
         {column_heading("column.contacts"), Align::right},
         {column_heading("column.interactions"), Align::right},
         {column_heading("column.conflicts"), Align::right},
         {column_heading("column.digest")}});
    for (const TurfStanding& turf : status.turfs) {
        table.add(
            {turf.name, std::to_string(turf.contacts), std::to_string(turf.interactions),
             std::to_string(turf.conflicts), turf.digest.substr(0, 16)});
    }
    return table.text(terminal);
}

}  // namespace

std::string status_text(const StatusShown& status, protocol::Millis now, const Terminal& terminal) {
    const Style style(terminal.color);
    std::string text = style.bold(printable(status.workspace)) + "\n";
    text += printable(owner_text(status)) + "\n\n";
    text += said_line(
        {"status.counts",
         {{"contacts", status.contacts},
          {"interactions", status.interactions},
          {"conflicts", status.conflicts}}});
    text += said_line(hub_sentence(status));
    text += style.warning(waits_text(status) + damage_text(status, now) + doubts_text(status));
    text += style.warning(missing_text(status.missing_contacts));
    text += style.warning(unproven_text(status));
    text += set_aside_text(status.set_aside, now);
    return text + "\n" + turfs_text(status, terminal) +
           said_line({"status.digest", {{"digest", status.digest}}});
}

}  // namespace vereda::client
