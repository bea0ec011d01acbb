#include "client/commands/step_answer.h"

namespace vereda::client {

Json json_of_step(const engine::Step& step) {
    return JsonObject()
        .add("field", step.field)
        .add("action", step.action)
        .add("value", step.value)
        .add("replaced", json_texts(step.replaced))
        .done();
}

std::string step_words(const engine::Step& step) {
    std::string words = step.field + ": " + step.action;
    if (!step.value.empty()) words += " " + step.value;
    for (std::size_t i = 0; i < step.replaced.size(); ++i) {
        words += (i == 0 ? " (was " : ", ") + step.replaced[i];
    }
    return step.replaced.empty() ? words : words + ")";
}

}  // namespace vereda::client
