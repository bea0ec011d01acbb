#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "protocol/http/request_gate.h"
#include "server/config.h"
#include "server/hub/gate_clock.h"
#include "server/hub/rate.h"
#include "server/routes/event_log.h"
#include "server/routes/metrics.h"
#include "server/serve.h"

using namespace vereda;
using namespace vereda::server;

TEST_CASE("a listen address is a host and a port, nothing less", "[config]") {
    CHECK(parse_listen_address("127.0.0.1:8443") == ListenAddress{"127.0.0.1", 8443});
    CHECK(parse_listen_address("[::1]:0") == ListenAddress{"::1", 0});
    CHECK(parse_listen_address("localhost:1") == ListenAddress{"localhost", 1});
    for (const auto* wrong :
         {"", "8443", "127.0.0.1", "127.0.0.1:", ":8443", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1:8443x", "::1:8443", "[127.0.0.1]:1"}) {
        INFO(wrong);
        CHECK_FALSE(parse_listen_address(wrong).has_value());
    }
}

TEST_CASE("a listen address gives the URL that clients use", "[config]") {
    CHECK(ListenAddress{"127.0.0.1", 8443}.url() == "https://127.0.0.1:8443");
    CHECK(ListenAddress{"::1", 9}.url() == "https://[::1]:9");
    CHECK(ListenAddress{"hub.example", 443}.url() == "https://hub.example");
}

TEST_CASE("every address of a machine is no address for clients", "[config]") {
    for (const auto* all : {"0.0.0.0", "::", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0", "::0"}) {
        INFO(all);
        CHECK(ListenAddress{all, 8443}.is_unspecified());
    }
    for (const auto* one : {"127.0.0.1", "::1", "0.0.0.1", "192.168.0.0", "hub.example"}) {
        INFO(one);
        CHECK_FALSE(ListenAddress{one, 8443}.is_unspecified());
    }
}

TEST_CASE("a hub that listens on every address wants to be told what clients use", "[config]") {
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
    ServeConfig config;
    config.data = "/dev/null/hub";  // can never be made
    config.listen = {"0.0.0.0", 8443};
    std::ostringstream ready, log;
    CHECK(serve(config, ready, log) == Exit::usage);
    CHECK(ready.str().empty());
    CHECK(log.str().find("--public-url") != std::string::npos);
    config.public_url = "https://hub.example:8443";
    std::ostringstream more;
    CHECK(serve(config, ready, more) == Exit::not_startable);  // only its data stops it
    CHECK(more.str().find("--public-url") == std::string::npos);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

namespace {

/// A machine whose wall clock is set while its steady clock counts on.
struct Machine {
    engine::FakeClock wall{{1'800'000'000'000}};
    std::int64_t steady_ms = 77;

    void pass(std::int64_t ms) {
        wall.advance_ms(ms);
        steady_ms += ms;
    }
};

http::Request signed_at(protocol::Millis now, crypto::Entropy& entropy) {
    const auto key = crypto::SigningKey::from_seed(Bytes(32, 7));
    http::Request request{
        .method = "POST",
        .target = "/v1/00/push",
        .headers = {{"content-type", "application/cbor"}},
        .body = {1, 2, 3},
        .remote = {}};
    http::sign_request(request, "hub.example.org", key, now, entropy);
    return request;
}

}  // namespace

TEST_CASE("the gate's clock goes with the wall clock, and never back", "[gate]") {
    Machine machine;
    GateClock clock(machine.wall, [&] { return machine.steady_ms; });
    const auto start = clock.now();
    machine.pass(5'000);
    CHECK(clock.now().value == start.value + 5'000);
    machine.wall.advance_ms(3'600'000);  // set an hour ahead
    CHECK(clock.now().value == start.value + 3'605'000);
    machine.wall.advance_ms(-7'200'000);  // and two back
    CHECK(clock.now().value == start.value + 3'605'000);
    machine.pass(10'000);
    CHECK(clock.now().value == start.value + 3'615'000);
}

TEST_CASE("a hub whose clock was set back keeps nobody out and lets nothing in twice", "[gate]") {
    Machine machine;
    GateClock clock(machine.wall, [&] { return machine.steady_ms; });
    crypto::SeededEntropy entropy(4);
    http::RequestGate gate(
        "hub.example.org", clock.now(),
        [](const crypto::PublicKey&, const http::Request&) { return http::KeyStanding::member; },
        entropy);
    machine.pass(1'000'000);
    const http::Request captured = signed_at(clock.now(), entropy);
    REQUIRE(gate.admit(captured, clock.now()));
    machine.pass(1'000'000);
    REQUIRE(gate.admit(signed_at(clock.now(), entropy), clock.now()));  // forgets what expired
    machine.wall.advance_ms(-3'600'000);

    const protocol::Millis told = clock.now();  // with every answer: what a client signs by
    CHECK(gate.admit(signed_at(told, entropy), clock.now()));
    for (int minute = 0; minute < 90; ++minute) {
        CHECK_FALSE(gate.admit(captured, clock.now()));
        machine.pass(60'000);
    }
    CHECK(gate.admit(signed_at(clock.now(), entropy), clock.now()));
}

TEST_CASE("a log line is JSON whatever is in it", "[log]") {
    std::ostringstream out;
    engine::FakeClock clock({5});
    EventLog log(out, clock);
    log.write("store_failed", {{"reason", "a \"quoted\" \\ line\nbreak \x01 \xc3\xa4 \x7f"}});
    log.write("stopped");
    std::istringstream lines(out.str());
    std::string line;
    std::getline(lines, line);
    const auto json = nlohmann::json::parse(line);
    CHECK(json["event"] == "store_failed");
    CHECK(json["time_ms"] == 5);
    CHECK(json["reason"] == "a \"quoted\" \\ line\nbreak \x01 ?? \x7f");
    std::getline(lines, line);
    CHECK(nlohmann::json::parse(line)["event"] == "stopped");
}

TEST_CASE("a rate refills with time, up to the burst, and not backwards", "[rate]") {
    RateLimit rate(10, 2);
    const crypto::PublicKey key{1}, other{2};
    CHECK(rate.take(key, {0}));
    CHECK(rate.take(key, {0}));
    CHECK_FALSE(rate.take(key, {0}));
    CHECK(rate.take(other, {0}));
    CHECK(rate.take(key, {100}));
    CHECK_FALSE(rate.take(key, {100}));
    CHECK_FALSE(rate.take(key, {50}));
    CHECK(rate.take(key, {150}));
    CHECK(rate.take(key, {60'000}));
    CHECK(rate.take(key, {60'000}));
    CHECK_FALSE(rate.take(key, {60'000}));
}

TEST_CASE("what a request turned out to cost is owed before the next one", "[rate]") {
    RateLimit rate(10, 20);
    const crypto::PublicKey key{1};
    CHECK(rate.take(key, {0}));
    rate.charge(key, 50, {0});
    CHECK_FALSE(rate.take(key, {3'000}));
    CHECK(rate.take(key, {3'300}));
}

TEST_CASE("more busy keys than there is room for begin again together", "[rate]") {
    RateLimit rate(10, 1);
    const auto key = [](std::size_t number) {
        return crypto::PublicKey{
            static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
            static_cast<std::uint8_t>(number)};
    };
    for (std::size_t i = 0; i < 65'536; ++i) REQUIRE(rate.take(key(i), {0}));
    CHECK(rate.take(key(65'536), {0}));
    CHECK(rate.take(key(0), {0}));
}

TEST_CASE("every line of the metrics is one that Prometheus reads", "[metrics]") {
    Metrics metrics;
    metrics.count(ServedRequest{"push", 200, 500, 20});
    metrics.count(ServedRequest{"push", 200, 500, 20});
    metrics.count(3, HubCounts{.blocks = 4, .entries = 40, .evidence = 1, .not_yet = 7});
    metrics.count_failure();
    const std::string text = metrics.text({.open = 2, .accepted = 9, .turned_away = 0}, 1);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        const bool is_comment = line.starts_with("# HELP vereda_") || line.starts_with("# TYPE");
        const auto space = line.rfind(' ');
        const bool is_sample = line.starts_with("vereda_") &&
                               line.find_first_not_of("0123456789", space + 1) == line.npos;
        CHECK((is_comment || is_sample));
    }
    const auto has = [&](std::string_view line) { return text.find(line) != text.npos; };
    CHECK(has("vereda_requests_total{message=\"push\",status=\"200\"} 2\n"));
    CHECK(has("vereda_request_bytes_total 1000\n"));
    CHECK(has("vereda_entries_total 40\n"));
    CHECK(has("vereda_evidence_total 1\n"));
    CHECK(has("vereda_not_yet_total 7\n"));
    CHECK(has("vereda_store_failures_total 1\n"));
    CHECK(has("vereda_group_requests_bucket{le=\"2\"} 0\n"));
    CHECK(has("vereda_group_requests_bucket{le=\"4\"} 1\n"));
    CHECK(has("vereda_group_requests_sum 3\n"));
    CHECK(has("vereda_connections_open 2\n"));
}
