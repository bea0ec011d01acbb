#include "client/desk/problems/action_problem.h"

#include "client/desk/problems/channels_there.h"
#include "engine/schema/fields.h"

namespace vereda::client {
namespace {

// What is wrong with a value, by the name of its field or, where there is none,
// by itself.
Problem unfit_value(const std::string& about) {
    if (about.empty()) return usage("unknown_value.empty");
    if (about == "kind") return usage("unknown_value.kind");
    const engine::Field* field = engine::find_field(engine::FieldOwner::contact, about);
    if (field == nullptr) return usage("unknown_value", {{"about", about}});
    if (field->form == engine::ValueForm::date)
        return usage("unknown_value.date", {{"about", about}});
    return usage("unknown_value.field", {{"about", about}});
}

Problem unknown_channel(const std::string& typed) {
    const ChannelsThere there = channels_there(typed);
    if (there.meant.empty())
        return usage("unknown_channel", {{"typed", typed}, {"channels", there.channels}});
    return usage(
        "unknown_channel.meant",
        {{"typed", typed}, {"channels", there.channels}, {"meant", there.meant}});
}

}  // namespace

Problem problem_of(const engine::ActionError& error) {
    using engine::ActionProblem;
    const std::string& about = error.about;
    switch (error.problem) {
        case ActionProblem::unknown_field:
            return usage("unknown_field", {{"field", about}});
        case ActionProblem::unknown_value:
            return unfit_value(about);
        case ActionProblem::rounded_number:
            return usage("rounded_number", {{"field", about}});
        case ActionProblem::given_twice:
            return usage("given_twice", {{"field", about}});
        case ActionProblem::unknown_channel:
            return unknown_channel(about);
        case ActionProblem::no_content:
            return usage("no_content");
        case ActionProblem::other_kind:
            return failed("other_kind", {{"kind", about}});
        case ActionProblem::not_a_set:
            return usage("not_a_set", {{"field", about}});
        case ActionProblem::no_such_contact:
            return failed("no_such_contact");
        case ActionProblem::no_such_interaction:
            return failed("no_such_interaction");
        case ActionProblem::no_such_turf:
            return failed("no_such_turf", {{"turf", about}});
        case ActionProblem::contact_not_here:
            return failed("contact_not_here.interaction");
        case ActionProblem::contact_lost:
            return failed("contact_lost.interaction");
        case ActionProblem::unknown_entry:
            return failed("unknown_entry.seen", {{"field", about}});
        case ActionProblem::read_only:
            return failed("read_only", {{"author", about}});
        case ActionProblem::no_authority:
            return failed("no_authority");
        case ActionProblem::too_long:
            return usage("too_long");
        case ActionProblem::withdrawn:
            return failed("withdrawn", {{"channel", about}});
        case ActionProblem::not_withdrawn:
            return failed("not_withdrawn", {{"channel", about}});
        case ActionProblem::no_evidence:
            return usage("no_evidence");
        case ActionProblem::no_such_element:
            return failed("no_such_element", {{"field", about}});
        case ActionProblem::not_among_values:
            return usage("not_among_values", {{"field", about}});
        case ActionProblem::no_conflict:
            return failed("no_conflict", {{"field", about}});
        case ActionProblem::keeps_all:
            return usage("keeps_all", {{"field", about}});
        case ActionProblem::nothing_to_change:
            return failed("nothing_to_change");
        case ActionProblem::no_effect:
            break;
    }
    return failed("no_effect");
}

}  // namespace vereda::client
