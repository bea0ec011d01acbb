#include "client/answers/unproven_answer.h"

#include "client/answers/report.h"
#include "client/terminal/display_text.h"

namespace vereda::client {
namespace {

std::string excused_text(const StatusShown& status) {
    std::uint64_t removals = 0;
    for (const UnprovenShown& claims : status.unproven) removals += claims.waiting;
    if (removals == 0) return {};
    return counted(removals, "removal waits", "removals wait") +
           " for blocks that this disk may have lost: the next sync asks for them\n";
}

std::string waiting_text(const UnprovenShown& claims, const std::string& who) {
    if (claims.waiting == 0) return {};
    return counted(claims.waiting, "removal") + " by " + who +
           (claims.waiting == 1 ? " waits" : " wait") + " for a block that is not here\n";
}

std::string contradicted_text(const UnprovenShown& claims, const std::string& who) {
    if (claims.contradicted == 0) return {};
    return counted(claims.contradicted, "removal") + " by " + who +
           (claims.contradicted == 1 ? " names" : " name") +
           " a block, and another one stands there: a copy of that laptop, or an untrue claim\n";
}

}  // namespace

std::string unproven_text(const StatusShown& status) {
    std::string text = status.has_damage ? excused_text(status) : std::string();
    for (const UnprovenShown& claims : status.unproven) {
        const std::string who = printable(author_words(claims.author));
        if (!status.has_damage) text += waiting_text(claims, who);
        text += contradicted_text(claims, who);
    }
    return text;
}

}  // namespace vereda::client
