#include "client/answers/set_aside_answer.h"

#include "client/answers/report.h"
#include "client/answers/step_answer.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/display_text.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

Sentence why_aside(const SetAsideShown& action) {
    if (action.why == SetAsideShown::Why::missing) return {"status.set_aside.missing"};
    return {"status.set_aside.too_long"};
}

std::string action_text(const SetAsideShown& action, protocol::Millis now) {
    if (action.type.empty())
        return "  " + said_line({"status.set_aside.damaged", {{"entry", action.entry}}});
    std::string line = "  " + catalogue().say(
                                  "status.set_aside.of", {{"type", action.type},
                                                          {"record", action.record},
                                                          {"time", format_time(action.at, now)}});
    for (const engine::Step& step : action.steps) line += "; " + printable(step_words(step));
    if (!action.evidence.empty())
        line += "; " + catalogue().say(
                           "answer.history.evidence", {{"evidence", printable(action.evidence)}});
    return line + " (" + catalogue().say(why_aside(action)) + ")\n";
}

}  // namespace

std::string set_aside_text(const std::vector<SetAsideShown>& actions, protocol::Millis now) {
    if (actions.empty()) return {};
    std::string text = said_line({"status.set_aside", {{"count", actions.size()}}});
    for (const SetAsideShown& action : actions) text += action_text(action, now);
    return text;
}

}  // namespace vereda::client
