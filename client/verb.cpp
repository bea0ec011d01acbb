#include "client/verb.h"

#include <CLI/CLI.hpp>
#include <charconv>

#include "client/terminal/duration.h"

namespace vereda::client {
namespace {

CLI::Option* needed(CLI::Option* option, Need need) {
    return need == Need::required ? option->required() : option;
}

NameValue split_pair(const std::string& typed, const std::string& shape) {
    const std::size_t sign = typed.find('=');
    if (sign == std::string::npos || sign == 0) {
        throw CLI::ValidationError("\"" + typed + "\" is not " + shape);
    }
    return {typed.substr(0, sign), typed.substr(sign + 1)};
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

Verb& Verb::choice(
    const std::string& name, std::string& into, const std::vector<std::string>& words,
    const std::string& help, Need need) {
    needed(app_->add_option(name, into, help), need)->check(CLI::IsMember(words));
    return *this;
}

Verb& Verb::texts(
    const std::string& name, std::vector<std::string>& into, const std::string& help, Need need) {
    needed(app_->add_option(name, into, help), need);
    return *this;
}

Verb& Verb::pairs(
    const std::string& name, std::vector<NameValue>& into, const std::string& help,
    const std::string& shape) {
    app_->add_option_function<std::vector<std::string>>(
            name,
            [&into, shape](const std::vector<std::string>& typed) {
                for (const std::string& pair : typed) into.push_back(split_pair(pair, shape));
            },
            help)
        ->type_name(shape)
        ->allow_extra_args(false);
    return *this;
}

Verb& Verb::number(const std::string& name, std::uint64_t& into, const std::string& help) {
    app_->add_option(name, into, help);
    return *this;
}

Verb& Verb::number(
    const std::string& name, std::optional<std::uint64_t>& into, const std::string& help) {
    app_->add_option_function<std::uint64_t>(
        name, [&into](const std::uint64_t& typed) { into = typed; }, help);
    return *this;
}

Verb& Verb::number_or(
    const std::string& name, std::uint64_t without, std::optional<std::uint64_t>& into,
    const std::string& help) {
    app_->add_option_function<std::string>(
            name,
            [&into, without, name](const std::string& typed) {
                std::uint64_t number = without;
                const char* const last = typed.data() + typed.size();
                const auto [end, error] = std::from_chars(typed.data(), last, number);
                if (!typed.empty() && (error != std::errc{} || end != last)) {
                    throw CLI::ValidationError(name + ": \"" + typed + "\" is no number");
                }
                into = number;
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
                if (!parsed) throw CLI::ValidationError(name + ": \"" + typed + "\" is no time");
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
