#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/commands/command.h"

namespace CLI {
class App;
}

/// How a command's options are declared. Behind it stands CLI11, whose header takes twenty seconds
/// to compile: verb.cpp and command_line.cpp alone include it.
namespace vereda::client {

enum class Need { optional, required };

inline constexpr std::uint64_t number_max = 1'000'000'000;

/// A command, or a family of commands, being declared. What the calls are given is filled when the
/// command line is read, so it has to live until then.
class Verb {
  public:
    explicit Verb(CLI::App& app) : app_(&app) {}

    /// A command within this one; `summary` is its line in the help.
    Verb verb(const std::string& name, const std::string& summary);
    /// Lines to try, shown at the end of its help.
    Verb& examples(const std::string& lines);
    /// Called when this very command was typed.
    Verb& chosen(std::function<void()> callback);

    /// `name` begins with "--" for an option; otherwise it is told by its place.
    Verb& text(
        const std::string& name, std::string& into, const std::string& help,
        Need need = Need::optional);
    Verb& text(const std::string& name, std::optional<std::string>& into, const std::string& help);
    /// A text that says something. An empty one is refused: it is a shell's variable that was not
    /// set, and what it would leave out ("--turf", a file) was meant to be there.
    Verb& word(
        const std::string& name, std::string& into, const std::string& help,
        Need need = Need::optional);
    Verb& word(const std::string& name, std::optional<std::string>& into, const std::string& help);
    /// A text that is asked for when the option stands there without it; "-" is standard input.
    Verb& private_text(const std::string& name, PrivateText& into, const std::string& help);
    Verb& private_text(
        const std::string& name, std::optional<PrivateText>& into, const std::string& help);
    /// One of `words`.
    Verb& choice(
        const std::string& name, std::string& into, const std::vector<std::string>& words,
        const std::string& help, Need need = Need::optional);
    /// Any number of words, at least one where required; those of an option as in `word`.
    Verb& texts(
        const std::string& name, std::vector<std::string>& into, const std::string& help,
        Need need = Need::optional);
    /// An option with one word, any number of times.
    Verb& each(const std::string& name, std::vector<std::string>& into, const std::string& help);
    /// NAME=VALUE, the option once for each; the value may hold anything.
    Verb& pairs(
        const std::string& name, std::vector<NameValue>& into, const std::string& help,
        const std::string& shape = "FIELD=VALUE");
    /// A whole number from 1 to `number_max`.
    Verb& number(const std::string& name, std::uint64_t& into, const std::string& help);
    Verb& number(
        const std::string& name, std::optional<std::uint64_t>& into, const std::string& help);
    /// The same of an option that may stand without its number, which then is `without`.
    Verb& number_or(
        const std::string& name, std::uint64_t without, std::optional<std::uint64_t>& into,
        const std::string& help);
    /// As "7d", "12h", "30m"; milliseconds.
    Verb& duration(
        const std::string& name, std::int64_t& into, const std::string& fallback,
        const std::string& help);
    Verb& flag(const std::string& name, bool& into, const std::string& help);

  private:
    CLI::App* app_;
};

/// Filled by whichever command was typed.
using Chosen = std::optional<Command>;

/// A command whose options fill a `Kind`.
template <class Kind, class Declare>
void declare(
    Verb& family, Chosen& chosen, const std::string& name, const std::string& summary,
    Declare options) {
    const auto typed = std::make_shared<Kind>();
    Verb verb = family.verb(name, summary);
    options(verb, *typed);
    verb.chosen([typed, &chosen] { chosen = Command(*typed); });
}

}  // namespace vereda::client
