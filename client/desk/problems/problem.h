#pragma once

// Lives here: what went wrong, as a code and arguments, a file for each subject.
// Begin: here.
// Must not know: words, and what was asked.

#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "client/desk/problems/sentence.h"

namespace vereda::client {

/// What `vereda` tells the shell (docs/commands.md "Exit codes"). The numbers are relied upon by
/// scripts and never change.
enum class Exit : int {
    ok = 0,
    failed = 1,       ///< Not done: not found, not permitted, the disk is full …
    usage = 2,        ///< The command line, or a value in it, does not say what is wanted.
    locked = 3,       ///< No vault, a wrong or missing passphrase, or another program has it open.
    unreachable = 4,  ///< The hub was not reached. What was done here stays.
    refused = 5,      ///< The hub was reached and said no, or is not the hub that it should be.
    findings = 6,     ///< An audit found a fault.
    partly = 7,       ///< Done, except some rows or lines, which are listed.
    hung_up = 129,    ///< The terminal was closed; as shells say it: 128 and SIGHUP.
    interrupted = 130,  ///< Ctrl-C.
    terminated = 143,   ///< SIGTERM.
};

/// One of several records that what was typed could mean.
struct Candidate {
    std::string id;
    std::string name;    ///< A contact's, or that of the contact whose interaction it is.
    std::string source;  ///< Of a contact's key; empty without one.
    std::string turf;
    auto operator<=>(const Candidate&) const = default;
};

/// Why a command did not do what was asked. The catalogue (client/words/catalogue.h) has its words,
/// as problem.SENTENCE.error, .why and .advice.
struct Problem {
    Exit exit = Exit::failed;
    std::string code;      ///< For programs: a short name such as "wrong_secret".
    std::string sentence;  ///< The code, or "code.variant" where it has several wordings.
    Arguments arguments = {};
    std::vector<Candidate> candidates = {};  ///< Where it could mean several: at most ten of them.

    Problem() = default;
    Problem(Exit exit_, std::string sentence_, Arguments arguments_ = {})
        : exit(exit_),
          code(sentence_.substr(0, sentence_.find('.'))),
          sentence(std::move(sentence_)),
          arguments(std::move(arguments_)) {}
    auto operator<=>(const Problem&) const = default;
};

/// How a command ended. `Exit::partly` and `Exit::findings` are said by its own answer.
using Outcome = std::expected<Exit, Problem>;
template <class Value>
using Or = std::expected<Value, Problem>;

// A problem by how the program ends. The sentence stands as it is written, with its arguments in
// braces beside it: tests/house/sentences_test.cpp reads both.

inline Problem usage(std::string sentence, Arguments arguments = {}) {
    return {Exit::usage, std::move(sentence), std::move(arguments)};
}
inline Problem failed(std::string sentence, Arguments arguments = {}) {
    return {Exit::failed, std::move(sentence), std::move(arguments)};
}
inline Problem locked(std::string sentence, Arguments arguments = {}) {
    return {Exit::locked, std::move(sentence), std::move(arguments)};
}
inline Problem not_reached(std::string sentence, Arguments arguments = {}) {
    return {Exit::unreachable, std::move(sentence), std::move(arguments)};
}
inline Problem said_no(std::string sentence, Arguments arguments = {}) {
    return {Exit::refused, std::move(sentence), std::move(arguments)};
}

}  // namespace vereda::client
