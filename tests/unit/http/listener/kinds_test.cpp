#include <catch2/catch.hpp>

#include "tests/unit/http/listener/streaming.h"

// The three kinds of listener: what they have in common, and whom the plain ones refuse.

using namespace vereda;
using namespace vereda::http;
using namespace vereda::http::test;
using namespace std::chrono_literals;

namespace {

ListenError refusal_of(const std::string& address) {
    Events events;
    auto server = Server::plain({.address = address, .limits = {}}, echo, events.log());
    REQUIRE_FALSE(server.has_value());
    return server.error();
}

}  // namespace

TEST_CASE("each kind of listener answers the requests of a connection in order", "[http][server]") {
    Hub hub(echo, {}, 2, any_kind());
    RawClient client = hub.client();
    CHECK(client.is_secure() == (hub.kind == Kind::tls));
    client.send(post("one") + post("two"));
    const std::string first = client.receive();
    CHECK(first.ends_with("\r\n\r\none"));
    CHECK(has(first, hub.kind == Kind::unix_socket ? "x-remote: \r\n" : "x-remote: 127.0.0.1\r\n"));
    CHECK(client.receive().ends_with("\r\n\r\ntwo"));
    client.send(post(std::string(200'000, 'x')));
    CHECK(client.receive().ends_with(std::string(200'000, 'x')));
}

TEST_CASE("each kind of listener refuses what is malformed or too large", "[http][server]") {
    Limits limits;
    limits.body_bytes_max = 1000;
    Hub hub(echo, limits, 1, any_kind());
    const auto status = [&](const std::string& request) {
        RawClient client = hub.client();
        client.send(request);
        const unsigned found = status_in(client.receive());
        CHECK(client.is_closed_within(3000));
        return found;
    };
    CHECK(status(post(std::string(100'000, 'x'))) == 413);
    CHECK(status("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a')) == 431);
    CHECK(status("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n") == 501);
    CHECK(hub.server.counts().requests == 0);
    CHECK(hub.server.counts().refused == 3);
}

TEST_CASE("each kind of listener closes who is idle, slow or gone", "[http][server]") {
    Limits limits;
    limits.idle_time = 1000ms;
    limits.head_time = 300ms;
    limits.body_time = 300ms;
    Hub hub(echo, limits, 1, any_kind());
    RawClient idle = hub.client();
    RawClient slow_head = hub.client();
    slow_head.send("GET / HTTP/1.1\r\n");
    RawClient slow_body = hub.client();
    slow_body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\nabc");
    RawClient gone = hub.client();
    gone.vanish();
    CHECK(idle.is_closed_within(3000));
    CHECK(slow_head.is_closed_within(3000));
    CHECK(slow_body.is_closed_within(3000));
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
    CHECK(hub.server.counts().timed_out == 2);
}

TEST_CASE(
    "each kind of listener gives one address its share of connections, and no more",
    "[http][server]") {
    Limits limits;
    limits.connections_per_address_max = 2;
    Hub hub(echo, limits, 1, any_kind());
    RawClient first = hub.client();
    RawClient second = hub.client();
    CHECK(becomes_true([&] { return hub.server.counts().open == 2; }));
    RawClient third = hub.client();
    CHECK(third.is_closed_within(3000));
    CHECK(hub.server.counts().turned_away == 1);
    second.vanish();
    CHECK(becomes_true([&] { return hub.server.counts().open == 1; }));
    first.send(post("still served"));
    CHECK(status_in(first.receive()) == 200);
}

TEST_CASE("each kind of listener closes idle connections when it stops", "[http][server]") {
    Hub hub(echo, {}, 2, any_kind());
    RawClient client = hub.client();
    CHECK(becomes_true([&] { return hub.server.counts().open == 1; }));
    hub.server.stop();
    CHECK(client.is_closed_within(3000));
    CHECK(hub.server.counts().open == 0);
    CHECK_FALSE(hub.client().is_connected());
}

TEST_CASE("a server that moved goes on, and is stopped once", "[http][server]") {
    Events events;
    Server first = Server::plain({.limits = {}}, echo, events.log()).value();
    Server second(std::move(first));
    RawClient client(second.port(), RawClient::Handshake::plain);
    client.send(post("x"));
    CHECK(status_in(client.receive()) == 200);
}

TEST_CASE("without TLS, only a loopback address is listened at", "[http][server]") {
    for (const char* address : {"0.0.0.0", "192.0.2.1", "::", "2001:db8::1", "128.0.0.1"}) {
        INFO(address);
        CHECK(refusal_of(address) == ListenError::not_loopback);
    }
    Events events;
    CHECK(Server::plain({.address = "127.0.0.2", .limits = {}}, echo, events.log()).has_value());
}

TEST_CASE("TLS is not spoken to a plain listener, nor plain text to one of TLS", "[http][server]") {
    Limits limits;
    limits.head_time = 200ms;
    limits.handshake_time = 200ms;
    Hub plain(echo, limits, 1, Kind::loopback);
    CHECK_FALSE(RawClient(plain.port()).is_secure());
    Hub tls(echo, limits);
    RawClient client(tls.port(), RawClient::Handshake::plain);
    client.send(post("x"));
    CHECK(status_in(client.receive()) == 0);
    CHECK(tls.server.counts().requests == 0);
}
