#include <catch2/catch.hpp>
#include <chrono>
#include <random>
#include <thread>

#include "engine/storage/system_files.h"
#include "folder.h"
#include "hub_client.h"
#include "hub_world.h"
#include "protocol/http/message_signature.h"
#include "protocol/sync/leaf.h"
#include "server/data/hub_data.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::MessageName;

namespace {

/// A founded workspace on a hub in its own process.
struct Office {
    Folder folder;
    std::string data = folder / "hub";
    HubWorld world;  ///< For keys and entries; its own hub is not asked.
    std::optional<HubProcess> hub;

    Office() {
        start();
        engine::SystemFiles files;
        crypto::SystemEntropy entropy;
        FileTokens tokens(files, HubData::tokens_path(data));
        protocol::FoundRequest request = world.founding;
        request.token = tokens.issue(entropy);  // beside the running hub
        HubClient client(hub->url());
        const auto answer = client.post(
            world.workspace, MessageName::found, encode(request), world.founder.keys.http);
        REQUIRE(answer);
        REQUIRE(answer->status == 200);
    }
    void start() { hub.emplace(data); }

    std::optional<protocol::PushAnswer> push(HubClient& client, std::vector<Bytes> blocks) {
        const auto answer = client.post(
            world.workspace, MessageName::push, encode(protocol::PushRequest{std::move(blocks)}),
            world.founder.keys.http);
        if (!answer || answer->status != 200) return std::nullopt;
        const auto parsed = protocol::parse_push_answer(answer->body);
        return parsed ? std::optional(*parsed) : std::nullopt;
    }
    std::vector<protocol::ServedBlock> pull_all(HubClient& client) {
        std::vector<protocol::ServedBlock> blocks;
        protocol::PullCursor cursor;
        cursor.turf = world.roster.common();
        for (bool more = true; more;) {
            const auto answer = client.post(
                world.workspace, MessageName::pull, encode(protocol::PullRequest{{cursor}}),
                world.founder.keys.http);
            REQUIRE(answer);
            REQUIRE(answer->status == 200);
            const auto parsed = protocol::parse_pull_answer(answer->body);
            REQUIRE(parsed);
            const protocol::PulledTurf& turf = parsed->turfs.at(0);
            REQUIRE(turf.outcome == protocol::PullOutcome::chunk);
            blocks.insert(blocks.end(), turf.blocks.begin(), turf.blocks.end());
            cursor = cursor_at(turf);
            more = turf.more;
        }
        return blocks;
    }
};

}  // namespace

TEST_CASE("the program answers health, metrics and its card", "[program]") {
    Office office;
    HubClient client(office.hub->url());
    CHECK(as_text(client.get("/healthz")->body) == "ok\n");
    const auto card = protocol::parse_hub_card(client.get("/v1/hub")->body);
    REQUIRE(card);
    CHECK(card->public_url == office.hub->url());
    CHECK(card->hub_epoch == 1);
    BlockLog log(office.world, office.world.founder, office.world.roster.common());
    log.named_position.emplace();  // this hub has the founding alone
    REQUIRE(office.push(client, {log.next(3)}));
    const auto metrics = client.get("/metrics");
    const std::string text(as_text(metrics->body));
    CHECK(text.find("vereda_blocks_total 1\n") != std::string::npos);
    CHECK(text.find("vereda_entries_total 3\n") != std::string::npos);
    CHECK(
        text.find("vereda_requests_total{message=\"push\",status=\"200\"} 1\n") !=
        std::string::npos);
    CHECK(client.get("/nothing")->status == 404);
}

TEST_CASE("answers are signed by the hub, refusals too", "[program]") {
    Office office;
    HubClient client(office.hub->url());
    const auto card = protocol::parse_hub_card(client.get("/v1/hub")->body);
    REQUIRE(card);
    const HubWorld& world = office.world;
    for (const MessageName name : {MessageName::roster_read, MessageName::wraps_read}) {
        const http::Request request = client.signed_request(
            world.workspace, name, encode(protocol::RosterReadRequest{}), world.founder.keys.http);
        const auto response = client.send(request);
        REQUIRE(response);
        CHECK(response->status == (name == MessageName::roster_read ? 200 : 400));
        const auto signature = http::verify_response(*response, http::line_of(request));
        REQUIRE(signature);
        CHECK(signature->key == card->signing_key);
    }
}

TEST_CASE("a request that is unsigned, repeated, changed or a stranger's is refused", "[program]") {
    Office office;
    HubClient client(office.hub->url());
    const HubWorld& world = office.world;
    const auto refusal = [&](const http::Request& request) {
        const auto response = client.send(request);
        REQUIRE(response);
        return refusal_of({response->status, response->body});
    };
    const Bytes body = encode(protocol::RosterReadRequest{});
    const auto good = [&] {
        return client.signed_request(
            world.workspace, MessageName::roster_read, body, world.founder.keys.http);
    };
    const http::Request once = good();
    CHECK(client.send(once)->status == 200);
    CHECK(refusal(once) == protocol::Refusal::repeated);

    http::Request changed = good();
    changed.body.push_back(0);
    CHECK(refusal(changed) == protocol::Refusal::bad_signature);
    http::Request elsewhere = good();
    elsewhere.target.replace(elsewhere.target.find("roster-read"), 11, "push");
    CHECK(refusal(elsewhere) == protocol::Refusal::bad_signature);
    http::Request bare = good();
    bare.headers = {{"content-type", "application/cbor"}};
    CHECK(refusal(bare) == protocol::Refusal::bad_signature);

    crypto::SystemEntropy entropy;
    const Laptop stranger(entropy);
    CHECK(
        refusal(client.signed_request(
            world.workspace, MessageName::roster_read, body, stranger.keys.http)) ==
        protocol::Refusal::bad_signature);
    http::Request nameless = good();
    nameless.target = "/v1/" + std::string(64, '0') + "/nonsense";
    CHECK(refusal(nameless) == protocol::Refusal::unknown_name);
    CHECK(client.send(good())->status == 200);
}

TEST_CASE("SIGTERM ends the program in order", "[program]") {
    Office office;
    CHECK(office.hub->stop() == 0);
    office.start();
    HubClient client(office.hub->url());
    CHECK(office.pull_all(client).empty());
}

TEST_CASE("what was acknowledged is there after kill -9 at any moment", "[program]") {
    Office office;
    BlockLog log(office.world, office.world.founder, office.world.roster.common());
    log.named_position.emplace();  // this hub has the founding alone
    std::mt19937 random(4);
    std::vector<Bytes> written;
    std::size_t acknowledged = 0;
    for (int round = 0; round < 8; ++round) {
        std::thread killer([&, ms = random() % 120] {
            std::this_thread::sleep_for(std::chrono::milliseconds(ms));
            office.hub->kill_now();
        });
        try {
            HubClient client(office.hub->url());
            for (;;) {
                // What was not acknowledged is sent again: the hub may have it or not.
                while (written.size() < acknowledged + 3) written.push_back(log.next());
                const std::vector<Bytes> rest(
                    written.begin() + static_cast<std::ptrdiff_t>(acknowledged), written.end());
                const auto answer = office.push(client, rest);
                if (!answer) break;
                for (const protocol::BlockVerdict& verdict : answer->verdicts) {
                    REQUIRE(
                        (verdict.outcome == protocol::PushOutcome::accepted ||
                         verdict.outcome == protocol::PushOutcome::already_had));
                    CHECK(verdict.leaf.stream_seq == ++acknowledged);
                }
            }
        } catch (const std::runtime_error&) {
            // Killed before it took the connection.
        }
        killer.join();
        office.hub.reset();
        office.start();
        HubClient client(office.hub->url());
        const auto served = office.pull_all(client);
        REQUIRE(served.size() >= acknowledged);
        for (std::size_t i = 0; i < served.size(); ++i) {
            CHECK(served[i].block == written.at(i));
            CHECK(served[i].leaf.stream_seq == i + 1);
        }
        const auto card = protocol::parse_hub_card(client.get("/v1/hub")->body);
        CHECK(card->hub_epoch == 1);
    }
    CHECK(acknowledged > 0);
}
