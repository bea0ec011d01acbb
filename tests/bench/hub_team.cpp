#include "tests/bench/hub_team.h"

#include <chrono>
#include <cstdio>
#include <curl/curl.h>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "client/commands/threaded_opener.h"
#include "protocol/http/paths.h"

namespace vereda::bench {
namespace {

using engine::Workspace;

std::int64_t wall_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Runs a program and returns its first line of output; `process` gets its id.
std::string start_program(const std::vector<std::string>& arguments, pid_t& process) {
    int pipe_ends[2];
    if (::pipe(pipe_ends) != 0) throw std::runtime_error("no pipe");
    process = ::fork();
    if (process == 0) {
        ::dup2(pipe_ends[1], STDOUT_FILENO);
        ::close(pipe_ends[0]);
        ::freopen("/dev/null", "w", stderr);
        std::vector<char*> argv;
        for (const std::string& argument : arguments)
            argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(pipe_ends[1]);
    std::string line;
    for (char c = 0; ::read(pipe_ends[0], &c, 1) == 1 && c != '\n';) line += c;
    return line;
}

ByteArray<32> from_hex(const std::string& text) {
    ByteArray<32> bytes{};
    for (std::size_t i = 0; i < bytes.size() && 2 * i + 1 < text.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(std::stoul(text.substr(2 * i, 2), nullptr, 16));
    }
    return bytes;
}

std::size_t append_text(char* bytes, std::size_t, std::size_t size, void* text) {
    static_cast<std::string*>(text)->append(bytes, size);
    return size;
}

// What our own hub answers to anyone: nothing is signed, and no certificate is looked at.
std::string get(const std::string& url) {
    std::string text;
    CURL* curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_text);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &text);
    const CURLcode result = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
    return text;
}

template <class Value>
Value or_throw(client::Or<Value> result) {
    if (!result) throw std::runtime_error("the client says: " + result.error().code);
    return std::move(*result);
}

}  // namespace

HubProcess::HubProcess(const std::string& program, std::string directory)
    : program_(program), directory_(std::move(directory)) {
    const std::string line = start_program(
        {program_, "serve", "--data", directory_, "--listen", "127.0.0.1:0"}, process_);
    const auto ready = nlohmann::json::parse(line);
    origin_ = http::parse_origin(ready.at("url").get<std::string>()).value();
    const auto pin = http::parse_pin(ready.at("pin").get<std::string>());
    VEREDA_ASSERT(pin);
    pin_ = *pin;
}

HubProcess::~HubProcess() { stop(); }

void HubProcess::stop() {
    if (process_ == 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

protocol::FoundingToken HubProcess::token() const {
    pid_t process = 0;
    const auto answer =
        nlohmann::json::parse(start_program({program_, "token", "--data", directory_}, process));
    ::waitpid(process, nullptr, 0);
    const ByteArray<32> bytes = from_hex(answer.at("token").get<std::string>());
    return *protocol::FoundingToken::parse(ByteView(bytes).first(16));
}

double HubProcess::metric(const std::string& name) const {
    const std::string text =
        "\n" + get("https://" + origin_.authority() + std::string(http::metrics_path));
    const std::size_t at = text.find("\n" + name + " ");
    VEREDA_ASSERT(at != std::string::npos);
    return std::stod(text.substr(at + name.size() + 2));
}

HubTeam::HubTeam(const std::string& hub_program) : hub_(hub_program, scratch_.path("hub")) {
    clock_.set(wall_ms());
    client::SyncLink link(
        {.hub = hub_.origin(), .pin = hub_.pin()}, crypto::SigningKey::generate(entropy_), clock_,
        entropy_);
    const protocol::HubCard card = or_throw(client::read_hub_card(link));
    const protocol::HubEntry entry{
        .url = card.public_url,
        .pin = hub_.pin(),
        .signing_key = card.signing_key,
        .epoch = card.hub_epoch};
    auto founded = Workspace::found(
        environment_, scratch_.path("member-0"), engine::KeySecret::key_file(key_file_),
        {{"Carla", "office"}, "Bench", entry, hub_.token()}, {});
    members_.push_back(std::move(founded->workspace));
    sync(coordinator());
    std::optional<engine::TurfMade> made;
    engine::sync::RosterChange change(coordinator(), [&](const engine::RosterWriter& writer) {
        made = std::move(*writer.create_turf());
        return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
            {made->entries, std::nullopt});
    });
    client::HubLine line = or_throw(client::HubLine::to_hub_of(coordinator()));
    if (!line.run(change)) throw std::runtime_error("the hub took no turf");
    turf_ = made->turf;
    VEREDA_ASSERT(coordinator().add_key(turf_, {1}, made->key.view()));
}

Workspace& HubTeam::add_laptop() {
    clock_.set(wall_ms());
    std::optional<protocol::InviteCode> code;
    engine::sync::TurfKeys keys(coordinator().keyring());
    engine::sync::RosterChange change(coordinator(), [&](const engine::RosterWriter& writer) {
        auto invited = writer.invite({.turfs = {turf_}}, keys.source(), clock_);
        code = invited->code;
        return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
            {{invited->entry}, protocol::InviteShare{invited->share}});
    });
    client::HubLine line = or_throw(client::HubLine::to_hub_of(coordinator()));
    if (!line.run(change)) throw std::runtime_error("the hub took no invite");
    auto joined = Workspace::join(
        environment_, scratch_.path("member-" + std::to_string(members_.size())),
        engine::KeySecret::key_file(key_file_), {"Member", "laptop"}, *code, {});
    members_.push_back(std::move(joined->workspace));
    sync(*members_.back());
    return *members_.back();
}

engine::TurfNumber HubTeam::turf_of(Workspace& workspace) const {
    return workspace.number_of(turf_);
}

HubTeam::Synced HubTeam::sync(Workspace& workspace, engine::sync::Plan plan) {
    client::ThreadedOpener opener;
    static_cast<PlayedClock&>(workspace.environment().clock).set(wall_ms());
    const auto start = std::chrono::steady_clock::now();
    engine::sync::Session session(workspace, opener, plan);
    client::HubLine line = or_throw(client::HubLine::to_hub_of(workspace));
    Synced synced{.report = or_throw(line.run(session))};
    synced.bytes = line.close();
    synced.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return synced;
}

void HubTeam::add_people(const std::vector<Person>& people) {
    coordinator().begin_group();
    for (const Person& person : people) {
        const engine::LocalDot dot =
            coordinator().append(turf_of(coordinator()), person_draft(person));
        people_.push_back({coordinator().store().info(dot.log()).log, dot.seq()});
    }
    coordinator().commit_group();
}

void HubTeam::play(Workspace& workspace, std::span<const Deed> deeds) {
    workspace.begin_group();
    const std::int64_t later = wall_ms() - deeds.back().at_ms;  // the day ends with the sync
    for (const Deed& deed : deeds) {
        clock_.set(deed.at_ms + later);
        const protocol::Dot& person = people_[deed.person];
        const engine::LocalDot who =
            engine::LocalDot::of(*workspace.store().find_log(person.log), person.seq);
        static_cast<void>(workspace.append(
            turf_of(workspace),
            deed.visit ? visit_draft(who, deed) : edit_draft(workspace, who, deed)));
    }
    workspace.commit_group();
}

}  // namespace vereda::bench
