#include "client/words.h"

namespace vereda::client {
namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

constexpr const char* fields_help =
    "`vereda contact set --help` names a contact's fields and channels, `vereda interaction add "
    "--help` kinds and outcomes.";
constexpr const char* contact_shows = "`vereda contact show CONTACT` shows what is there.";

struct ActionWords {
    Exit exit = Exit::failed;
    std::string code;
    std::string advice;
};

ActionWords words_of(engine::ActionProblem problem) {
    using enum engine::ActionProblem;
    switch (problem) {
        case unknown_field:
            return {Exit::usage, "unknown_field", fields_help};
        case unknown_value:
            return {
                Exit::usage, "unknown_value",
                std::string("Write it in the form wanted and try again. ") + fields_help};
        case rounded_number:
            return {
                Exit::usage, "rounded_number",
                "Write the whole number. In the spreadsheet: make the column text and bring the "
                "number back."};
        case given_twice:
            return {Exit::usage, "given_twice", "Say which of the two it is, and try again."};
        case unknown_channel:
            return {Exit::usage, "unknown_channel", "Use one of those channels."};
        case no_content:
            return {Exit::usage, "no_content", "Give a name, as in --set name=\"Ana Ruiz\"."};
        case other_kind:
            return {
                Exit::failed, "other_kind",
                "Leave --kind out to add to that contact, or use another key."};
        case not_a_set:
            return {Exit::usage, "not_a_set", "Use --set FIELD=VALUE for it."};
        case no_such_contact:
            return {
                Exit::failed, "no_such_contact",
                "`vereda search WORDS` and `vereda contact list` show who is there."};
        case no_such_interaction:
            return {
                Exit::failed, "no_such_interaction",
                "`vereda contact show CONTACT` shows the ids of its interactions."};
        case no_such_turf:
            return {
                Exit::failed, "no_such_turf", "`vereda turf list` names those that are held here."};
        case contact_not_here:
            return {
                Exit::failed, "contact_not_here",
                "`vereda sync` brings what others have. While that contact is missing, what was "
                "recorded of it can be read here only."};
        case contact_lost:
            return {
                Exit::failed, "contact_lost",
                "Add the contact again with `vereda contact add`, and the interaction as it should "
                "be with `vereda interaction add --at TIME`. Then hide this one with `vereda "
                "interaction retract ID`."};
        case unknown_entry:
            return {
                Exit::failed, "unknown_entry",
                "`vereda --json contact show CONTACT` gives what shows now, and the entries that "
                "wrote it."};
        case read_only:
            return {
                Exit::failed, "read_only",
                "Install the newer version, or ask a coordinator to release the record "
                "(vereda contact release, vereda interaction release). Visits, retractions and "
                "withdrawals of consent are taken all the same."};
        case no_authority:
            return {
                Exit::failed, "no_authority",
                "Ask a coordinator to write it, or for an invite with that right. `vereda status` "
                "shows the role of this laptop."};
        case too_long:
            return {
                Exit::usage, "too_long",
                "Make it shorter, or split it: a long note into several, a long change into "
                "steps."};
        case withdrawn:
            return {
                Exit::failed, "withdrawn",
                "If they agree again: vereda consent lift CONTACT CHANNEL --evidence \"how it is "
                "known\""};
        case not_withdrawn:
            return {
                Exit::failed, "not_withdrawn",
                "If they agree for the first time: vereda contact set CONTACT --consent "
                "CHANNEL=given"};
        case no_evidence:
            return {
                Exit::usage, "no_evidence",
                "Give it in words: --evidence \"asked to be texted, 3 March, at the door\""};
        case no_such_element:
            return {Exit::failed, "no_such_element", contact_shows};
        case not_among_values:
            return {
                Exit::usage, "not_among_values",
                "Give one of the values that `vereda conflicts list` shows, as it stands there."};
        case no_conflict:
            return {
                Exit::failed, "no_conflict",
                "`vereda conflicts list` shows where there is one. To change a value: `vereda "
                "contact set` or `vereda interaction correct`."};
        case keeps_all:
            return {
                Exit::usage, "keeps_all",
                "To take one of its values out: vereda contact set CONTACT --remove FIELD=VALUE"};
        case nothing_to_change:
            return {Exit::failed, "nothing_to_change", contact_shows};
        case no_effect:
            return {
                Exit::failed, "no_effect",
                "Tell a coordinator: `vereda history CONTACT` shows who wrote about this contact. "
                "`vereda audit verify` tells a damaged vault."};
    }
    return {Exit::failed, "internal", contact_shows};
}

}  // namespace

Problem words_for(const engine::ActionError& error) {
    ActionWords words = words_of(error.problem);
    const bool written = error.problem == engine::ActionProblem::no_effect;
    return {
        words.exit, std::move(words.code), engine::describe(error),
        written ? "It stays in the log and goes to the others, but nobody sees it."
                : "Nothing was changed.",
        std::move(words.advice)};
}

Problem words_for_missing_contact(std::string_view id, bool is_lost) {
    const std::string contact = "The contact " + std::string(id);
    const std::string shows =
        "`vereda contact show " + std::string(id) + "` shows what is left of it";
    if (is_lost) {
        return {
            Exit::failed, "contact_lost", contact + " is lost.",
            "A disk destroyed it before anybody else had it, so nothing can be written to it. "
            "Nothing was changed.",
            "Add it again with `vereda contact add`, and write to that one. " + shows +
                "; `vereda contact retract " + std::string(id) + "` hides that."};
    }
    return {
        Exit::failed, "contact_not_here", contact + " is not here yet.",
        "Visits or changes of it have come, but not the contact itself. So nothing can be written "
        "to it. Nothing was changed.",
        "Run `vereda sync`, then try again. If it is still missing then, tell a coordinator. " +
            shows + "."};
}

Problem words_for(const engine::EntryLookupError& error) {
    using enum engine::LookupProblem;
    const std::string_view typed = error.typed;
    const std::string shows = "`vereda --json contact show CONTACT` gives the ids of entries.";
    if (error.problem == wrong_check) {
        return {
            Exit::usage, "wrong_check", "The id " + quoted(typed) + " has a mistyped character.",
            "Its last character, a check, does not agree with the others. Nothing was changed.",
            shows};
    }
    if (error.problem == not_an_id) {
        return {
            Exit::usage, "not_an_id", quoted(typed) + " is not the id of an entry.",
            "An entry that was seen is named by all 13 characters of its id. Nothing was changed.",
            shows};
    }
    return {
        Exit::failed, "unknown_entry",
        "No entry about this contact has the id " + quoted(typed) + ".",
        "It belongs to another contact, or it had another id when it was shown. Nothing was "
        "changed.",
        shows};
}

Problem words_for(
    const engine::LookupError& error, std::string_view typed, engine::RecordKind kind) {
    using enum engine::LookupProblem;
    const bool is_contact = kind == engine::RecordKind::contact;
    const std::string what = is_contact ? "contact" : "interaction";
    const bool is_key = typed.starts_with("key:");
    const std::string advice =
        is_contact ? "`vereda search WORDS` and `vereda contact list` show ids."
                   : "`vereda contact show CONTACT` shows the ids of its interactions.";
    switch (error.problem) {
        case not_an_id:
            return {
                Exit::usage, "not_an_id",
                quoted(typed) + " is not the id of " +
                    (is_contact ? "a contact." : "an interaction."),
                std::string("An id has 13 letters and digits, of which the first four or more are "
                            "enough") +
                    (is_contact ? "; or it is key: and a key." : "."),
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
