#include "client/commands/verb.h"

#include <CLI/CLI.hpp>
#include <charconv>

#include "client/desk/times/duration.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

CLI::Option* needed(CLI::Option* option, Need need) {
    return need == Need::required ? option->required() : option;
}

/// What is wrong in a first line, the form wanted in a second: command_line.cpp parts them again.
CLI::ValidationError refusal(const std::string& name, const Sentence& what, const Sentence& form) {
    return CLI::ValidationError(name + ": " + catalogue().say(what) + "\n" + catalogue().say(form));
}

NameValue split_pair(const std::string& name, const std::string& typed, const std::string& shape) {
    const std::size_t sign = typed.find('=');
    if (sign == std::string::npos || sign == 0) {
        throw refusal(
            name, {"usage.pair", {{"typed", typed}, {"shape", shape}}},
            {"usage.pair.form", {{"shape", shape}}});
    }
    return {typed.substr(0, sign), typed.substr(sign + 1)};
}

void expect_word(const std::string& name, const std::string& typed) {
    if (!typed.empty()) return;
    throw refusal(name, {"usage.empty"}, {"usage.empty.form", {{"name", name}}});
}

// What CLI11 gives where the option stands without a value. A word joiner begins it, which no
// keyboard types: an empty text must not be taken for a missing one.
constexpr const char* to_be_asked_for = "\u2060asked for";

PrivateText private_text_of(const std::string& typed) {
    if (typed == to_be_asked_for) return {PrivateText::From::terminal, {}};
    if (typed == "-") return {PrivateText::From::input, {}};
    return {PrivateText::From::arguments, typed};
}

/// An option that may stand without its text. `Into` is a PrivateText, optional or not.
template <class Into>
void add_private_text(CLI::App& app, const std::string& name, Into& into, const std::string& help) {
    app.add_option_function<std::string>(
           name, [&into](const std::string& typed) { into = private_text_of(typed); }, help)
        ->expected(0, 1)
        ->default_str(to_be_asked_for)
        ->option_text("[TEXT]");
}

std::uint64_t read_number(const std::string& name, const std::string& typed) {
    std::uint64_t number = 0;
    const char* const last = typed.data() + typed.size();
    const auto [end, error] = std::from_chars(typed.data(), last, number);
    if (error == std::errc{} && end == last && number >= 1 && number <= number_max) return number;
    throw refusal(name, {"usage.number", {{"typed", typed}}}, {"usage.number.form"});
}

}  // namespace

Verb Verb::verb(const std::string& name, const std::string& summary) {
    CLI::App* added = app_->add_subcommand(name, summary);
    added->fallthrough();
    added->footer("");
    added->require_subcommand(0, 1);
    return Verb(*added);
}

Verb& Verb::examples(const std::string& lines) {
    app_->footer("Examples:\n" + lines);
    return *this;
}

Verb& Verb::chosen(std::function<void()> callback) {
    app_->callback(std::move(callback));
    return *this;
}

Verb& Verb::text(const std::string& name, std::string& into, const std::string& help, Need need) {
    needed(app_->add_option(name, into, help), need);
    return *this;
}

Verb& Verb::text(
    const std::string& name, std::optional<std::string>& into, const std::string& help) {
    app_->add_option_function<std::string>(
        name, [&into](const std::string& typed) { into = typed; }, help);
    return *this;
}

Verb& Verb::word(const std::string& name, std::string& into, const std::string& help, Need need) {
    CLI::Option* option = app_->add_option_function<std::string>(
        name,
        [&into, name](const std::string& typed) {
            expect_word(name, typed);
            into = typed;
        },
        help);
    needed(option, need);
    return *this;
}

Verb& Verb::word(
    const std::string& name, std::optional<std::string>& into, const std::string& help) {
    app_->add_option_function<std::string>(
        name,
        [&into, name](const std::string& typed) {
            expect_word(name, typed);
            into = typed;
        },
        help);
    return *this;
}

Verb& Verb::private_text(const std::string& name, PrivateText& into, const std::string& help) {
    add_private_text(*app_, name, into, help);
    return *this;
}

Verb& Verb::private_text(
    const std::string& name, std::optional<PrivateText>& into, const std::string& help) {
    add_private_text(*app_, name, into, help);
    return *this;
}

Verb& Verb::choice(
    const std::string& name, std::string& into, const std::vector<std::string>& words,
    const std::string& help, Need need) {
    needed(app_->add_option(name, into, help), need)->check(CLI::IsMember(words));
    return *this;
}

Verb& Verb::texts(
    const std::string& name, std::vector<std::string>& into, const std::string& help, Need need) {
    CLI::Option* option = app_->add_option_function<std::vector<std::string>>(
        name,
        [&into, name](const std::vector<std::string>& typed) {
            for (const std::string& one : typed) {
                if (name.starts_with("--")) expect_word(name, one);
            }
            into = typed;
        },
        help);
    needed(option, need);
    return *this;
}

Verb& Verb::each(const std::string& name, std::vector<std::string>& into, const std::string& help) {
    app_->add_option_function<std::vector<std::string>>(
            name,
            [&into, name](const std::vector<std::string>& typed) {
                for (const std::string& one : typed) expect_word(name, one);
                into = typed;
            },
            help)
        ->type_name("FIELD")
        ->allow_extra_args(false);
    return *this;
}

Verb& Verb::pairs(
    const std::string& name, std::vector<NameValue>& into, const std::string& help,
    const std::string& shape) {
    app_->add_option_function<std::vector<std::string>>(
            name,
            [&into, name, shape](const std::vector<std::string>& typed) {
                for (const std::string& pair : typed) into.push_back(split_pair(name, pair, shape));
            },
            help)
        ->type_name(shape)
        ->allow_extra_args(false);
    return *this;
}

Verb& Verb::number(const std::string& name, std::uint64_t& into, const std::string& help) {
    app_->add_option_function<std::string>(
            name, [&into, name](const std::string& typed) { into = read_number(name, typed); },
            help)
        ->type_name("NUMBER");
    return *this;
}

Verb& Verb::number(
    const std::string& name, std::optional<std::uint64_t>& into, const std::string& help) {
    app_->add_option_function<std::string>(
            name, [&into, name](const std::string& typed) { into = read_number(name, typed); },
            help)
        ->type_name("NUMBER");
    return *this;
}

Verb& Verb::number_or(
    const std::string& name, std::uint64_t without, std::optional<std::uint64_t>& into,
    const std::string& help) {
    app_->add_option_function<std::string>(
            name,
            [&into, without, name](const std::string& typed) {
                into = typed.empty() ? without : read_number(name, typed);
            },
            help)
        ->expected(0, 1)
        ->type_name("NUMBER");
    return *this;
}

Verb& Verb::duration(
    const std::string& name, std::int64_t& into, const std::string& fallback,
    const std::string& help) {
    into = parse_duration_ms(fallback).value_or(0);
    app_->add_option_function<std::string>(
            name,
            [&into, name](const std::string& typed) {
                const auto parsed = parse_duration_ms(typed);
                if (!parsed) {
                    throw refusal(
                        name, {"usage.duration", {{"typed", typed}}}, {"usage.duration.form"});
                }
                into = *parsed;
            },
            help)
        ->type_name("7d|12h|30m");
    return *this;
}

Verb& Verb::flag(const std::string& name, bool& into, const std::string& help) {
    app_->add_flag(name, into, help);
    return *this;
}

}  // namespace vereda::client
