#include "client/words.h"

namespace vereda::client {
namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string noun(engine::RecordKind kind) {
    return kind == engine::RecordKind::contact ? "contact" : "interaction";
}

std::string action_code(engine::ActionProblem problem) {
    using enum engine::ActionProblem;
    switch (problem) {
        case unknown_field:
            return "unknown_field";
        case unknown_value:
            return "unknown_value";
        case given_twice:
            return "given_twice";
        case unknown_channel:
            return "unknown_channel";
        case no_content:
            return "no_content";
        case other_kind:
            return "other_kind";
        case not_a_set:
            return "not_a_set";
        case no_such_contact:
            return "no_such_contact";
        case no_such_interaction:
            return "no_such_interaction";
        case no_such_turf:
            return "no_such_turf";
        case read_only:
            return "read_only";
        case no_authority:
            return "no_authority";
        case too_long:
            return "too_long";
        case withdrawn:
            return "withdrawn";
        case not_withdrawn:
            return "not_withdrawn";
        case no_evidence:
            return "no_evidence";
        case no_such_element:
            return "no_such_element";
        case nothing_to_change:
            return "nothing_to_change";
    }
    return "failed";
}

Exit action_exit(engine::ActionProblem problem) {
    using enum engine::ActionProblem;
    const bool typed_wrong = problem == unknown_field || problem == unknown_value ||
                             problem == given_twice || problem == unknown_channel ||
                             problem == not_a_set || problem == no_evidence ||
                             problem == no_content;
    return typed_wrong ? Exit::usage : Exit::failed;
}

}  // namespace

Problem words_for(const engine::ActionError& error) {
    return {
        action_exit(error.problem), action_code(error.problem), engine::describe(error),
        "Nothing was changed.", "`vereda contact set --help` names fields, kinds and channels."};
}

Problem words_for(
    const engine::LookupError& error, std::string_view typed, engine::RecordKind kind) {
    using enum engine::LookupProblem;
    const std::string what = noun(kind);
    const bool is_key = typed.starts_with("key:");
    const std::string advice =
        kind == engine::RecordKind::contact
            ? "`vereda search WORDS` and `vereda contact list` show ids."
            : "`vereda contact show CONTACT` shows the ids of its interactions.";
    switch (error.problem) {
        case not_an_id:
            return {
                Exit::usage, "not_an_id", quoted(typed) + " is not the id of a " + what + ".",
                "An id has 13 letters and digits, of which the first four or more are enough; or "
                "it is key: and a key.",
                advice};
        case wrong_check:
            return {
                Exit::usage, "wrong_check",
                "The id " + quoted(typed) + " has a mistyped character.",
                "Its last character, a check, does not agree with the others.",
                "Compare it and try again."};
        case not_found:
            return {
                Exit::failed, "not_found", "There is no " + what + " " + quoted(typed) + " here.",
                "It does not exist, or belongs to a turf that this laptop does not hold, or has "
                "not arrived yet.",
                advice};
        case ambiguous:
            return {
                Exit::failed, "ambiguous", quoted(typed) + " names more than one " + what + ".",
                is_key ? "Several sources or turfs have that key." : "Several ids begin like that.",
                is_key ? "Name the source as well, as key:SOURCE/KEY, or type an id."
                       : "Type more of the id."};
    }
    return {};
}

Problem words_for(engine::EncodingError error, std::string_view file) {
    return {
        Exit::failed, "unreadable_sheet", "The file cannot be read as text: " + std::string(file),
        std::string(engine::describe(error)),
        "Save the sheet as \"CSV UTF-8\" and import that; or name its encoding with --encoding. "
        "Nothing was changed."};
}

Problem words_for(const engine::SheetError& error) {
    using enum engine::SheetProblem;
    std::string code;
    switch (error.problem) {
        case empty:
            code = "empty";
            break;
        case no_headers:
            code = "no_headers";
            break;
        case cut_off:
            code = "cut_off";
            break;
        case unknown_column:
            code = "unknown_column";
            break;
        case unknown_field:
            code = "unknown_field";
            break;
    }
    const std::string where = error.line == 0 ? "" : " (line " + std::to_string(error.line) + ")";
    return {
        Exit::failed, code, "The sheet was not imported" + where + ".", error.why,
        "Nothing was changed. `--dry-run` shows what an import would do."};
}

}  // namespace vereda::client
