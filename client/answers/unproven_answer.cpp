#include "client/answers/unproven_answer.h"

#include "client/answers/report.h"
#include "client/terminal/display_text.h"

namespace vereda::client {
namespace {

std::string excused_text(const StatusShown& status) {
    std::uint64_t removals = 0;
    for (const UnprovenShown& claims : status.unproven) removals += claims.waiting;
    if (removals == 0) return {};
    return said_line({"status.removals.excused", {{"count", removals}}});
}

std::string waiting_text(const UnprovenShown& claims, const std::string& who) {
    if (claims.waiting == 0) return {};
    return said_line({"status.removals.waiting", {{"count", claims.waiting}, {"who", who}}});
}

std::string contradicted_text(const UnprovenShown& claims, const std::string& who) {
    if (claims.contradicted == 0) return {};
    return said_line(
        {"status.removals.contradicted", {{"count", claims.contradicted}, {"who", who}}});
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
