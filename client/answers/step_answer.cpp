#include "client/answers/step_answer.h"

namespace vereda::client {

std::string step_words(const engine::Step& step) {
    std::string words = step.field + ": " + step.action;
    if (!step.value.empty()) words += " " + step.value;
    for (std::size_t i = 0; i < step.replaced.size(); ++i) {
        words += (i == 0 ? " (was " : ", ") + step.replaced[i];
    }
    return step.replaced.empty() ? words : words + ")";
}

}  // namespace vereda::client
