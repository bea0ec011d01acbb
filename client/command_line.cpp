#include "client/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "client/commands/commands.h"
#include "client/commands/verb.h"
#include "client/words/catalogue.h"
#include "engine/schema/phone.h"

namespace vereda::client {
namespace {

constexpr std::string_view version = "vereda 0.1.0";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

// Source: XDG Base Directory Specification 0.8.
std::string usual_vault() {
    const std::string data = environment("XDG_DATA_HOME");
    if (!data.empty() && data.front() == '/') return data + "/vereda";
    const std::string home = environment("HOME");
    return home.empty() ? std::string() : home + "/.local/share/vereda";
}

const char* const exit_codes = R"(Exit codes:
  0 done   1 not done   2 the command line is wrong   3 no vault, wrong passphrase, or in use elsewhere
  4 hub not reached   5 refused by the hub   6 the audit found a fault   7 done, except some rows or lines

Examples:
  vereda init --workspace "Barrio Norte" --member Ana --device "Ana's laptop"
  vereda contact list
  vereda status --json
`vereda COMMAND --help` shows a command's options and examples.)";

void expect_phone_region(const std::string& typed) {
    if (engine::is_phone_region(typed)) return;
    throw CLI::ValidationError(
        "--phone-region: " + catalogue().say("usage.phone_region", {{"typed", typed}}) + "\n" +
        catalogue().say("usage.phone_region.form"));
}

void declare_settings(CLI::App& app, Settings& settings) {
    settings.vault = usual_vault();
    app.add_option("--vault", settings.vault, "Directory of the vault")
        ->envname("VEREDA_VAULT")
        ->type_name("DIR")
        ->capture_default_str();
    CLI::Option* passphrase =
        app.add_option(
               "--passphrase-file", settings.passphrase_file,
               "Read the passphrase from the first line of FILE instead of asking "
               "(or VEREDA_PASSPHRASE_FILE)")
            ->type_name("FILE");
    app.add_option(
           "--key-file", settings.key_file,
           "Open the vault with FILE, 32 random bytes or more; for scripts (or VEREDA_KEY_FILE)")
        ->type_name("FILE")
        ->excludes(passphrase);
    app.add_option_function<std::string>(
           "--phone-region",
           [&settings](const std::string& typed) {
               expect_phone_region(typed);
               settings.phone_region = typed;
           },
           "Country of numbers typed without +, such as CO")
        ->envname("VEREDA_PHONE_REGION")
        ->type_name("CC");
    app.add_flag("--json", settings.json, "Answer as JSON, errors as one JSON object");
}

// What was typed beats the environment, whichever of the two it is.
void read_secret_from_environment(Settings& settings) {
    if (!settings.passphrase_file.empty() || !settings.key_file.empty()) return;
    settings.key_file = environment("VEREDA_KEY_FILE");
    if (settings.key_file.empty()) settings.passphrase_file = environment("VEREDA_PASSPHRASE_FILE");
}

bool asks_for_json(const std::vector<std::string>& arguments) {
    return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
}

// Where an error of CLI11 does not say itself what is wanted.
Sentence form_wanted(const CLI::ParseError& error) {
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return {"usage.required"};
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return {"usage.unknown"};
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) return {"usage.how_many"};
    if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) return {"usage.excludes"};
    return {"usage.one_of"};
}

UsageError usage_error(const CLI::App& app, const CLI::ParseError& error, bool json) {
    const CLI::App* typed = &app;
    while (!typed->get_subcommands().empty()) typed = typed->get_subcommands().front();
    std::string path = typed->get_name();
    for (const CLI::App* above = typed->get_parent(); above != nullptr; above = above->get_parent())
        path = above->get_name() + " " + path;
    const std::string what = error.what();
    const std::size_t end = what.find('\n');  // as verb.cpp writes them
    const std::string why =
        end == std::string::npos ? catalogue().say(form_wanted(error)) : what.substr(end + 1);
    return {what.substr(0, end), why, catalogue().say("usage.help", {{"command", path}}), json};
}

}  // namespace

std::expected<std::variant<CommandLine, HelpText>, UsageError> parse_command_line(
    std::vector<std::string> arguments) {
    const bool json = asks_for_json(arguments);
    CommandLine line;
    Chosen chosen;
    CLI::App app("Vereda: contacts and visits of a movement, on laptops that are mostly offline.");
    app.name("vereda");
    app.set_version_flag("--version", std::string(version));
    app.require_subcommand(0, 1);
    app.footer(exit_codes);
    declare_settings(app, line.settings);
    Verb program(app);
    declare_commands(program, chosen);

    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        return HelpText{app.help()};
    } catch (const CLI::CallForVersion&) {
        return HelpText{std::string(version) + "\n"};
    } catch (const CLI::ParseError& error) {
        return std::unexpected(usage_error(app, error, json));
    }
    if (!chosen) {
        return HelpText{app.help()};
    }
    if (line.settings.vault.empty()) {
        return std::unexpected(UsageError{
            catalogue().say("usage.no_vault"), catalogue().say("usage.no_vault.why"),
            catalogue().say("usage.no_vault.advice"), json});
    }
    read_secret_from_environment(line.settings);
    line.command = std::move(*chosen);
    return line;
}

}  // namespace vereda::client
