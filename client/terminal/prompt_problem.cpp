#include "client/terminal/prompt_problem.h"

namespace vereda::client {

Problem problem_of(PromptError error) {
    switch (error) {
        case PromptError::no_terminal:
            return locked("no_passphrase.no_terminal");
        case PromptError::ended:
            return locked("no_passphrase.ended");
        case PromptError::too_long:
            return usage("unfit_secret.typed");
        case PromptError::different:
            break;
    }
    return locked("passphrases_differ");
}

Problem question_problem(PromptError error, std::string_view asked_for) {
    if (error == PromptError::too_long) return usage("too_long.typed", {{"name", asked_for}});
    if (error == PromptError::ended) return failed("not_given", {{"name", asked_for}});
    return usage("no_terminal", {{"name", asked_for}});
}

}  // namespace vereda::client
