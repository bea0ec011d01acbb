#include "client/command_line.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <sstream>

#include "client/api/batch_line.h"

using namespace vereda::client;

namespace {

using Words = std::vector<std::string>;

template <class Kind>
Kind typed(Words words) {
    auto parsed = parse_command_line(std::move(words));
    INFO((parsed ? "" : parsed.error().error));
    REQUIRE(parsed);
    REQUIRE(std::holds_alternative<CommandLine>(*parsed));
    auto& command = std::get<CommandLine>(*parsed).command;
    REQUIRE(std::holds_alternative<Kind>(command));
    return std::get<Kind>(command);
}

Settings settings_of(Words words) {
    auto parsed = parse_command_line(std::move(words));
    REQUIRE(parsed);
    return std::get<CommandLine>(*parsed).settings;
}

UsageError refused(Words words) {
    auto parsed = parse_command_line(std::move(words));
    REQUIRE_FALSE(parsed);
    return parsed.error();
}

/// Sets a variable of the environment while it lives.
struct Variable {
    Variable(const char* name_, const char* value) : name(name_) { setenv(name, value, 1); }
    ~Variable() { unsetenv(name); }
    const char* name;
};

}  // namespace

TEST_CASE("fields keep everything behind the first equals sign", "[command_line]") {
    const auto command = typed<ContactAddCommand>(
        {"contact", "add", "--turf", "North", "--set", "notes=a=b c", "--set", "city=", "--add",
         "tags=x"});
    CHECK(command.turf == "North");
    CHECK(command.set == std::vector<NameValue>{{"notes", "a=b c"}, {"city", ""}});
    CHECK(command.add == std::vector<NameValue>{{"tags", "x"}});
}

TEST_CASE("a field without an equals sign is refused", "[command_line]") {
    const UsageError error = refused({"contact", "set", "7k2mq", "--set", "city"});
    CHECK(error.error.find("FIELD=VALUE") != std::string::npos);
    CHECK(error.advice == "Read `vereda contact set --help`.");
}

TEST_CASE("options of the program may stand before and behind the command", "[command_line]") {
    CHECK(settings_of({"--json", "--vault", "/v", "status"}).json);
    CHECK(settings_of({"status", "--json"}).json);
    CHECK(settings_of({"contact", "list", "--vault", "/v"}).vault == "/v");
}

TEST_CASE("a turf may be given several times, or several at once", "[command_line]") {
    const auto one = typed<InviteCommand>(
        {"invite", "--role", "organiser", "--turf", "North", "--turf", "South"});
    CHECK(one.turfs == Words{"North", "South"});
    const auto other =
        typed<InviteCommand>({"invite", "--role", "organiser", "--turf", "North", "South"});
    CHECK(other.turfs == Words{"North", "South"});
}

TEST_CASE("an invite is good for seven days unless it is said", "[command_line]") {
    constexpr std::int64_t day_ms = 24 * 3600 * std::int64_t{1000};
    CHECK(typed<InviteCommand>({"invite", "--role", "auditor"}).valid_for_ms == 7 * day_ms);
    const auto shorter = typed<InviteCommand>({"invite", "--role", "auditor", "--expires", "2d"});
    CHECK(shorter.valid_for_ms == 2 * day_ms);
    CHECK_FALSE(refused({"invite", "--role", "auditor", "--expires", "soon"}).error.empty());
}

TEST_CASE("a role that does not exist is refused", "[command_line]") {
    CHECK_FALSE(refused({"invite", "--role", "boss"}).error.empty());
}

TEST_CASE("sync watches only when told, with a usual interval", "[command_line]") {
    CHECK_FALSE(typed<SyncCommand>({"sync"}).watch_s);
    CHECK(typed<SyncCommand>({"sync", "--watch"}).watch_s == 60U);
    CHECK(typed<SyncCommand>({"sync", "--watch", "5"}).watch_s == 5U);
    CHECK_FALSE(refused({"sync", "--watch", "often"}).error.empty());
}

TEST_CASE("a correction tells what was given from what was not", "[command_line]") {
    const auto command =
        typed<InteractionCorrectCommand>({"interaction", "correct", "4t9ab", "--note", ""});
    REQUIRE(command.note);
    CHECK(command.note->from == PrivateText::From::arguments);
    CHECK(command.note->text.empty());
    CHECK_FALSE(command.outcome);
}

TEST_CASE("retract and restore are told apart", "[command_line]") {
    CHECK_FALSE(typed<ContactHideCommand>({"contact", "retract", "7k2mq"}).restore);
    CHECK(typed<ContactHideCommand>({"contact", "restore", "7k2mq"}).restore);
    CHECK(typed<InteractionHideCommand>({"interaction", "restore", "4t9ab"}).restore);
}

TEST_CASE("an export has a format", "[command_line]") {
    CHECK(typed<ExportCommand>({"export", "--format", "jsonl"}).jsonl);
    const auto csv = typed<ExportCommand>({"export", "--format", "csv", "out.csv"});
    CHECK_FALSE(csv.jsonl);
    CHECK(csv.file == "out.csv");
    CHECK_FALSE(refused({"export"}).error.empty());
}

TEST_CASE("the environment fills what was not typed", "[command_line]") {
    const Variable vault("VEREDA_VAULT", "/from/environment");
    const Variable key("VEREDA_KEY_FILE", "/key");
    CHECK(settings_of({"status"}).vault == "/from/environment");
    CHECK(settings_of({"status"}).key_file == "/key");
    CHECK(settings_of({"--vault", "/typed", "status"}).vault == "/typed");
    const Settings passphrase = settings_of({"--passphrase-file", "/p", "status"});
    CHECK(passphrase.key_file.empty());
    CHECK(passphrase.passphrase_file == "/p");
}

TEST_CASE("passphrase file and key file exclude each other", "[command_line]") {
    CHECK_FALSE(refused({"--passphrase-file", "/p", "--key-file", "/k", "status"}).error.empty());
}

TEST_CASE("the vault lies in the user's data directory unless it is said", "[command_line]") {
    const Variable data("XDG_DATA_HOME", "/data");
    CHECK(settings_of({"status"}).vault == "/data/vereda");
}

TEST_CASE("a usage error knows whether JSON was asked for", "[command_line]") {
    CHECK(refused({"--json", "frobnicate"}).json);
    CHECK_FALSE(refused({"frobnicate"}).json);
}

namespace {

/// Words as a shell takes a line apart, as far as examples go: spaces and double quotes.
Words shell_words(const std::string& line) {
    Words words;
    bool open = false;
    bool quoted = false;
    for (const char letter : line) {
        if (letter == '"') quoted = !quoted;
        if (letter == ' ' && !quoted) open = false;
        if (letter == '"' || (letter == ' ' && !quoted)) continue;
        if (!open) words.emplace_back();
        open = true;
        words.back() += letter;
    }
    return words;
}

/// The lines of a help text that are to be tried.
std::vector<std::string> examples_of(const std::string& help) {
    std::vector<std::string> lines;
    std::istringstream text(help.substr(std::min(help.find("Examples:"), help.size())));
    for (std::string line; std::getline(text, line);) {
        const bool goes_on = !lines.empty() && lines.back().ends_with('\\');
        if (goes_on) lines.back() = lines.back().substr(0, lines.back().size() - 1) + line;
        if (!goes_on && line.starts_with("  ")) lines.push_back(line.substr(2));
    }
    return lines;
}

/// What is behind > is the shell's.
bool can_be_typed(const std::string& example) {
    if (example.starts_with("{")) return parse_batch_line(example, {}).has_value();
    Words words = shell_words(example.substr(0, example.find(" > ")));
    if (words.empty() || words.front() != "vereda") return false;
    words.erase(words.begin());
    const auto parsed = parse_command_line(words);
    return parsed && std::holds_alternative<CommandLine>(*parsed);
}

}  // namespace

TEST_CASE("every command and family has help with examples that can be typed", "[command_line]") {
    const std::vector<Words> commands{
        {},
        {"turf"},
        {"contact"},
        {"consent"},
        {"interaction"},
        {"conflicts"},
        {"audit"},
        {"init"},
        {"join"},
        {"turf", "add"},
        {"turf", "list"},
        {"invite"},
        {"recover"},
        {"passphrase"},
        {"contact", "add"},
        {"contact", "set"},
        {"contact", "show"},
        {"contact", "list"},
        {"contact", "retract"},
        {"contact", "restore"},
        {"search"},
        {"consent", "lift"},
        {"interaction", "add"},
        {"interaction", "correct"},
        {"interaction", "retract"},
        {"interaction", "restore"},
        {"import"},
        {"export"},
        {"batch"},
        {"sync"},
        {"status"},
        {"conflicts", "list"},
        {"conflicts", "settle"},
        {"history"},
        {"audit", "verify"},
        {"audit", "replay"}};
    for (Words words : commands) {
        words.emplace_back("--help");
        CAPTURE(words);
        const auto parsed = parse_command_line(words);
        REQUIRE(parsed);
        REQUIRE(std::holds_alternative<HelpText>(*parsed));
        const auto examples = examples_of(std::get<HelpText>(*parsed).text);
        CHECK_FALSE(examples.empty());
        for (const std::string& example : examples) {
            CAPTURE(example);
            CHECK(can_be_typed(example));
        }
    }
}

TEST_CASE("a note that is left open is asked for, and a lone hyphen is standard input", "[cli]") {
    const Words visit{"interaction", "add", "7k2mq", "--kind", "door", "--outcome", "spoke"};
    const auto note_of = [&](Words more) {
        Words words = visit;
        words.insert(words.end(), more.begin(), more.end());
        return typed<InteractionAddCommand>(words).note;
    };
    using From = PrivateText::From;
    CHECK(note_of({}).from == From::arguments);
    CHECK(note_of({"--note"}).from == From::terminal);
    CHECK(note_of({"--note", "--at", "yesterday"}).from == From::terminal);
    CHECK(note_of({"--note", "-"}).from == From::input);
    CHECK(note_of({"--note", ""}).from == From::arguments);
    CHECK(note_of({"--note", "wants a lift"}).text == "wants a lift");
    const auto correction =
        typed<InteractionCorrectCommand>({"interaction", "correct", "4t9ab", "--note"});
    REQUIRE(correction.note);
    CHECK(correction.note->from == From::terminal);
    CHECK_FALSE(
        typed<InteractionCorrectCommand>({"interaction", "correct", "4t9ab", "--kind", "door"})
            .note);
}

TEST_CASE("fields to ask for are named one by one", "[cli]") {
    using Fields = std::vector<std::string>;
    const auto add = typed<ContactAddCommand>(
        {"contact", "add", "--turf", "North", "--ask", "name", "--ask", "phone"});
    CHECK(add.ask == Fields{"name", "phone"});
    CHECK(
        typed<ContactSetCommand>({"contact", "set", "--ask", "notes", "7k2mq"}).ask ==
        Fields{"notes"});
}

TEST_CASE("help of the program tells the exit codes", "[command_line]") {
    const auto parsed = parse_command_line({"--help"});
    REQUIRE(parsed);
    CHECK(std::get<HelpText>(*parsed).text.find("Exit codes:") != std::string::npos);
}
