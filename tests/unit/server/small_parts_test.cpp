#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "server/config.h"
#include "server/event_log.h"
#include "server/metrics.h"
#include "server/rate.h"

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

TEST_CASE("every line of the metrics is one that Prometheus reads", "[metrics]") {
    Metrics metrics;
    metrics.count(ServedRequest{"push", 200, 500, 20});
    metrics.count(ServedRequest{"push", 200, 500, 20});
    metrics.count(3, HubCounts{.blocks = 4, .entries = 40, .evidence = 1});
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
    CHECK(has("vereda_store_failures_total 1\n"));
    CHECK(has("vereda_group_requests_bucket{le=\"2\"} 0\n"));
    CHECK(has("vereda_group_requests_bucket{le=\"4\"} 1\n"));
    CHECK(has("vereda_group_requests_sum 3\n"));
    CHECK(has("vereda_connections_open 2\n"));
}
