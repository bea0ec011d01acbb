#include "client/line/hub_problem.h"

#include "client/desk/problems/client_problem.h"

namespace vereda::client {

Problem problem_of(LinkError error) {
    using enum LinkError;
    switch (error) {
        case unreachable:
            return not_reached("unreachable");
        case timeout:
            return not_reached("timeout");
        case wrong_pin:
            return said_no("wrong_pin");
        case not_a_hub:
            return said_no("not_a_hub");
        case another_hub:
            return said_no("another_hub");
        case refused:
            return said_no("turned_away");
        case clock:
            return said_no("clock");
        case answer_too_large:
            break;
    }
    return said_no("answer_too_large");
}

Problem when_nothing_was_made(Problem problem) {
    if (problem.code == "unreachable") return not_reached("unreachable.nothing_made");
    if (problem.code == "timeout") return not_reached("timeout.nothing_made");
    if (problem.code == "hub_failed") return not_reached("hub_failed.nothing_made");
    return problem;
}

Problem problem_of(protocol::Refusal refusal) {
    using enum protocol::Refusal;
    switch (refusal) {
        case malformed:
        case unknown_name:
            return said_no("not_understood");
        case bad_signature:
            return said_no("unknown_device");
        case clock_differs:
            return problem_of(LinkError::clock);
        case repeated:
            return said_no("repeated");
        case not_permitted:
            return said_no("not_permitted");
        case unknown_workspace:
            return said_no("unknown_workspace");
        case bad_token:
            return said_no("bad_token.refused");
        case too_large:
            return said_no("too_large");
        case too_fast:
            return said_no("too_fast");
        case over_quota:
            return said_no("over_quota");
        case invite_unknown:
            return said_no("invite_unknown");
        case invite_expired:
            return said_no("invite_expired");
        case invite_used:
            return said_no("invite_used");
        case invite_cancelled:
            return said_no("invite_cancelled");
        case entry_refused:
            return said_no("entry_refused");
        case wraps_differ:
            return said_no("wraps_differ");
        case roster_differs:
            return said_no("roster_split");
        case restored:
            return said_no("hub_restored");
        case protocol::Refusal::failed:
            break;
    }
    return not_reached("hub_failed");
}

Problem problem_of(engine::sync::Trouble trouble, std::optional<protocol::Refusal> refusal) {
    using enum engine::sync::Trouble;
    switch (trouble) {
        case none:
            return {};
        case refused:
            return problem_of(refusal.value_or(protocol::Refusal::failed));
        case nonsense:
            return problem_of(LinkError::not_a_hub);
        case roster_refused:
            return said_no("roster_refused");
        case hub_contradicts:
            return said_no("hub_contradicts");
        case not_enrolled:
            return said_no("not_enrolled");
        case roster_split:
            break;
    }
    return said_no("roster_split");
}

Problem problem_of(engine::RosterWriteError error) {
    using enum engine::RosterWriteError;
    switch (error) {
        case no_authority:
            return failed("no_authority.roster");
        case unknown_turf:
            return failed("unknown_turf.roster");
        case unknown_member:
            return failed("unknown_member");
        case already_granted:
            return failed("already_granted");
        case no_key:
            return failed("no_key");
        case no_hub:
            return problem_of(ClientProblem::no_hub);
        case refused:
            break;
    }
    return failed("roster_refuses");
}

Problem problem_of(
    engine::sync::ChangeTrouble trouble, std::optional<protocol::Refusal> refusal,
    std::optional<engine::RosterWriteError> why) {
    using enum engine::sync::ChangeTrouble;
    switch (trouble) {
        case none:
            return {};
        case refused:
            return problem_of(refusal.value_or(protocol::Refusal::failed));
        case nonsense:
            return problem_of(LinkError::not_a_hub);
        case roster_refused:
            return problem_of(engine::sync::Trouble::roster_refused);
        case not_written:
            return problem_of(why.value_or(engine::RosterWriteError::refused));
        case overtaken:
            break;
    }
    return said_no("overtaken");
}

Problem problem_of(protocol::InviteCodeError error) {
    using enum protocol::InviteCodeError;
    switch (error) {
        case unreadable:
            return usage("not_an_invite");
        case mistyped:
            return usage("mistyped.invite");
        case newer_version:
            break;
    }
    return usage("newer_version.invite");
}

}  // namespace vereda::client
