#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "client/commands/threaded_opener.h"
#include "engine/queries/queries.h"
#include "tests/bench/team.h"

/// Benchmarks of the engine by user story. `engine_bench NAME…` prints one line of JSON for each;
/// scripts/bench runs them.
using namespace vereda;
using namespace vereda::bench;
using Json = nlohmann::ordered_json;

namespace {

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double status_mib(std::string_view what) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(what)) return std::stod(line.substr(what.size())) / 1024;
    }
    return 0;
}
double resident_mib() { return status_mib("VmRSS:"); }

// The most that was resident since `forget_peak`.
double peak_mib() { return status_mib("VmHWM:"); }
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

std::uint64_t file_sizes(const std::string& directory, std::string_view prefix) {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.path().filename().string().starts_with(prefix)) bytes += entry.file_size();
    }
    return bytes;
}

// One durable action against the same sealed row in plain SQLite, taking turns.
Json durable_action() {
    Team team(1);
    team.add_people(make_field_day({.people = 1000, .laptops = 1}).people);
    team.share_people();
    engine::Workspace& workspace = team.laptop(0);
    const auto log = make_long_log(4000, 1000);
    engine::Database plain({.path = team.directory(9) + ".plain.db"});
    plain.exec("CREATE TABLE rows(id INTEGER PRIMARY KEY, from_outside INTEGER, sealed BLOB)");
    engine::Statement insert(plain, "INSERT INTO rows(from_outside, sealed) VALUES (0, ?1)");
    std::vector<double> ours, theirs;
    for (std::size_t i = 0; i + 1 < log.size(); ++i) {
        ours.push_back(seconds_of([&] {
            const Deed& deed = log[i];
            protocol::InteractionCreate event{
                .kind = {1, {}}, .outcome = {1, {}}, .note = deed.note};
            static_cast<void>(workspace.append(
                team.turf_of(workspace), {.type = protocol::EventType::interaction_create,
                                          .parent = team.person(workspace, deed.person),
                                          .body = protocol::encode(event)}));
        }));
        const Bytes row(160, static_cast<std::uint8_t>(i));
        theirs.push_back(seconds_of([&] { insert.run(row); }));
    }
    const double p50 = percentile(ours, 0.5) * 1e6, plain_p50 = percentile(theirs, 0.5) * 1e6;
    return {
        {"p50_us", p50},
        {"p99_us", percentile(ours, 0.99) * 1e6},
        {"plain_sqlite_p50_us", plain_p50},
        {"plain_sqlite_p99_us", percentile(theirs, 0.99) * 1e6},
        {"ratio_p50", p50 / plain_p50},
        {"target", "ratio <= 1.25"}};
}

// Verify, open, commit to log.db: what any reader has to do, without merge and projection.
double bare_loop(
    engine::Workspace& workspace, const std::vector<Bytes>& blocks, const std::string& path) {
    return seconds_of([&] {
        engine::Database database({.path = path});
        database.exec("CREATE TABLE blocks(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
        engine::Statement insert(database, "INSERT INTO blocks(bytes) VALUES (?1)");
        std::uint64_t checksum = 0;
        for (std::size_t from = 0; from < blocks.size(); from += 100) {
            engine::Transaction transaction(database);
            for (std::size_t i = from; i < std::min(blocks.size(), from + 100); ++i) {
                const engine::OpenedBlock block = engine::open_block(
                    workspace.roster().workspace(), workspace.keyring(), blocks[i], std::nullopt);
                VEREDA_ASSERT(block.payload);
                for (const protocol::Slot& slot : block.payload->slots) {
                    const auto entry = protocol::parse_entry(slot.bytes);
                    const auto event = protocol::parse_interaction_create(entry->body);
                    checksum += event ? event->kind.code : 0;
                }
                insert.run(blocks[i]);
            }
            transaction.commit();
        }
        VEREDA_ASSERT(checksum != 0);
    });
}

struct ReplayOptions {
    std::size_t entries = 1'000'000;
    std::size_t people = 10'000;
    bool index_notes = false;
};

// A coordinator receives a long log that another laptop wrote, in full blocks.
Json replay(const ReplayOptions& options) {
    Team team(2, {.index_notes = options.index_notes});
    team.add_people(make_field_day({.people = options.people, .laptops = 1}).people);
    team.share_people();
    {
        const auto log = options.index_notes
                             ? make_wordy_log(options.entries, options.people, 30'000)
                             : make_long_log(options.entries, options.people);
        team.play(team.laptop(0), log);
    }
    const std::vector<Bytes> blocks = Team::own_blocks(team.laptop(0));
    team.shut(1);
    const double bare = bare_loop(team.coordinator(), blocks, team.directory(8) + ".bare.db");
    engine::DirectOpener direct;
    const double one_thread =
        seconds_of([&] { Team::receive(team.coordinator(), blocks, direct, 100); });
    client::ThreadedOpener threaded;
    const double two_threads =
        seconds_of([&] { Team::receive(team.laptop(1), blocks, threaded, 100); });
    const auto n = static_cast<double>(options.entries);
    return {{"entries", options.entries},           {"people", options.people},
            {"notes_indexed", options.index_notes}, {"bare_per_s", n / bare},
            {"one_thread_per_s", n / one_thread},   {"ratio_to_bare", bare / one_thread},
            {"two_threads_per_s", n / two_threads}, {"resident_mib", resident_mib()}};
}

Json replay_10k() {
    Json all;
    all["long"] = replay({});
    all["short"] = replay({.entries = 10'000});
    all["dearer_when_long"] = all["short"]["one_thread_per_s"].get<double>() /
                              all["long"]["one_thread_per_s"].get<double>();
    all["target"] = "ratio_to_bare >= 0.45, two_threads_per_s >= 300000, dearer_when_long <= 1.3";
    return all;
}

Json replay_100k() {
    Json result = replay({.people = 100'000});
    result["target"] = "ratio_to_bare >= 0.38";
    return result;
}

Json replay_notes() {
    Json result = replay({.people = 100'000, .index_notes = true});
    result["target"] = "one_thread_per_s >= 110000";
    return result;
}

// The field day of twenty laptops, merged on a coordinator that has the people.
Json field_day() {
    const FieldDayWork work = make_field_day({});
    Team team(work.days.size());
    team.add_people(work.people);
    team.share_people();
    std::vector<Bytes> blocks;
    for (std::size_t i = 0; i < work.days.size(); ++i) {
        team.play(team.laptop(i), work.days[i]);
        for (Bytes& block : Team::own_blocks(team.laptop(i))) blocks.push_back(std::move(block));
    }
    engine::DirectOpener opener;
    const double seconds =
        seconds_of([&] { Team::receive(team.coordinator(), blocks, opener, 100); });
    engine::Database& projection = team.coordinator().projection().database();
    engine::Statement visits(projection, "SELECT count(*) FROM interactions");
    engine::Statement conflicts(projection, "SELECT sum(conflicts) FROM contacts");
    std::size_t bytes = 0;
    for (const Bytes& block : blocks) bytes += block.size();
    return {
        {"merge_ms", seconds * 1e3},
        {"actions", 14'000},
        {"interactions", visits.query_integer().value_or(0)},
        {"conflicts", conflicts.query_integer().value_or(0)},
        {"block_bytes_per_action", static_cast<double>(bytes) / 14'000},
        {"target", "merge_ms <= 150; 10000 interactions, 189 conflicts"}};
}

// Bytes on a laptop's disk per action, besides the snapshot, for blocks of several sizes.
Json disk() {
    Json result;
    const std::size_t actions = 50'000;
    for (const std::size_t block_entries : {std::size_t{511}, std::size_t{50}}) {
        Team team(1);
        team.add_people(make_field_day({.people = 10'000, .laptops = 1}).people);
        team.share_people();
        engine::Workspace& workspace = team.laptop(0);
        workspace.store().database().checkpoint();
        const std::uint64_t before = file_sizes(team.directory(1), "log.db");
        team.play(workspace, make_long_log(actions, 10'000), block_entries, true);
        workspace.store().database().checkpoint();
        const std::uint64_t after = file_sizes(team.directory(1), "log.db");
        std::size_t wire = 0;
        for (const Bytes& block : Team::own_blocks(workspace)) wire += block.size();
        result["laptop_bytes_per_action_" + std::to_string(block_entries)] =
            static_cast<double>(after - before) / static_cast<double>(actions);
        result["block_bytes_per_action_" + std::to_string(block_entries)] =
            static_cast<double>(wire) / static_cast<double>(actions);
    }
    result["target"] = "laptop <= 45 in full blocks, <= 65 in blocks of 50";
    return result;
}

// Opening a vault of 100,000 people and a million visits, with a snapshot and without.
Json open_vault() {
    Team team(1);
    team.add_people(make_field_day({.people = 100'000, .laptops = 1}).people);
    team.share_people();
    team.play(team.laptop(0), make_long_log(1'000'000, 100'000));
    team.shut(0);
    const double before = resident_mib();
    forget_peak();
    const double writing = seconds_of([&] { team.laptop(0).save_snapshot(true); });
    const double peak = peak_mib();
    team.shut(1);
    const double opening = seconds_of([&] { team.reopen(1, {}); });
    VEREDA_ASSERT(!team.laptop(0).opening().rebuilt);
    const double resident = resident_mib();
    team.shut(1);
    std::filesystem::remove(team.directory(1) + "/projection.snapshot");
    client::ThreadedOpener threaded;
    const double rebuilding = seconds_of([&] { team.reopen(1, {.opener = &threaded}); });
    VEREDA_ASSERT(team.laptop(0).opening().rebuilt);
    return {
        {"open_s", opening},
        {"resident_mib", resident},
        {"resident_before_snapshot_mib", before},
        {"peak_mib", peak},
        {"write_snapshot_s", writing},
        {"rebuild_s", rebuilding},
        {"target", "open_s <= 0.8, resident <= 300, peak while writing <= 360, rebuild_s <= 8"}};
}

struct Benchmark {
    const char* name;
    Json (*run)();
};
constexpr Benchmark benchmarks[] = {
    {"durable-action", durable_action},
    {"replay", replay_10k},
    {"replay-100k", replay_100k},
    {"replay-notes", replay_notes},
    {"field-day", field_day},
    {"disk", disk},
    {"open", open_vault},
};

}  // namespace

int main(int argc, char** argv) {
    for (const Benchmark& benchmark : benchmarks) {
        const bool wanted = argc == 1 || std::any_of(argv + 1, argv + argc, [&](const char* name) {
                                return std::strcmp(name, benchmark.name) == 0;
                            });
        if (!wanted) continue;
        Json line{{"name", benchmark.name}};
        line.update(benchmark.run());
        std::cout << line.dump() << std::endl;
    }
}
