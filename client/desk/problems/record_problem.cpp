#include "client/desk/problems/record_problem.h"

#include "client/desk/problems/channels_there.h"

namespace vereda::client {
namespace {

Problem unknown_contact(const engine::LookupError& error, std::string_view typed) {
    using enum engine::LookupProblem;
    switch (error.problem) {
        case not_an_id:
            return usage("not_an_id.contact", {{"typed", typed}});
        case wrong_check:
            return usage("wrong_check", {{"typed", typed}});
        case not_found:
            return failed("not_found.contact", {{"typed", typed}});
        case ambiguous:
            break;
    }
    if (typed.starts_with("key:")) return failed("ambiguous.contact_key", {{"typed", typed}});
    return failed("ambiguous.contact_id", {{"typed", typed}});
}

Problem unknown_interaction(const engine::LookupError& error, std::string_view typed) {
    using enum engine::LookupProblem;
    switch (error.problem) {
        case not_an_id:
            return usage("not_an_id.interaction", {{"typed", typed}});
        case wrong_check:
            return usage("wrong_check", {{"typed", typed}});
        case not_found:
            return failed("not_found.interaction", {{"typed", typed}});
        case ambiguous:
            break;
    }
    return failed("ambiguous.interaction", {{"typed", typed}});
}

}  // namespace

Problem problem_of(
    const engine::LookupError& error, std::string_view typed, engine::RecordKind kind) {
    return kind == engine::RecordKind::contact ? unknown_contact(error, typed)
                                               : unknown_interaction(error, typed);
}

Problem problem_of(const engine::EntryLookupError& error) {
    using enum engine::LookupProblem;
    const std::string& typed = error.typed;
    if (error.problem == wrong_check) return usage("wrong_check.entry", {{"typed", typed}});
    if (error.problem == not_an_id) return usage("not_an_id.entry", {{"typed", typed}});
    return failed("unknown_entry", {{"typed", typed}});
}

Problem missing_contact_problem(std::string_view id, bool is_lost) {
    if (is_lost) return failed("contact_lost.contact", {{"contact", id}});
    return failed("contact_not_here.contact", {{"contact", id}});
}

}  // namespace vereda::client
