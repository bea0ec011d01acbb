#include "client/words.h"
#include "client/words/problems.h"

namespace vereda::client {
Problem words_for(PromptError error) {
    const std::string why(describe(error));
    switch (error) {
        case PromptError::no_terminal:
            return locked(
                "no_passphrase", "The vault needs its passphrase, and there is nobody to ask.", why,
                "Give --passphrase-file FILE or --key-file FILE.");
        case PromptError::ended:
            return locked("no_passphrase", "No passphrase was given.", why, "Try again.");
        case PromptError::too_long:
            return {
                Exit::usage, "unfit_secret", "The passphrase is too long.", why,
                "Take one of at most 1,023 bytes."};
        case PromptError::different:
            return locked(
                "passphrases_differ", "The two passphrases were not the same.",
                "One of them was mistyped. Nothing was changed.", "Try again.");
    }
    return {};
}

Problem words_for_question(PromptError error, std::string_view asked_for) {
    const std::string it(asked_for);
    if (error == PromptError::too_long) {
        return usage(
            "too_long", "The " + it + " is too long to be typed.",
            "A line on the terminal has at most 4,000 bytes. Nothing was changed.",
            "Make it shorter; or write it to a file and give that to standard input, with \"-\".");
    }
    if (error == PromptError::ended) {
        return failed(
            "not_given", "No " + it + " was given.",
            "The terminal ended the input. Nothing was changed.", "Try again.");
    }
    return usage(
        "no_terminal", "There is nobody to ask for the " + it + ".",
        "The command was to ask on the terminal, and there is none. Nothing was changed.",
        "Give a note as --note - on standard input, everything else as a line of `vereda batch`.");
}

Problem words_for(ClientProblem problem, std::string_view about) {
    using enum ClientProblem;
    const std::string it(about);
    const std::string quoted = "\"" + it + "\"";
    switch (problem) {
        case passphrase_too_short:
            return usage(
                "passphrase_too_short", "The passphrase is too short.",
                "A thief of the laptop can try billions of short ones. Nothing was changed.",
                "Take at least 8 characters; five random words are good.");
        case file_missing:
            return failed(
                "file_missing", "There is no file " + it + ".",
                "Nothing was found under that name. Nothing was changed.",
                "Look at the path and try again.");
        case file_too_large:
            return failed(
                "file_too_large", "The file " + it + " is too large.",
                "What is read whole has to fit into memory. Nothing was changed.",
                "Is it the right one? A sheet can be split.");
        case key_file_unfit:
            return usage(
                "key_file_unfit", "The key file " + it + " cannot open a vault.",
                "A key file holds 32 bytes to 64 KiB.", "Is it the right one?");
        case no_hub:
            return failed(
                "no_hub", "This workspace has no hub.",
                "It was made for one laptop alone, without --hub.",
                "Everything else works; to share it, found a workspace on a hub and import there.");
        case bad_hub_url:
            return usage(
                "bad_hub_url", quoted + " is not the address of a hub.",
                "It has the form https://name:port, with nothing behind it.",
                "Ask the host for the address.");
        case bad_pin:
            return usage(
                "bad_pin", quoted + " is not a hub's pin.",
                "It has the form sha256// and 44 characters.",
                "Copy it from the line that `vereda-hub serve` prints.");
        case bad_token:
            return usage(
                "bad_token", "This is not a founding token.",
                "It has 32 digits and letters from a to f.",
                "Copy it from what `vereda-hub token --data DIR` prints.");
        case hub_options_apart:
            return usage(
                "hub_options_apart", "--hub, --pin and --token belong together.",
                "A workspace comes to a hub with all three; without them it lives on this laptop "
                "alone.",
                "Give all of them, or none.");
        case hub_calls_itself:
            return usage(
                "hub_calls_itself", "The hub calls itself " + it + ".",
                "Invites carry that address, and requests are signed for it: another one would not "
                "work.",
                "Use --hub " + it +
                    ", or ask the host to start the hub with the right --public-url.");
        case unreadable_name:
            return usage(
                "unreadable_name", "A name has characters that are no text.",
                "A terminal that does not speak UTF-8, or a control character, makes such ones.",
                "Type the name again, or set the terminal to UTF-8.");
        case long_name:
            return usage(
                "long_name", "A name is longer than 100 characters.",
                "Lists and screens could not show it.", "Give a shorter name.");
        case empty_name:
            return usage(
                "empty_name", "A name is empty.", "Others need to recognise it.", "Give a name.");
        case unknown_turf:
            return failed(
                "unknown_turf", "There is no turf " + quoted + " here.",
                "It does not exist, or this laptop does not hold it.",
                "`vereda turf list` names those that it holds.");
        case ambiguous_turf:
            return failed(
                "ambiguous_turf", "There is more than one turf " + quoted + ".",
                "Two coordinators gave the same name.",
                "Name it by its id: `vereda turf list --json`.");
        case turf_exists:
            return failed(
                "turf_exists", "There is a turf " + quoted + " already.",
                "Two of one name could not be told apart. Nothing was changed.",
                "Choose another name.");
        case turf_needed:
            return usage(
                "turf_needed", "The invite names no turf.",
                "An organiser works in the turfs of the invite.",
                "Give --turf NAME, once for each.");
        case bad_time:
            return usage(
                "bad_time", quoted + " is not a time.",
                "Times are like 2026-03-01, 2026-03-01T17:30, 2026-03-01T17:30:00Z or milliseconds "
                "since 1970.",
                "Write it in one of these forms.");
        case maybe_seconds:
            return usage(
                "bad_time", it + " would be a time before the year 2000.",
                "A bare number is read as milliseconds since 1970; this one looks like seconds. "
                "Nothing was changed.",
                "Add three zeros if seconds were meant; or write the day, such as "
                "1999-12-31T17:30.");
        case source_without_key:
            return usage(
                "source_without_key", "--source is given without --key.",
                "It names the system that a key comes from, and there is no key. Nothing was "
                "changed.",
                "Give --key KEY as well, or leave --source out.");
        case sheet_unnamed:
            return usage(
                "sheet_unnamed", "The sheet on standard input has no name.",
                "The same name and key are the same person in every import; a file has its name "
                "for that. Nothing was changed.",
                "Give --source NAME, the same each time this list comes.");
        case bad_consent:
            return usage(
                "bad_consent", quoted + " says nothing about consent.", "It is given or withdrawn.",
                "Write --consent CHANNEL=given or --consent CHANNEL=withdrawn.");
        case not_joined_yet:
            return failed(
                "not_joined_yet", "This laptop has not joined yet.",
                "Its invite has not reached the hub so far.",
                "Run `vereda sync` when there is a connection.");
        case not_shown:
            return failed(
                "not_shown", "The output could not be written to its end.",
                "The program behind the pipe has ended, or the disk is full.",
                "What was recorded is recorded. Make room, or run the command again.");
        case not_answered:
            return failed(
                "not_answered", "The answers could not be written to their end.",
                "The program behind the pipe has ended, or the disk is full. The lines that were "
                "not answered yet may be recorded; those after them were not carried out.",
                "Run the lines without an answer again; those with a key add nobody twice.");
        case no_plain_file:
            return usage(
                "no_plain_file", it + " is there and is no plain file.",
                "A link, a pipe or a device would be replaced by readable names.",
                "Name a file, or leave it out and direct the output with >.");
        case file_exists:
            return failed(
                "file_exists", "There is a file " + it + " already.",
                "An export takes no file's place unasked: it may be somebody's own sheet. Nothing "
                "was written.",
                "Name another file; or say --replace, and the old one goes.");
    }
    return {};
}

}  // namespace vereda::client
