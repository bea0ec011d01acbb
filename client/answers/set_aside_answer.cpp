#include "client/answers/set_aside_answer.h"

#include "client/answers/report.h"
#include "client/answers/step_answer.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/display_text.h"

namespace vereda::client {
namespace {

std::string line_of(const SetAsideShown& action, protocol::Millis now) {
    if (action.type.empty()) return "  " + action.entry + ", damaged on this disk\n";
    std::string line =
        "  " + action.type + " of " + action.record + ", " + format_time(action.at, now);
    for (const engine::Step& step : action.steps) line += "; " + printable(step_words(step));
    if (!action.evidence.empty()) line += "; evidence: " + printable(action.evidence);
    return line + (action.why == SetAsideShown::Why::missing
                       ? " (what it refers to is not here)\n"
                       : " (it is more than a block holds)\n");
}

}  // namespace

std::string set_aside_text(const std::vector<SetAsideShown>& actions, protocol::Millis now) {
    if (actions.empty()) return {};
    std::string text = counted(actions.size(), "action was", "actions were") +
                       " set aside: kept on this laptop, not sent, and seen by nobody. What you "
                       "still want, record again:\n";
    for (const SetAsideShown& action : actions) text += line_of(action, now);
    return text;
}

}  // namespace vereda::client
