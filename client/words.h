#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/exit_code.h"
#include "client/sentence.h"
#include "client/sync_link.h"
#include "client/terminal/prompt.h"
#include "engine/actions/actions.h"
#include "engine/queries/record_ids.h"
#include "engine/sheets/encoding.h"
#include "engine/sheets/sheet_columns.h"
#include "engine/storage/storage_failure.h"
#include "engine/sync/roster_change.h"
#include "engine/sync/session.h"
#include "engine/vault/key_slots.h"
#include "engine/workspace/workspace.h"
#include "protocol/printed_key.h"
#include "protocol/roster/invite.h"

/// Every error that a command can meet, as a problem for which the catalogue has words: what
/// happened, why, what to do now.
namespace vereda::client {

/// Errors that arise in the program itself.
enum class ClientProblem {
    passphrase_too_short,
    file_missing,  ///< `about`: its path.
    file_too_large,
    key_file_unfit,
    no_hub,  ///< The workspace lives on one laptop.
    bad_hub_url,
    bad_pin,
    bad_token,
    hub_options_apart,  ///< --hub, --pin and --token belong together.
    hub_calls_itself,   ///< `about`: its public URL.
    empty_name,
    unreadable_name,
    long_name,
    unknown_turf,
    ambiguous_turf,
    turf_exists,
    turf_needed,  ///< An organiser's invite names no turf.
    bad_time,
    maybe_seconds,       ///< A bare number that as milliseconds would be before 2000.
    source_without_key,  ///< --source says whose key it is, and there is none.
    sheet_unnamed,       ///< A sheet from standard input, without --source.
    bad_consent,         ///< Neither given nor withdrawn.
    not_joined_yet,      ///< The device's enrolment has not reached the hub.
    no_plain_file,       ///< `about`: its path.
    file_exists,         ///< `about`: its path; an export would take its place.
    not_answered,        ///< Nobody takes a batch's answers any more.
    not_shown,           ///< Not all of the output was taken.
};

[[nodiscard]] Problem words_for(ClientProblem problem, std::string_view about = {});
[[nodiscard]] Problem words_for(engine::WorkspaceError error, std::string_view vault = {});
/// Why the vault goes on in a new log, and what its owner should do about it.
[[nodiscard]] Sentence words_for(engine::WhyNewLog why);
/// What an older copy of a vault may lack, and who has it.
[[nodiscard]] Sentence words_for_old_copy(bool may_catch_up);
[[nodiscard]] Problem words_for(engine::ChangeSlotsError error);
[[nodiscard]] Problem words_for(LinkError error);
/// For what is made at the hub and here together: where the hub was not reached, says that nothing
/// was made instead of what a sync would keep.
[[nodiscard]] Problem when_nothing_was_made(Problem problem);
[[nodiscard]] Problem words_for(protocol::Refusal refusal);
[[nodiscard]] Problem words_for(
    engine::sync::Trouble trouble, std::optional<protocol::Refusal> refusal = {});
[[nodiscard]] Problem words_for(
    engine::sync::ChangeTrouble trouble, std::optional<protocol::Refusal> refusal = {},
    std::optional<engine::RosterWriteError> why = {});
[[nodiscard]] Problem words_for(engine::RosterWriteError error);
[[nodiscard]] Problem words_for(protocol::InviteCodeError error);
[[nodiscard]] Problem words_for(protocol::PrintedKeyError error);
[[nodiscard]] Problem words_for(engine::EncodingError error, std::string_view file = {});
[[nodiscard]] Problem words_for(const engine::SheetError& error);
/// Why nothing is read from a column that is left out.
[[nodiscard]] Sentence words_for_left_out(const engine::SheetColumn& column);
[[nodiscard]] Problem words_for(PromptError error);
/// Of a text that was asked for, such as a note.
[[nodiscard]] Problem words_for_question(PromptError error, std::string_view asked_for);
[[nodiscard]] Problem words_for(const engine::ActionError& error);
[[nodiscard]] Problem words_for(
    const engine::LookupError& error, std::string_view typed, engine::RecordKind kind);
[[nodiscard]] Problem words_for(const engine::EntryLookupError& error);
/// Of a contact that is to be written to, while only visits to it or changes of it are here.
[[nodiscard]] Problem words_for_missing_contact(std::string_view id, bool is_lost);
/// The machine failed; `what` is its own message, free of personal data.
[[nodiscard]] Problem words_for(engine::StorageFault fault, std::string_view what);

}  // namespace vereda::client
