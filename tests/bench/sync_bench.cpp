#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <thread>

#include "engine/storage/statement.h"
#include "engine/storage/transaction.h"
#include "protocol/http/paths.h"
#include "tests/bench/hub_team.h"

/// Benchmarks through a real hub over HTTPS on loopback. `bench_sync HUB-PROGRAM [NAME…]` prints a
/// line of JSON for each.
using namespace vereda;
using namespace vereda::bench;
using Json = nlohmann::ordered_json;

namespace {

std::string hub_program;

double per(std::uint64_t bytes, std::size_t actions) {
    return static_cast<double>(bytes) / static_cast<double>(actions);
}

// Bytes on the socket, TLS and HTTP included, for one laptop's field day, up and down.
Json wire() {
    const FieldDayWork work = make_field_day({});
    HubTeam team(hub_program);
    for (int i = 0; i < 2; ++i) team.add_laptop();
    team.add_people(work.people);
    HubTeam::sync(team.coordinator());
    for (std::size_t i = 1; i < team.size(); ++i) HubTeam::sync(team.member(i));
    team.play(team.member(1), work.days[0]);
    const auto up = HubTeam::sync(team.member(1));
    const auto down = HubTeam::sync(team.member(2));
    const auto nothing = HubTeam::sync(team.member(2));
    const std::size_t actions = work.days[0].size();
    Json result{
        {"actions", actions},
        {"up_bytes_per_action", per(up.bytes.up, actions)},
        {"down_bytes_per_action", per(down.bytes.down, actions)},
        {"sync_of_nothing_bytes", nothing.bytes.up + nothing.bytes.down}};
    for (const std::size_t size : {std::size_t{1}, std::size_t{20}, std::size_t{50}}) {
        team.play(team.member(1), std::span(work.days[1]).first(size));
        const auto small = HubTeam::sync(team.member(1));
        result["up_bytes_block_of_" + std::to_string(size)] = small.bytes.up;
    }
    result["target"] = "up and down <= 38 bytes per action";
    return result;
}

// A laptop that has joined fetches 10,000 people and 14,000 actions.
Json first_sync() {
    const FieldDayWork work = make_field_day({});
    HubTeam team(hub_program);
    for (std::size_t i = 0; i < work.days.size() + 1; ++i) team.add_laptop();
    team.add_people(work.people);
    HubTeam::sync(team.coordinator());
    for (std::size_t i = 0; i < work.days.size(); ++i) {
        HubTeam::sync(team.member(1 + i));
        team.play(team.member(1 + i), work.days[i]);
        HubTeam::sync(team.member(1 + i), {.pull = false});
    }
    const auto first = HubTeam::sync(team.member(team.size() - 1));
    return {
        {"seconds", first.seconds},
        {"entries", first.report.pulled_entries},
        {"down_mb", static_cast<double>(first.bytes.down) / 1e6},
        {"target", "seconds <= 0.5, down_mb <= 1.2"}};
}

// Twenty devices push at once, each over its own connection; the blocks are made beforehand.
class Devices {
  public:
    Devices(HubTeam& team, std::size_t devices, std::size_t blocks, std::size_t entries) {
        const auto log = make_long_log(blocks * entries, 100);
        for (std::size_t d = 0; d < devices; ++d) {
            engine::Workspace& laptop = team.add_laptop();
            HubTeam::sync(laptop);
            for (std::size_t b = 0; b < blocks; ++b) {
                team.play(laptop, std::span(log).subspan(b * entries, entries));
                laptop.close_blocks();
            }
            pushes_.push_back(Team::own_blocks(laptop));
            laptops_.push_back(&laptop);
        }
    }

    // Seconds until the blocks from `from` on, `count` of each device, were acknowledged,
    // `per_push` of them a message.
    double push(HubTeam& team, std::size_t per_push, std::size_t from, std::size_t count) {
        team.clock().set(std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
        std::vector<std::vector<Bytes>> messages;
        for (const auto& blocks : pushes_) {
            messages.push_back(messages_of(std::span(blocks).subspan(from, count), per_push));
        }
        std::vector<std::thread> threads;
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t d = 0; d < laptops_.size(); ++d) {
            threads.emplace_back([this, &team, &messages, d] { send(team, d, messages[d]); });
        }
        for (std::thread& thread : threads) thread.join();
        VEREDA_ASSERT(failed_ == 0);
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

    [[nodiscard]] const std::vector<std::vector<Bytes>>& blocks() const { return pushes_; }

  private:
    static std::vector<Bytes> messages_of(std::span<const Bytes> blocks, std::size_t per_push) {
        std::vector<Bytes> messages;
        for (std::size_t from = 0; from < blocks.size(); from += per_push) {
            protocol::PushRequest request;
            for (std::size_t i = from; i < std::min(blocks.size(), from + per_push); ++i) {
                request.blocks.push_back(blocks[i]);
            }
            messages.push_back(protocol::encode(request));
        }
        return messages;
    }

    void send(HubTeam& team, std::size_t device, const std::vector<Bytes>& messages) {
        engine::Workspace& laptop = *laptops_[device];
        engine::SystemClock clock;
        crypto::SystemEntropy entropy;
        client::SyncLink link(
            {.hub = team.hub().origin(),
             .pin = team.hub().pin(),
             .hub_key = laptop.roster().hub()->signing_key},
            laptop.identity().keys.http.clone(), clock, entropy);
        const std::string path = http::message_path(laptop.identity().workspace, "push");
        for (const Bytes& message : messages) {
            const auto answer = link.post(path, message);
            if (!answer || answer->status != 200) ++failed_;
        }
    }

    std::vector<engine::Workspace*> laptops_;
    std::vector<std::vector<Bytes>> pushes_;
    std::atomic<int> failed_ = 0;
};

// Seconds for the same rows in plain SQLite, `per_commit` at a time.
double plain_rows(
    const std::string& path, const std::vector<std::vector<Bytes>>& blocks, std::size_t from,
    std::size_t count, std::size_t per_commit) {
    std::filesystem::remove(path);
    engine::Database database({.path = path});
    database.exec("CREATE TABLE blocks(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
    engine::Statement insert(database, "INSERT INTO blocks(bytes) VALUES (?1)");
    std::vector<const Bytes*> rows;
    for (const auto& list : blocks) {
        for (const Bytes& block : std::span(list).subspan(from, count)) rows.push_back(&block);
    }
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < rows.size(); at += per_commit) {
        engine::Transaction transaction(database);
        for (std::size_t i = at; i < std::min(rows.size(), at + per_commit); ++i)
            insert.run(*rows[i]);
        transaction.commit();
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What the hub has committed so far.
struct Groups {
    double requests;
    double commits;

    [[nodiscard]] double pushes_per_commit_since(const Groups& before) const {
        return (requests - before.requests) / (commits - before.commits);
    }
};

Groups groups_of(const HubProcess& hub) {
    return {hub.metric("vereda_group_requests_sum"), hub.metric("vereda_group_requests_count")};
}

/// The hub, and plain SQLite right after it: seconds for the same blocks.
struct Round {
    double hub;
    double plain;
    double pushes_per_commit;
    [[nodiscard]] double ratio() const { return plain / hub; }
};

Json hub_throughput() {
    Json result;
    {
        HubTeam team(hub_program);
        team.add_people(make_field_day({.people = 100, .laptops = 1}).people);
        HubTeam::sync(team.coordinator());
        constexpr std::size_t devices = 20, pushes = 200;
        Devices small(team, devices, pushes, 1);
        result["one_entry_pushes_per_s"] = devices * pushes / small.push(team, 1, 0, pushes);
    }
    HubTeam team(hub_program);
    team.add_people(make_field_day({.people = 100, .laptops = 1}).people);
    HubTeam::sync(team.coordinator());
    constexpr std::size_t devices = 20, blocks = 100, entries = 511, per_push = 20, rounds = 5;
    Devices full(team, devices, rounds * blocks, entries);
    const double n = devices * blocks * entries;
    std::vector<Round> done;
    for (std::size_t round = 0; round < rounds; ++round) {
        const Groups before = groups_of(team.hub());
        const double hub = full.push(team, per_push, round * blocks, blocks);
        const double groups = groups_of(team.hub()).pushes_per_commit_since(before);
        const double plain = plain_rows(
            team.hub().directory() + "/../plain.db", full.blocks(), round * blocks, blocks,
            static_cast<std::size_t>(std::lround(per_push * groups)));
        done.push_back({hub, plain, groups});
    }
    std::ranges::sort(done, {}, &Round::ratio);
    const Round& median = done[rounds / 2];
    team.hub().stop();
    const auto stored = [&] {
        std::uint64_t bytes = 0;
        for (const auto& file : std::filesystem::directory_iterator(team.hub().directory())) {
            if (file.path().extension() == ".db") bytes += file.file_size();
        }
        return static_cast<double>(bytes);
    };
    result["full_block_entries_per_s"] = n / median.hub;
    result["plain_sqlite_entries_per_s"] = n / median.plain;
    result["pushes_per_commit"] = median.pushes_per_commit;
    result["ratio_to_plain"] = median.ratio();
    result["ratio_of_each_round"] = Json::array();
    for (const Round& round : done) result["ratio_of_each_round"].push_back(round.ratio());
    result["hub_bytes_per_action"] = stored() / (n * rounds);
    result["target"] = ">= 2000 pushes/s; >= 500000 entries/s and ratio >= 0.4; hub bytes <= 40";
    return result;
}

struct Benchmark {
    const char* name;
    Json (*run)();
};
constexpr Benchmark benchmarks[] = {
    {"wire", wire}, {"first-sync", first_sync}, {"hub", hub_throughput}};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: bench_sync HUB-PROGRAM [NAME…]\n";
        return 2;
    }
    hub_program = argv[1];
    for (const Benchmark& benchmark : benchmarks) {
        const bool wanted = argc == 2 || std::any_of(argv + 2, argv + argc, [&](const char* name) {
                                return std::strcmp(name, benchmark.name) == 0;
                            });
        if (!wanted) continue;
        Json line{{"name", benchmark.name}};
        line.update(benchmark.run());
        std::cout << line.dump() << std::endl;
    }
}
