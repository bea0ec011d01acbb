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

void add_oddity(std::string& text, std::uint64_t count, const char* one, const char* many) {
    if (count != 0) text += counted(count, one, many) + "\n";
}

// Of a lost block nothing says for sure how much was in it.
std::string damage_text(std::uint64_t count) {
    if (count == 0) return {};
    return "at least " +
           counted(
               count, "entry that this disk has damaged or lost: the next sync asks for it",
               "entries that this disk has damaged or lost: the next sync asks for them") +
           "\n";
}

std::string old_copy_text(const StatusShown& status) {
    return "This vault may be an older copy. " +
           catalogue().say(old_copy_sentence(status.may_catch_up)) + "\n";
}

std::string oddities(const StatusShown& status, protocol::Millis now) {
    std::string text;
    add_oddity(
        text, status.waits.roster,
        "of those waits for the roster: the hub lacks what it was written by",
        "of those wait for the roster: the hub lacks what they were written by");
    add_oddity(
        text, status.waits.quota, "of those waits for room in this laptop's share of a day",
        "of those wait for room in this laptop's share of a day");
    add_oddity(
        text, status.pending, "entry that does not open here yet",
        "entries that do not open here yet");
    text += damage_text(status.damaged);
    if (status.old_copy) text += old_copy_text(status);
    if (!status.lost.empty()) {
        text += "Work of yours that this disk destroyed before the hub had it:\n" +
                lost_work_text(status.lost, now);
    }
    add_oddity(
        text, status.withheld, "entry withheld by somebody, without an order",
        "entries withheld by somebody, without an order");
    add_oddity(
        text, status.no_authority, "entry whose author might not write it",
        "entries whose authors might not write them");
    add_oddity(
        text, status.unknown, "entry that this version cannot read",
        "entries that this version cannot read");
    add_oddity(
        text, status.waiting, "block that waits for one before it",
        "blocks that wait for others before them");
    add_oddity(
        text, status.forks, "block beside another one in its place",
        "blocks beside others in their places");
    add_oddity(
        text, status.roster_forks, "fork of the roster: ask your coordinator",
        "forks of the roster: ask your coordinator");
    return text;
}

/// This laptop's owner, as others see the name.
std::string owner_text(const StatusShown& status) {
    return member_words(status.owner) + " (" + status.role + ") on " + device_words(status.owner);
}

/// What shows under no name: a line for each contact, the first ten.
std::string missing_text(const std::vector<MissingContactShown>& missing) {
    constexpr std::size_t shown_max = 10;
    std::string text;
    for (std::size_t at = 0; at < std::min(missing.size(), shown_max); ++at) {
        const MissingContactShown& contact = missing[at];
        text += contact.interactions == 0
                    ? std::string("Changes belong")
                    : counted(contact.interactions, "visit belongs", "visits belong");
        text += contact.lost ? " to a contact that is lost" : " to a contact that is not here";
        text += ": `vereda contact show " + contact.contact + "`\n";
    }
    if (missing.size() > shown_max)
        text += "and so on, of " + counted(missing.size(), "such contact") + "\n";
    return text;
}

/// How much of this vault is at the hub.
std::string hub_text(const StatusShown& status) {
    if (!status.has_hub) return "It lives on this laptop alone, without a hub.\n";
    if (status.unsynced != 0)
        return counted(status.unsynced, "entry", "entries") + " not synced yet: `vereda sync`\n";
    if (status.own_waiting != 0)
        return counted(
                   status.own_waiting, "block of this laptop waits", "blocks of this laptop wait") +
               " for others that its disk has lost; the hub may lack them, too.\n";
    if (status.has_damage || !status.lost.empty())
        return "What is whole on this disk is at the hub; it has not kept everything.\n";
    if (status.old_copy) return "What this copy of the vault holds is at the hub.\n";
    return "Everything recorded here is at the hub.\n";
}

std::string turfs_text(const StatusShown& status, const Terminal& terminal) {
    using Align = Table::Align;
    Table table(
        {{"Turf"},
         {"Contacts", Align::right},
         {"Interactions", Align::right},
         {"Conflicts", Align::right},
         {"Digest"}});
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
    text += counted(status.contacts, "contact") + ", " +
            counted(status.interactions, "interaction") + ", " +
            counted(status.conflicts, "conflict") + "\n";
    text += hub_text(status);
    text += style.warning(oddities(status, now));
    text += style.warning(missing_text(status.missing_contacts));
    text += style.warning(unproven_text(status));
    text += set_aside_text(status.set_aside, now);
    return text + "\n" + turfs_text(status, terminal) + "All together: " + status.digest + "\n";
}

}  // namespace vereda::client
