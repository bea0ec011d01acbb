#pragma once

#include <map>

#include "engine/roster/roster_writer.h"
#include "protocol/log/block.h"
#include "server/hub/hub.h"
#include "server/store/sqlite/sqlite_store.h"

/// A hub on an in-memory store, and people who speak to it.
namespace vereda::server::test {

/// One device with its keys, writing blocks of noise: the hub cannot tell the difference.
struct Laptop {
    engine::DeviceSecrets keys;
    protocol::MemberId member;

    explicit Laptop(crypto::Entropy& entropy)
        : keys(engine::DeviceSecrets::generate(entropy)), member{entropy.bytes<16>()} {}
};

class HubWorld;

/// An empty store, gone with its connection.
[[nodiscard]] std::unique_ptr<SqliteStore> memory_store();

/// One log of a laptop, as far as its author has written it. Its blocks name the roster as the
/// founder knows it when they are written.
class BlockLog {
  public:
    BlockLog(HubWorld& world, const Laptop& author, const protocol::TurfId& turf);

    /// The next block, of `entries` entries and a payload of `size` random bytes.
    [[nodiscard]] Bytes next(std::uint32_t entries = 1, std::size_t size = 300);
    [[nodiscard]] protocol::LogId id() const;
    /// Forgets the last blocks, as a restored copy does, so that `next` writes another branch.
    void go_back_to(std::uint64_t block_no);
    /// The next block's entries begin by so many numbers too far on.
    void shift_seq(std::int64_t by) {
        places_.back().first_seq.value += static_cast<std::uint64_t>(by);
    }
    /// What the next blocks name of the roster instead.
    std::optional<protocol::RosterPosition> named_position;
    std::optional<protocol::RosterHash> named_hash;

  private:
    struct Place {
        protocol::Seq first_seq{1};
        protocol::BlockHash previous;
    };
    HubWorld& world_;
    const Laptop& author_;
    protocol::Core core_;
    std::vector<Place> places_;
};

/// A workspace with a founder, the turfs `east` and `west`, and a hub that has it.
class HubWorld {
  public:
    explicit HubWorld(HubLimits limits = {}, std::unique_ptr<SqliteStore> on = memory_store());

    crypto::SeededEntropy entropy{7};
    engine::FakeClock clock{{1'800'000'000'000}};
    std::unique_ptr<SqliteStore> store;
    MemoryTokens tokens;
    crypto::SigningKey hub_key;
    std::unique_ptr<Hub> hub;

    Laptop founder;
    protocol::WorkspaceId workspace;
    engine::Roster roster;  ///< As the founder knows it.
    protocol::TurfId east, west;
    protocol::FoundRequest founding;

    /// Signs and appends an entry of the founder's.
    void write(protocol::RosterBody body);
    /// Opens the hub again on the same store.
    void restart(HubLimits limits = {});
    HubAnswer ask(const Laptop& by, protocol::MessageName name, Bytes body);
    /// Appends an entry of the founder's at the hub and to `roster`.
    void append(const engine::WrittenEntry& entry, std::optional<ByteArray<32>> share = {});
    engine::Invited invite(protocol::Role role, std::vector<protocol::TurfId> turfs);
    /// An organiser of these turfs, enrolled.
    Laptop organiser(std::vector<protocol::TurfId> turfs);
    [[nodiscard]] Bytes enrolment(const engine::Invited& invited, const Laptop& newcomer) const;
    [[nodiscard]] engine::RosterWriter writer();
    /// An entry that takes the device out of service, signed by the founder.
    void retire(const Laptop& laptop);
    /// Reads the hub's roster entries into `roster`.
    void catch_up();

    protocol::PushAnswer push(
        const Laptop& by, std::vector<Bytes> blocks,
        std::uint64_t version = protocol::push_version);
    protocol::PulledTurf pull(const Laptop& by, const protocol::PullCursor& cursor);
    /// Whole stream, from the beginning.
    std::vector<Bytes> pull_all(const Laptop& by, const protocol::TurfId& turf);

  private:
    void found();
    protocol::TurfId create_turf();
    std::map<protocol::TurfId, crypto::SecretBytes> turf_keys_;
    const crypto::SecretBytes* key_of(const protocol::TurfId& turf) const;
};

/// The refusal in an answer that is one.
[[nodiscard]] protocol::Refusal refusal_of(const HubAnswer& answer);
/// A cursor at the end that `turf` was pulled to.
[[nodiscard]] protocol::PullCursor cursor_at(const protocol::PulledTurf& turf);

}  // namespace vereda::server::test
