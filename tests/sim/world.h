#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/actions/actions.h"
#include "engine/queries/queries.h"
#include "engine/sync/roster_change.h"
#include "engine/sync/session.h"
#include "engine/workspace/workspace.h"
#include "server/hub/hub.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/sim/faulty_disk.h"
#include "tests/sim/faulty_files.h"
#include "tests/sim/faulty_vfs.h"

/// Many laptops and a hub in one process and on one thread: virtual clocks, a network that loses,
/// repeats and cuts, disks that forget what was not synced. The code under it is the product's own.
/// Everything follows from one seed.
namespace vereda::sim {

/// The dice of a run.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    [[nodiscard]] std::uint64_t up_to(std::uint64_t bound) {
        return bound == 0 ? 0 : engine_() % bound;
    }
    [[nodiscard]] bool one_in(std::uint64_t n) { return up_to(n) == 0; }
    [[nodiscard]] std::uint64_t seed() { return engine_(); }
    template <class List>
    [[nodiscard]] const auto& pick(const List& list) {
        return list[up_to(std::size(list))];
    }

  private:
    std::mt19937_64 engine_;
};

/// How bad the weather is: a fault happens once in so many chances; 0 never.
struct Weather {
    std::uint64_t lost_request = 12;
    std::uint64_t lost_reply = 12;
    std::uint64_t repeated_request = 12;
    std::uint64_t laptop_power_loss = 40;
    std::uint64_t hub_power_loss = 60;
    std::int64_t clock_offset_max_ms = 0;  ///< Laptops' clocks differ by up to this, either way.
    // A hub that lies, with a member who lends it the turf's key:
    std::uint64_t spoilt_block = 0;  ///< Served with a wrong byte.
    std::uint64_t hollow_block = 0;  ///< Served without some of its entries.
    std::uint64_t dropped_push = 0;  ///< Answered as accepted, and forgotten.
};

/// No fault ever happens.
inline constexpr Weather calm{
    .lost_request = 0,
    .lost_reply = 0,
    .repeated_request = 0,
    .laptop_power_loss = 0,
    .hub_power_loss = 0};

class HubNode {
  public:
    HubNode(engine::Clock& clock, crypto::Entropy& entropy);

    [[nodiscard]] server::HubAnswer handle(const server::HubRequest& request);
    /// Loses power; with a seed, a random part of what was not synced had reached the disk. Then
    /// starts again.
    void lose_power(std::optional<std::uint64_t> torn_seed);
    /// Its host puts a backup in the place of everything, and it begins a new epoch.
    void restore(const FaultyDisk& backup);
    /// The same by an image of the whole machine, which nothing on the disk tells.
    void go_back_to(const FaultyDisk& image);
    [[nodiscard]] std::uint64_t epoch() const { return store_->workspaces().hub_epoch(); }
    /// Its host starts it with other limits.
    void limit(const server::HubLimits& limits);
    /// As after a restore: the leaves stay, their chains begin again.
    void begin_epoch(std::uint64_t epoch);
    [[nodiscard]] protocol::HubEntry entry() const;
    [[nodiscard]] protocol::FoundingToken new_token(crypto::Entropy& entropy);
    [[nodiscard]] FaultyDisk& disk() { return disk_; }

  private:
    void start();

    engine::Clock& clock_;
    crypto::SigningKey key_;
    FaultyDisk disk_;
    FaultyVfs vfs_{disk_};
    server::MemoryTokens tokens_;
    server::HubLimits limits_;
    std::unique_ptr<server::SqliteStore> store_;
    std::unique_ptr<server::Hub> hub_;
};

/// One laptop: its disk, its clock, its vault. `workspace` is null while it has none or is switched
/// off.
class Laptop {
  public:
    Laptop(
        std::string name, std::uint64_t seed, std::int64_t clock_offset_ms,
        engine::FakeClock& world_clock);

    void found(HubNode& hub, const std::string& workspace_name);
    void join(const protocol::InviteCode& code);
    /// Opens the vault, from whatever the disk holds.
    void open();
    void close() { workspace_.reset(); }
    void lose_power(std::optional<std::uint64_t> torn_seed);
    /// Another machine from an image of this one's disk: the same device in every respect but its
    /// dice. Nothing on the disk tells it apart.
    [[nodiscard]] std::unique_ptr<Laptop> clone(
        std::uint64_t seed, engine::FakeClock& world_clock) const;

    [[nodiscard]] engine::Workspace& workspace() { return *workspace_; }
    [[nodiscard]] std::uint64_t roster_size() const { return workspace_->roster().size(); }
    [[nodiscard]] bool is_open() const { return workspace_ != nullptr; }
    [[nodiscard]] engine::People people() {
        return engine::People(*workspace_, {.new_channels = true});
    }
    [[nodiscard]] FaultyDisk& disk() { return disk_; }
    [[nodiscard]] protocol::Millis now() { return clock_.now(); }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::optional<engine::TurfNumber> turf(const protocol::TurfId& id);

    /// Every dot whose action was acknowledged: it must reach everyone.
    std::vector<protocol::Dot> acknowledged;
    void note(engine::LocalDot dot);

  private:
    class OffsetClock final : public engine::Clock {
      public:
        OffsetClock(engine::FakeClock& world, std::int64_t offset_ms)
            : world_(world), offset_ms_(offset_ms) {}
        [[nodiscard]] protocol::Millis now() override { return {world_.now().value + offset_ms_}; }

      private:
        engine::FakeClock& world_;
        std::int64_t offset_ms_;
    };
    [[nodiscard]] engine::KeySecret secret() const {
        return engine::KeySecret::key_file(key_file_);
    }

    std::string name_;
    OffsetClock clock_;
    crypto::SeededEntropy entropy_;
    FaultyDisk disk_;
    FaultyVfs vfs_{disk_};
    FaultyFiles files_{disk_};
    engine::Environment environment_;
    Bytes key_file_;
    std::unique_ptr<engine::Workspace> workspace_;
};

/// Everything of one run. Seeds libsodium's own generator too, so it runs alone in its process at
/// that time.
class World {
  public:
    World(std::uint64_t seed, Weather weather);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// A coordinator's laptop (number 0) with a workspace and these turfs, and `organisers` more
    /// that each joined `turfs` chosen by the dice; at least one.
    void settle(std::size_t organisers, std::size_t turfs);
    Laptop& add_organiser(const std::vector<protocol::TurfId>& turfs);
    /// One that has its invite and has not met the hub yet.
    Laptop& add_laptop(const std::vector<protocol::TurfId>& turfs);
    /// One more laptop that has read the roster and no block from the hub: it is given every block
    /// that the coordinator has in an order of the dice's choice, some of them more than once, some
    /// before it has the roster and the keys to read them.
    Laptop& add_reader_in_any_order();
    protocol::TurfId add_turf() { return add_turf(*laptops[0]); }
    protocol::TurfId add_turf(Laptop& coordinator);
    /// Takes a laptop out of service, by the coordinator's word; the hub knows it at once.
    void retire(Laptop& laptop);

    /// One conversation with the hub in the present weather. True when it came to its end.
    bool sync(Laptop& laptop, bool fair = false);
    /// Good weather, until nobody has anything left to send or to fetch.
    void sync_all();

    /// As below, of the turfs of people alone: a newcomer's name in `common` is not everywhere yet.
    [[nodiscard]] std::string disagreement_about_people();
    /// The same digests on all laptops, turf by turf, and every acknowledged entry with everyone
    /// who holds its turf. An empty text when all is well, else what differs.
    [[nodiscard]] std::string disagreement();

    Dice dice;
    Weather weather;
    engine::FakeClock clock{{1'800'000'000'000}};
    std::vector<std::unique_ptr<Laptop>> laptops;
    std::vector<protocol::TurfId> turfs;
    std::unique_ptr<HubNode> hub;
    std::map<std::string, std::size_t> lies;  ///< How often the hub lied how, and was found out.

  private:
    [[nodiscard]] std::optional<server::HubAnswer> lie_about_push(
        Laptop& laptop, const engine::sync::Message& message);
    [[nodiscard]] server::HubAnswer lie_about_blocks(
        const engine::sync::Message& message, server::HubAnswer answer);
    [[nodiscard]] bool hollow_out(Bytes& block);
    [[nodiscard]] std::string disagreement_about(const std::vector<protocol::TurfId>& some);
    [[nodiscard]] std::vector<engine::BlockOpener::Job> blocks_in_any_order();
    [[nodiscard]] std::optional<server::HubAnswer> exchange(
        Laptop& laptop, const engine::sync::Message& message, bool fair);
    template <class Conversation>
    bool converse(Laptop& laptop, Conversation& conversation, bool fair);

    crypto::SeededEntropy entropy_;
};

}  // namespace vereda::sim
