#pragma once

#include <string_view>

#include "client/desk/problems/problem.h"

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

[[nodiscard]] Problem problem_of(ClientProblem problem, std::string_view about = {});

}  // namespace vereda::client
