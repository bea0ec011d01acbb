#include <catch2/catch.hpp>

#include "engine/replay/digest.h"
#include "engine/workspace/intake.h"
#include "protocol/text_id.h"
#include "tests/unit/engine/log/state_seen.h"
#include "tests/unit/protocol/vectors.h"

/// Blocks of a coordinator and an organiser, made by the independent reader: which rows are proven,
/// what became of each entry, and the state (tests/vectors/vereda-events/story.json).
namespace vereda::engine {
namespace {

using Json = nlohmann::json;

template <class Id>
Id id_of(const Json& hex) {
    return *Id::parse(test::from_hex(hex.get_ref<const std::string&>()));
}

const Json& story() {
    static const Json told = test::load_vectors("vereda-events/story.json");
    return told;
}

protocol::TurfId turf() { return id_of<protocol::TurfId>(story().at("epochs").at(0).at("turf")); }

/// A laptop that holds the story's roster and key, and no log of its own.
class Reader {
  public:
    Reader() : roster_(id_of<protocol::WorkspaceId>(story().at("workspace"))) {
        for (const auto& entry : story().at("roster_entries"))
            REQUIRE(roster_.append(test::from_hex(entry.get_ref<const std::string&>())));
        for (const RosterTurf& each : roster_.turfs()) static_cast<void>(store_.number_of(each.id));
        const Bytes key = test::hex_at(story().at("epochs").at(0), "key");
        const SecretSealer sealer(VaultKey(crypto::SecretBytes::copy_of(Bytes(32, 7))));
        REQUIRE(keys_.add(roster_, turf(), {1}, key, store_, sealer));
        start_over();
    }

    void receive(const Json& order) {
        for (const auto& number : order) {
            const std::string wire = story().at("blocks").at(number.get<std::size_t>());
            projection_->begin();
            static_cast<void>(intake_->receive(
                open_block(roster_.workspace(), keys_, test::from_hex(wire), std::nullopt)));
            static_cast<void>(intake_->retry_waiting());
            intake_->settle_proofs();
            projection_->commit();
            if (intake_->must_rebuild()) rebuild();
        }
    }

    std::string digest() {
        return to_text(digest_of_turf(*projection_, store_, store_.number_of(turf())));
    }

    [[nodiscard]] std::vector<bool> rows(const protocol::BlockHash& hash) {
        const auto place = store_.find_block(hash);
        REQUIRE(place);
        const OpenedBlock block = open(store_.block(place->log, place->block_no)->bytes);
        return tests::proven_rows(store_, place->log, *block.payload);
    }

    [[nodiscard]] LocalDot dot(const Json& entry) {
        const auto log = store_.find_log(id_of<protocol::LogId>(entry.at("log")));
        REQUIRE(log);
        return LocalDot::of(*log, {entry.at("seq").get<std::uint64_t>()});
    }

    [[nodiscard]] Projection& projection() { return *projection_; }

  private:
    OpenedBlock open(Bytes wire) {
        OpenedBlock block = open_block(roster_.workspace(), keys_, std::move(wire), std::nullopt);
        REQUIRE(block.payload);
        return block;
    }

    void start_over() {
        projection_ = std::make_unique<Projection>(Projection::Options{});
        replay_ = std::make_unique<Replay>(store_, roster_, *projection_);
        intake_ = std::make_unique<Intake>(store_, roster_, keys_, *replay_);
    }

    void rebuild() {
        start_over();
        for (std::uint32_t log = 1; log <= store_.log_count(); ++log)
            Replay::introduce(store_, {log}, *projection_);
        for (std::uint32_t log = 1; log <= store_.log_count(); ++log) {
            if (!store_.info({log}).described) continue;
            store_.visit_blocks({log}, {0}, [&](const StoredBlock& block) {
                replay_->read_stored({log}, block.entries(), open(block.bytes));
                return true;
            });
        }
    }

    Database database_{DatabaseOptions{.path = {}, .in_memory = true}};
    LogStore store_ = *LogStore::open(database_);
    Roster roster_;
    Keyring keys_;
    std::unique_ptr<Projection> projection_;
    std::unique_ptr<Replay> replay_;
    std::unique_ptr<Intake> intake_;
};

void check_rows(Reader& reader, const Json& step) {
    for (const auto& [hash, rows] : step.at("rows").items()) {
        CAPTURE(hash);
        CHECK(reader.rows(id_of<protocol::BlockHash>(Json(hash))) == rows.get<std::vector<bool>>());
    }
}

void check_entries(Reader& reader, const Json& step) {
    const auto& bound = step.at("bound");
    for (const auto& entry : step.at("entries")) {
        CAPTURE(entry);
        const LocalDot dot = reader.dot(entry);
        CHECK(tests::status_of(reader.projection(), dot) == entry.at("status"));
        const Json name{{"log", entry.at("log")}, {"seq", entry.at("seq")}};
        const bool is_bound = std::find(bound.begin(), bound.end(), name) != bound.end();
        CHECK(tests::is_bound(reader.projection(), dot) == is_bound);
        const protocol::Dot id{id_of<protocol::LogId>(entry.at("log")), dot.seq()};
        CHECK(protocol::text_id(id) == entry.at("id"));
    }
}

}  // namespace

TEST_CASE("blocks made by an independent implementation mean the same here", "[log][vectors]") {
    for (const auto& step : story().at("steps")) {
        CAPTURE(step.at("name"));
        for (const auto& order : step.at("orders")) {
            CAPTURE(order);
            Reader reader;
            reader.receive(order);
            check_rows(reader, step);
            check_entries(reader, step);
            CHECK(reader.digest() == step.at("digest"));
        }
    }
}

}  // namespace vereda::engine
