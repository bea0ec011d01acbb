#include <cstring>

#include "client/words.h"

namespace vereda::client {
namespace {

const char* const kept = "What is recorded on this laptop stays there.";
const char* const try_later = "Go on working; run `vereda sync` again when there is a connection.";

Problem not_reached(std::string code, std::string error, std::string why, std::string advice) {
    return {
        Exit::unreachable, std::move(code), std::move(error), std::move(why), std::move(advice)};
}
Problem said_no(std::string code, std::string error, std::string why, std::string advice) {
    return {Exit::refused, std::move(code), std::move(error), std::move(why), std::move(advice)};
}

}  // namespace

Problem words_for(LinkError error) {
    using enum LinkError;
    switch (error) {
        case unreachable:
            return not_reached(
                "unreachable", "The hub was not reached.",
                std::string("There is no connection, or the hub is down. ") + kept, try_later);
        case timeout:
            return not_reached(
                "timeout", "The hub did not answer in time.",
                std::string("The connection is too slow, or the hub is busy. ") + kept, try_later);
        case wrong_pin:
            return said_no(
                "wrong_pin", "This is not the hub: its key is another one.",
                "Somebody stands in between (a hotel's or café's network does that), the pin was "
                "mistyped, or the host set up a new hub. Nothing was sent.",
                "Try another network. If it stays like this, ask your coordinator or the host "
                "before you go on.");
        case not_a_hub:
            return said_no(
                "not_a_hub", "What answered is not a hub.",
                "It speaks another protocol, or nobody's signature is on its answer.",
                "Look at the address; try another network; else ask the host.");
        case another_hub:
            return said_no(
                "another_hub", "Another hub answered than the one we know.",
                "Its signing key differs from the one on the workspace's roster.",
                "Do not go on with it. Ask your coordinator or the host.");
        case refused:
            return said_no(
                "turned_away", "The hub's door turned us away.",
                "The request did not look right to it, or there were too many. " +
                    std::string(kept),
                "Wait a minute and try again; is this version of the program recent?");
        case clock:
            return said_no(
                "clock", "The hub does not accept our time.",
                "The clocks differ, even after setting ours by the hub's.",
                "Set the laptop's clock and try again; or tell the host that the hub's is wrong.");
        case answer_too_large:
            return said_no(
                "answer_too_large", "The hub's answer is too large.",
                "No hub of this version sends so much at once.",
                "Ask the host which version the hub runs.");
    }
    return {};
}

Problem when_nothing_was_made(Problem problem) {
    if (problem.exit != Exit::unreachable) return problem;
    if (problem.why.ends_with(kept)) problem.why.resize(problem.why.size() - std::strlen(kept));
    problem.why += problem.why.ends_with(' ') ? "Nothing was made." : " Nothing was made.";
    problem.advice = "Run the command again when there is a connection.";
    return problem;
}

Problem words_for(protocol::Refusal refusal) {
    using enum protocol::Refusal;
    const char* const ask_host =
        "Ask the host; which versions run here (`vereda --version`) and there?";
    const char* const new_invite = "Ask your coordinator for a new invite, and join with that one.";
    switch (refusal) {
        case malformed:
        case unknown_name:
            return said_no(
                "not_understood", "The hub does not understand us.",
                "The versions of program and hub do not fit.", ask_host);
        case bad_signature:
            return said_no(
                "unknown_device", "The hub does not know this laptop.",
                "Its key is on no roster there: it never joined, or the hub is a new one, or was "
                "put "
                "back to an older copy.",
                "Ask your coordinator to run `vereda sync`, then run it here again: that gives the "
                "hub back what it lacks.");
        case clock_differs:
            return words_for(LinkError::clock);
        case repeated:
            return said_no(
                "repeated", "The hub saw this very request before.", "A request is valid once.",
                "Run the command again.");
        case not_permitted:
            return said_no(
                "not_permitted", "The hub does not permit that.",
                "The roster does not give this laptop the right to it.", "Ask your coordinator.");
        case unknown_workspace:
            return said_no(
                "unknown_workspace", "The hub does not have this workspace.",
                "It was never put there, or the host set up a new hub.", "Ask the host.");
        case bad_token:
            return said_no(
                "bad_token", "The hub does not accept the token.",
                "Each token founds one workspace, once; this one is used, or not this hub's.",
                "Ask the host for a new one: `vereda-hub token --data DIR`.");
        case too_large:
            return said_no(
                "too_large", "The hub found a message too large.",
                "Its limits are lower than ours.", ask_host);
        case too_fast:
            return said_no(
                "too_fast", "The hub asks us to slow down.",
                "This laptop sent very much in a short time.",
                "Wait a minute and run `vereda sync` again.");
        case over_quota:
            return said_no(
                "over_quota", "The hub has no more room for this laptop.",
                std::string("Its share of the hub's disk is used up. ") + kept, "Tell the host.");
        case invite_unknown:
            return said_no(
                "invite_unknown", "The hub does not know this invite.",
                "The code is for another hub or workspace, or it is incomplete.", new_invite);
        case invite_expired:
            return said_no(
                "invite_expired", "The invite has expired.", "Each one is good for some days only.",
                new_invite);
        case invite_used:
            return said_no(
                "invite_used", "The invite has been used already, by another laptop.",
                "Each one lets in one laptop, once.",
                "If that was not you, tell your coordinator at once. In any case ask for a new "
                "invite.");
        case invite_cancelled:
            return said_no(
                "invite_cancelled", "The invite was cancelled.", "A coordinator took it back.",
                new_invite);
        case entry_refused:
            return said_no(
                "entry_refused", "The hub refused a change to the roster.",
                "It is not signed by somebody who may make it, or does not fit what is there.",
                "Run `vereda sync`, then try again.");
        case wraps_differ:
            return said_no(
                "wraps_differ", "The hub refused the keys that came with a change.",
                "They are not the ones that the change names.",
                "Run `vereda sync`, then try again.");
        case roster_differs:
            return words_for(engine::sync::Trouble::roster_split, refusal);
        case restored:
            return said_no(
                "hub_restored", "The hub was put back to an older copy, and nobody can join yet.",
                "It may lack those who joined last, until a coordinator's laptop has synced with "
                "it.",
                "Ask your coordinator to run `vereda sync`; then run it here, too.");
        case failed:
            return not_reached(
                "hub_failed", "The hub has a fault of its own.",
                "It acknowledged nothing; its disk may be full.",
                "Tell the host; try again later.");
    }
    return {};
}

Problem words_for(engine::sync::Trouble trouble, std::optional<protocol::Refusal> refusal) {
    using enum engine::sync::Trouble;
    switch (trouble) {
        case none:
            return {};
        case refused:
            return words_for(refusal.value_or(protocol::Refusal::failed));
        case nonsense:
            return words_for(LinkError::not_a_hub);
        case roster_refused:
            return said_no(
                "roster_refused", "The hub's roster does not verify.",
                "It holds an entry that nobody with the right to it has signed. It was not taken "
                "over.",
                "Do not go on with this hub. Ask your coordinator, and run `vereda audit verify`.");
        case hub_contradicts:
            return said_no(
                "hub_contradicts", "The hub contradicts itself.",
                "It served another history than the one it signed. Nothing doubtful was taken "
                "over.",
                "Tell your coordinator and the host; the hub may have been restored or tampered "
                "with.");
        case not_enrolled:
            return said_no(
                "not_enrolled", "This laptop is not on the workspace's roster.",
                "Its joining was never completed.", "Ask your coordinator for a new invite.");
        case roster_split:
            return said_no(
                "roster_split", "The hub's roster and this laptop's have parted.",
                "Both go on from the same entry, each with another one that a coordinator signed: "
                "the hub was put back to an older copy and changed before all laptops had synced, "
                "or it tells two stories. Work is sent and fetched as before, but what was written "
                "on one branch waits on the other.",
                "Tell your coordinators: those whose changes the hub lacks make them again, and "
                "laptops that joined there join again.");
    }
    return {};
}

Problem words_for(engine::RosterWriteError error) {
    using enum engine::RosterWriteError;
    const auto failed = [](std::string code, std::string what, std::string why,
                           std::string advice) {
        return Problem{
            Exit::failed, std::move(code), std::move(what), std::move(why), std::move(advice)};
    };
    switch (error) {
        case no_authority:
            return failed(
                "no_authority", "Only a coordinator can do that.",
                "This laptop's member has another role.", "Ask a coordinator.");
        case unknown_turf:
            return words_for(ClientProblem::unknown_turf);
        case unknown_member:
            return failed(
                "unknown_member", "There is no such member.", "Never joined, or retired.",
                "Run `vereda sync` and look again.");
        case already_granted:
            return failed("already_granted", "The member has this turf already.", "", "");
        case no_key:
            return failed(
                "no_key", "This laptop lacks the newest key of that turf.",
                "Another coordinator renewed it.", "Run `vereda sync`, then try again.");
        case no_hub:
            return words_for(ClientProblem::no_hub);
        case refused:
            return failed(
                "roster_refuses", "The roster does not take this change.",
                "It does not fit what is there, or the workspace asks for a second coordinator's "
                "approval.",
                "Run `vereda sync`, then try again.");
    }
    return {};
}

Problem words_for(
    engine::sync::ChangeTrouble trouble, std::optional<protocol::Refusal> refusal,
    std::optional<engine::RosterWriteError> why) {
    using enum engine::sync::ChangeTrouble;
    switch (trouble) {
        case none:
            return {};
        case refused:
            return words_for(refusal.value_or(protocol::Refusal::failed));
        case nonsense:
            return words_for(LinkError::not_a_hub);
        case roster_refused:
            return words_for(engine::sync::Trouble::roster_refused);
        case engine::sync::ChangeTrouble::not_written:
            return words_for(why.value_or(engine::RosterWriteError::refused));
        case overtaken:
            return said_no(
                "overtaken", "Others changed the roster at the same time, again and again.",
                "Each change has to build on the last one.", "Try again in a moment.");
    }
    return {};
}

Problem words_for(protocol::InviteCodeError error) {
    using enum protocol::InviteCodeError;
    switch (error) {
        case unreadable:
            return {
                Exit::usage, "not_an_invite", "This is not an invite code.",
                "A code begins with VEREDA- and has letters and digits in groups of five.",
                "Copy the whole code, or scan its QR picture, and try again."};
        case mistyped:
            return {
                Exit::usage, "mistyped",
                "The invite code is incomplete or has a misread character.",
                "Its check characters do not agree with the rest.",
                "Compare it with what the coordinator sent, and try again."};
        case newer_version:
            return {
                Exit::usage, "newer_version",
                "The invite was made by a later version of the program.",
                "This version cannot read it.", "Install the newer version and try again."};
    }
    return {};
}

}  // namespace vereda::client
