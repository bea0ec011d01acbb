#include "client/desk/problems/client_problem.h"

namespace vereda::client {

Problem problem_of(ClientProblem problem, std::string_view about) {
    using enum ClientProblem;
    switch (problem) {
        case passphrase_too_short:
            return usage("passphrase_too_short");
        case file_missing:
            return failed("file_missing", {{"file", about}});
        case file_too_large:
            return failed("file_too_large", {{"file", about}});
        case key_file_unfit:
            return usage("key_file_unfit", {{"file", about}});
        case no_hub:
            return failed("no_hub");
        case bad_hub_url:
            return usage("bad_hub_url", {{"url", about}});
        case bad_pin:
            return usage("bad_pin", {{"pin", about}});
        case bad_token:
            return usage("bad_token");
        case hub_options_apart:
            return usage("hub_options_apart");
        case hub_calls_itself:
            return usage("hub_calls_itself", {{"url", about}});
        case empty_name:
            return usage("empty_name");
        case unreadable_name:
            return usage("unreadable_name");
        case long_name:
            return usage("long_name");
        case unknown_turf:
            return failed("unknown_turf", {{"turf", about}});
        case ambiguous_turf:
            return failed("ambiguous_turf", {{"turf", about}});
        case turf_exists:
            return failed("turf_exists", {{"turf", about}});
        case turf_needed:
            return usage("turf_needed");
        case bad_time:
            return usage("bad_time", {{"time", about}});
        case maybe_seconds:
            return usage("bad_time.maybe_seconds", {{"time", about}});
        case source_without_key:
            return usage("source_without_key");
        case sheet_unnamed:
            return usage("sheet_unnamed");
        case bad_consent:
            return usage("bad_consent", {{"state", about}});
        case not_joined_yet:
            return failed("not_joined_yet");
        case no_plain_file:
            return usage("no_plain_file", {{"file", about}});
        case file_exists:
            return failed("file_exists", {{"file", about}});
        case not_answered:
            return failed("not_answered");
        case not_shown:
            break;
    }
    return failed("not_shown");
}

}  // namespace vereda::client
