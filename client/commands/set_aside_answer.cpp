#include "client/commands/set_aside_answer.h"

#include "client/commands/step_answer.h"
#include "client/desk/people_time.h"
#include "client/desk/time_text.h"
#include "client/terminal/display_text.h"
#include "engine/queries/record_ids.h"
#include "engine/schema/value_text.h"

namespace vereda::client {
namespace {

const char* word_of(engine::WhySetAside why) {
    return why == engine::WhySetAside::missing ? "missing" : "too_large";
}

std::string line_of(
    const engine::RecordIds& ids, const engine::SetAsideView& action, protocol::Millis now) {
    if (action.type.empty()) return "  " + ids.text_of(action.entry) + ", damaged on this disk\n";
    std::string line = "  " + action.type + " of " + ids.text_of(action.record) + ", " +
                       format_time(action.at, now);
    for (const engine::Step& step : action.steps) line += "; " + printable(step_words(step));
    if (!action.evidence.empty()) line += "; evidence: " + printable(action.evidence);
    return line + (action.why == engine::WhySetAside::missing
                       ? " (what it refers to is not here)\n"
                       : " (it is more than a block holds)\n");
}

}  // namespace

Json json_of_set_aside(
    engine::Workspace& workspace, const std::vector<engine::SetAsideView>& actions) {
    const engine::RecordIds ids(workspace);
    JsonArray array;
    for (const engine::SetAsideView& action : actions) {
        JsonArray steps;
        for (const engine::Step& step : action.steps) steps.add(json_of_step(step));
        JsonObject object;
        object.add("entry", ids.text_of(action.entry)).add("why", word_of(action.why));
        if (!action.type.empty()) {
            object.add("record", ids.text_of(action.record))
                .add("type", action.type)
                .add("at", engine::time_text(action.at))
                .add("steps", steps.done());
        }
        if (!action.evidence.empty()) object.add("evidence", action.evidence);
        array.add(object.done());
    }
    return array.done();
}

std::string set_aside_text(
    engine::Workspace& workspace, const std::vector<engine::SetAsideView>& actions) {
    if (actions.empty()) return {};
    const engine::RecordIds ids(workspace);
    const protocol::Millis now = workspace.environment().clock.now();
    std::string text = counted(actions.size(), "action was", "actions were") +
                       " set aside: kept on this laptop, not sent, and seen by nobody. What you "
                       "still want, record again:\n";
    for (const engine::SetAsideView& action : actions) text += line_of(ids, action, now);
    return text;
}

}  // namespace vereda::client
