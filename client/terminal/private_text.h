#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/desk/problems/problem.h"
#include "engine/actions/actions.h"

/// What people say about others need not stand in the command line: the shell keeps it in its
/// history, and for a moment everybody on the machine can read it in the list of processes.
namespace vereda::client {

/// A text that need not stand in the command line.
struct PrivateText {
    enum class From {
        arguments,  ///< It was typed there.
        terminal,   ///< Asked for: the option stands there without it.
        input,      ///< Standard input: "-" was typed.
    };
    From from = From::arguments;
    std::string text;
};

/// What was typed; or asked for on the terminal, as "note: "; or all of standard input, without a
/// line's end behind it. Problem: nobody to ask; standard input is longer than any entry may be.
[[nodiscard]] Or<std::string> read_private(const PrivateText& text, std::string_view name);

/// Reads standard input where the text is to come from there, and asks nobody yet: for before the
/// vault is open, so that it is not held while a pipe is waited for.
[[nodiscard]] Or<PrivateText> read_if_piped(PrivateText text);

/// A value for each of these fields of a contact, asked for on the terminal. One that is left empty
/// is left as it is. Problem: no such field; nobody to ask.
[[nodiscard]] Or<std::vector<engine::FieldText>> ask_for_fields(
    const std::vector<std::string>& fields);

}  // namespace vereda::client
