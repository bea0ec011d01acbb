#include "client/line/sync_link.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "protocol/http/listener/server.h"
#include "protocol/http/paths.h"
#include "protocol/http/request_gate.h"

using namespace vereda;
using namespace vereda::client;
using namespace std::chrono_literals;

namespace {

constexpr protocol::Millis noon{1'763'812'800'000};
constexpr std::int64_t year_ms = 31'557'600'000;

const http::TlsIdentity& identity() {
    static const http::TlsIdentity made = http::make_tls_identity();
    return made;
}

crypto::SigningKey hub_key() { return crypto::SigningKey::from_seed(Bytes(32, 9)); }
crypto::SigningKey laptop_key() { return crypto::SigningKey::from_seed(Bytes(32, 7)); }

/// How a hub uses the listener, the gate and the signatures, without a hub's content: it echoes
/// what it is sent.
class EchoHub {
  public:
    explicit EchoHub(protocol::Millis now = noon)
        : now_(now),
          server_(
              {}, identity(),
              [this](auto request, auto answer) { serve(std::move(request), std::move(answer)); },
              [](std::string_view, std::string_view) {}) {
        gate_ = std::make_unique<http::RequestGate>(
            origin().authority(), now_,
            [](const crypto::PublicKey&, const http::Request&) {
                return http::KeyStanding::member;
            },
            entropy_);
    }

    http::Origin origin() const { return {.host = "127.0.0.1", .port = server_.port()}; }
    http::Server& server() { return server_; }
    int admitted() const { return admitted_; }
    int refused() const { return refused_; }

  private:
    void serve(http::Request request, http::Answer answer) {
        const http::RequestLine line = http::line_of(request);
        http::Response response{.status = 200, .headers = {}, .body = {}};
        if (request.method == "POST") {
            const auto admitted = gate_->admit(request, now_);
            admitted ? ++admitted_ : ++refused_;
            if (!admitted) {
                response.status = http::status_of(admitted.error());
                response.body = protocol::encode(
                    {.code = http::refusal_of(admitted.error()), .hub_time = now_});
            } else {
                response.body = std::move(request.body);
            }
        }
        http::sign_response(response, line, hub_key(), now_);
        answer(std::move(response));
    }

    const protocol::Millis now_;
    crypto::SystemEntropy entropy_;
    std::atomic<int> admitted_ = 0;
    std::atomic<int> refused_ = 0;
    std::unique_ptr<http::RequestGate> gate_;
    http::Server server_;
};

/// Answers everything alike, unsigned.
class Stranger {
  public:
    explicit Stranger(http::Response response, http::Limits limits = {})
        : server_(
              {.limits = limits}, identity(),
              [response](const http::Request&, http::Answer answer) { answer(response); },
              [](std::string_view, std::string_view) {}) {}
    http::Origin origin() const { return {.host = "127.0.0.1", .port = server_.port()}; }

  private:
    http::Server server_;
};

http::Response page(unsigned status, http::Headers headers, std::string_view text) {
    return {
        .status = status, .headers = std::move(headers), .body = Bytes(text.begin(), text.end())};
}

struct Laptop {
    engine::FakeClock clock{noon};
    crypto::SystemEntropy entropy;

    SyncLink link(const http::Origin& hub, LinkOptions options = {}) {
        options.hub = hub;
        if (options.pin == http::TlsPin{}) options.pin = identity().pin;
        return {options, laptop_key(), clock, entropy};
    }
};

const std::string push = http::message_path({}, "push");

}  // namespace

TEST_CASE(
    "a body comes to the hub and its signed answer comes back, over one connection", "[link]") {
    EchoHub hub;
    Laptop laptop;
    SyncLink link = laptop.link(hub.origin());
    for (int i = 0; i < 3; ++i) {
        const auto answer = link.post(push, as_bytes("block"));
        REQUIRE(answer.has_value());
        CHECK(answer->status == 200);
        CHECK(as_text(answer->body) == "block");
        CHECK(answer->hub_key == hub_key().public_key());
        CHECK(answer->hub_time == noon);
    }
    CHECK(hub.server().counts().accepted == 1);
    CHECK(hub.admitted() == 3);
}

TEST_CASE("an empty body and a body of a mebibyte both pass", "[link]") {
    EchoHub hub;
    Laptop laptop;
    SyncLink link = laptop.link(hub.origin());
    CHECK(link.post(push, {})->body.empty());
    const Bytes large(protocol::message_size_max, 0xa5);
    CHECK(link.post(push, large)->body == large);
}

TEST_CASE("the hub's card is asked for without our signature and comes signed", "[link]") {
    EchoHub hub;
    Laptop laptop;
    SyncLink link = laptop.link(hub.origin());
    const auto card = link.get(http::hub_path);
    REQUIRE(card.has_value());
    CHECK(card->hub_key == hub_key().public_key());
    CHECK(link.hub_key() == hub_key().public_key());
}

TEST_CASE(
    "a sync of three requests costs little beyond its blocks, TLS and HTTP included", "[link]") {
    EchoHub hub;
    Laptop laptop;
    SyncLink link = laptop.link(hub.origin());
    for (int i = 0; i < 3; ++i) REQUIRE(link.post(push, as_bytes("0123456789")).has_value());
    const ByteCount bytes = link.bytes();
    INFO("up " << bytes.up << ", down " << bytes.down);
    CHECK(bytes.up > 1000);
    CHECK(bytes.up < 2400);
    CHECK(bytes.down > 1000);
    CHECK(bytes.down < 2400);
}

TEST_CASE("bytes are counted over all connections and grow with what is sent", "[link]") {
    EchoHub hub;
    Laptop laptop;
    SyncLink link = laptop.link(hub.origin());
    CHECK(link.bytes() == ByteCount{});
    REQUIRE(link.post(push, Bytes(100'000, 1)).has_value());
    const ByteCount first = link.bytes();
    CHECK(first.up > 100'000);
    CHECK(first.up < 102'000);
    CHECK(first.down > 100'000);
    link.disconnect();
    CHECK(link.bytes().up >= first.up);
    CHECK(link.bytes().up < first.up + 100);
    REQUIRE(link.post(push, Bytes(100'000, 1)).has_value());
    CHECK(link.bytes().up > 2 * 100'000);
    CHECK(hub.server().counts().accepted == 2);
}

TEST_CASE("a wrong pin ends the connection before the first byte of a request", "[link]") {
    EchoHub hub;
    Laptop laptop;
    LinkOptions options;
    options.pin = identity().pin;
    options.pin[31] ^= 1;
    SyncLink link = laptop.link(hub.origin(), options);
    const Bytes body(5000, 1);
    CHECK(link.post(push, body).error() == LinkError::wrong_pin);
    link.disconnect();
    CHECK(link.bytes().up > 0);
    CHECK(
        link.bytes().up <
        400);  // a ClientHello, Finished and an alert: a signed head alone is longer
    CHECK(hub.server().counts().accepted == 1);
    hub.server().stop();
    CHECK(hub.server().counts().requests == 0);
    CHECK(hub.server().counts().refused == 0);
}

TEST_CASE(
    "a clock off by years either way is set by the hub's signed time, and the request repeated "
    "once",
    "[link]") {
    EchoHub hub;
    Laptop laptop;
    const std::int64_t years = GENERATE(-10, -1, 2, 12);
    laptop.clock.advance_ms(years * year_ms);
    SyncLink link = laptop.link(hub.origin());
    REQUIRE(link.post(push, as_bytes("block")).has_value());
    CHECK(hub.refused() == 1);
    CHECK(hub.admitted() == 1);
    CHECK(link.clock_offset_ms() == -years * year_ms);
    REQUIRE(link.post(push, as_bytes("block")).has_value());
    CHECK(hub.refused() == 1);
}

TEST_CASE("a hub that is never content with the time is an error of the clock", "[link]") {
    Laptop laptop;
    http::Server hub(
        {}, identity(),
        [](const http::Request& request, http::Answer answer) {
            http::Response response{
                .status = 401,
                .headers = {},
                .body =
                    protocol::encode({.code = protocol::Refusal::clock_differs, .hub_time = noon})};
            http::sign_response(response, http::line_of(request), hub_key(), noon);
            answer(std::move(response));
        },
        [](std::string_view, std::string_view) {});
    SyncLink link = laptop.link({.host = "127.0.0.1", .port = hub.port()});
    CHECK(link.post(push, as_bytes("x")).error() == LinkError::clock);
    CHECK(hub.counts().requests == 2);
}

TEST_CASE("a hub's other refusals are answers, with their status", "[link]") {
    EchoHub hub;
    Laptop laptop;
    http::Origin other_name = hub.origin();
    other_name.host = "localhost";  // signed for a name that the hub does not go by
    SyncLink link = laptop.link(other_name);
    const auto answer = link.post(push, as_bytes("x"));
    REQUIRE(answer.has_value());
    CHECK(answer->status == 401);
    CHECK(protocol::parse_refusal_answer(answer->body)->code == protocol::Refusal::bad_signature);
}

TEST_CASE("a captive portal's page is not a hub, though it says 200", "[link]") {
    Stranger portal(
        page(200, {{"content-type", "text/html"}}, "<html>Welcome! Accept our terms</html>"));
    Laptop laptop;
    CHECK(laptop.link(portal.origin()).post(push, as_bytes("x")).error() == LinkError::not_a_hub);
    CHECK(laptop.link(portal.origin()).get(http::hub_path).error() == LinkError::not_a_hub);
}

TEST_CASE("a redirect is not followed", "[link]") {
    EchoHub hub;
    Stranger portal(page(307, {{"location", hub.origin().url() + push}}, ""));
    Laptop laptop;
    CHECK(laptop.link(portal.origin()).post(push, as_bytes("x")).error() == LinkError::not_a_hub);
    CHECK(hub.server().counts().accepted == 0);
}

TEST_CASE("a front that is down or that turns us away is told from a hub", "[link]") {
    Laptop laptop;
    Stranger down(page(502, {}, "bad gateway"));
    CHECK(laptop.link(down.origin()).post(push, as_bytes("x")).error() == LinkError::unreachable);
    Stranger strict(page(403, {}, "no"));
    CHECK(laptop.link(strict.origin()).post(push, as_bytes("x")).error() == LinkError::refused);
}

TEST_CASE("a hub that closes while we are sending is an error, not our end", "[link]") {
    http::Limits limits;
    limits.body_bytes_max = 1000;
    Stranger strict(page(200, {}, ""), limits);
    Laptop laptop;
    SyncLink link = laptop.link(strict.origin());
    const Bytes body(8'000'000, 1);
    const auto answer = link.post(push, body);
    REQUIRE_FALSE(answer.has_value());
    const bool told =
        answer.error() == LinkError::refused || answer.error() == LinkError::unreachable;
    CHECK(told);
}

TEST_CASE("an answer signed by another key than the hub's is refused", "[link]") {
    EchoHub hub;
    Laptop laptop;
    LinkOptions options;
    options.hub_key = laptop_key().public_key();
    CHECK(
        laptop.link(hub.origin(), options).post(push, as_bytes("x")).error() ==
        LinkError::another_hub);
    options.hub_key = hub_key().public_key();
    CHECK(laptop.link(hub.origin(), options).post(push, as_bytes("x")).has_value());
}

TEST_CASE("an earlier answer sent again is refused", "[link]") {
    std::optional<http::Response> first;
    http::Server hub(
        {}, identity(),
        [&first](const http::Request& request, http::Answer answer) {
            if (!first) {
                first = http::Response{.status = 200, .headers = {}, .body = {1}};
                http::sign_response(*first, http::line_of(request), hub_key(), noon);
            }
            answer(*first);
        },
        [](std::string_view, std::string_view) {});
    Laptop laptop;
    SyncLink link = laptop.link({.host = "127.0.0.1", .port = hub.port()});
    CHECK(link.post(push, as_bytes("x")).has_value());
    CHECK(link.post(push, as_bytes("x")).error() == LinkError::not_a_hub);
}

TEST_CASE("an answer beyond the limit is given up", "[link]") {
    Stranger chatty(page(200, {}, std::string(200'000, 'x')));
    Laptop laptop;
    LinkOptions options;
    options.answer_bytes_max = 100'000;
    CHECK(
        laptop.link(chatty.origin(), options).post(push, as_bytes("x")).error() ==
        LinkError::answer_too_large);
    Stranger headers(page(200, {{"x", std::string(30'000, 'x')}}, ""));
    CHECK(
        laptop.link(headers.origin(), options).post(push, as_bytes("x")).error() ==
        LinkError::answer_too_large);
}

TEST_CASE("nobody there is unreachable, and a hub that says nothing is a timeout", "[link]") {
    Laptop laptop;
    http::Origin nobody;
    {
        const EchoHub gone;
        nobody = gone.origin();
    }
    SyncLink link = laptop.link(nobody);
    CHECK(link.post(push, as_bytes("x")).error() == LinkError::unreachable);
    CHECK_FALSE(link.last_failure().empty());

    std::mutex mutex;
    std::vector<http::Answer> held;
    http::Server silent(
        {}, identity(),
        [&](const http::Request&, http::Answer answer) {
            const std::lock_guard lock(mutex);
            held.push_back(std::move(answer));
        },
        [](std::string_view, std::string_view) {});
    LinkOptions options;
    options.stall_time = std::chrono::seconds(1);
    CHECK(
        laptop.link({.host = "127.0.0.1", .port = silent.port()}, options)
            .post(push, as_bytes("x"))
            .error() == LinkError::timeout);
    const std::lock_guard lock(mutex);
    held.clear();
}

TEST_CASE("a proxy in the environment is not used", "[link]") {
    EchoHub hub;
    Laptop laptop;
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    const auto answer = laptop.link(hub.origin()).post(push, as_bytes("x"));
    unsetenv("https_proxy");
    unsetenv("ALL_PROXY");
    CHECK(answer.has_value());
}

TEST_CASE("a proxy that was asked for is used", "[link]") {
    EchoHub hub;
    Laptop laptop;
    LinkOptions options;
    options.proxy = "http://127.0.0.1:1";
    CHECK(
        laptop.link(hub.origin(), options).post(push, as_bytes("x")).error() ==
        LinkError::unreachable);
    CHECK(hub.server().counts().accepted == 0);
}

TEST_CASE("a hub restarted between two requests is found again without an error", "[link]") {
    auto first = std::make_unique<EchoHub>();
    const std::uint16_t port = first->origin().port;
    Laptop laptop;
    SyncLink link = laptop.link(first->origin());
    REQUIRE(link.post(push, as_bytes("x")).has_value());
    first->server().stop();
    http::Server second(
        {.port = port}, identity(),
        [](const http::Request& request, http::Answer answer) {
            http::Response response{.status = 200, .headers = {}, .body = {}};
            http::sign_response(response, http::line_of(request), hub_key(), noon);
            answer(std::move(response));
        },
        [](std::string_view, std::string_view) {});
    CHECK(link.post(push, as_bytes("x")).has_value());
}

TEST_CASE("twenty laptops at once are all answered", "[link]") {
    EchoHub hub;
    std::atomic<int> right = 0;
    std::vector<std::jthread> laptops;
    for (int l = 0; l < 20; ++l) {
        laptops.emplace_back([&, l] {
            Laptop laptop;
            SyncLink link = laptop.link(hub.origin());
            for (int i = 0; i < 10; ++i) {
                const std::string body = std::to_string(l * 100 + i);
                const auto answer = link.post(push, as_bytes(body));
                if (answer && as_text(answer->body) == body) ++right;
            }
        });
    }
    laptops.clear();
    CHECK(right == 200);
    CHECK(hub.server().counts().accepted == 20);
}
