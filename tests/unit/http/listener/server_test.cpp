#include "protocol/http/listener/server.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <mutex>
#include <thread>

#include "tests/unit/http/listener/listening.h"

using namespace vereda;
using namespace vereda::http;
using namespace std::chrono_literals;
using namespace vereda::http::test;

namespace {

/// Keeps every answer for later.
class Waiting {
  public:
    Handler handler() {
        return [this](Request, Answer answer) {
            const std::lock_guard lock(mutex_);
            answers_.push_back(std::move(answer));
        };
    }
    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return answers_.size();
    }
    void answer_all() {
        const std::lock_guard lock(mutex_);
        for (Answer& answer : answers_)
            answer({.status = 200, .headers = {}, .body = {'l', 'a', 't', 'e'}});
    }

  private:
    mutable std::mutex mutex_;
    std::vector<Answer> answers_;
};

}  // namespace

TEST_CASE(
    "requests of one connection are answered one after another, pipelined ones too",
    "[http][server]") {
    Hub hub;
    RawClient client(hub.port());
    REQUIRE(client.is_secure());
    client.send(post("one"));
    CHECK(client.receive().ends_with("\r\n\r\none"));
    client.send(post("two") + post("three"));
    CHECK(client.receive().ends_with("\r\n\r\ntwo"));
    const std::string last = client.receive();
    CHECK(last.ends_with("\r\n\r\nthree"));
    CHECK(last.find("x-remote: 127.0.0.1\r\n") != std::string::npos);
    CHECK(hub.server.counts().requests == 3);
    CHECK(hub.server.counts().accepted == 1);
}

TEST_CASE("a request that comes byte by byte is put together", "[http][server]") {
    Hub hub;
    RawClient client(hub.port());
    for (const char c : post("slowly")) client.send({&c, 1});
    CHECK(client.receive().ends_with("\r\n\r\nslowly"));
}

TEST_CASE(
    "a body as large as the limit passes, one byte more is refused unread", "[http][server]") {
    Limits limits;
    limits.body_bytes_max = 100'000;
    Hub hub(echo, limits);
    RawClient client(hub.port());
    client.send(post(std::string(100'000, 'x')));
    CHECK(client.receive().ends_with(std::string(100'000, 'x')));
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n");
    CHECK(status_in(client.receive()) == 413);
    CHECK(client.is_closed_within(3000));
}

TEST_CASE("the refusal of a body reaches a client that is still sending it", "[http][server]") {
    Limits limits;
    limits.body_bytes_max = 1000;
    Hub hub(echo, limits);
    RawClient client(hub.port());
    client.send(post(std::string(300'000, 'x')));
    CHECK(status_in(client.receive()) == 413);
}

TEST_CASE("a head beyond the limit is refused, with an end or without", "[http][server]") {
    Hub hub;
    RawClient client(hub.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'a'));
    CHECK(status_in(client.receive()) == 431);
}

TEST_CASE("a smuggled second request is never seen by the handler", "[http][server]") {
    Hub hub;
    RawClient client(hub.port());
    client.send(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(status_in(client.receive()) == 400);
    CHECK(client.is_closed_within(3000));
    CHECK(hub.server.counts().requests == 0);
    CHECK(hub.server.counts().refused == 1);
}

TEST_CASE("TLS 1.2 is not spoken", "[http][server]") {
    Hub hub;
    CHECK_FALSE(RawClient(hub.port(), RawClient::Handshake::now, TLS1_2_VERSION).is_secure());
    CHECK(RawClient(hub.port()).is_secure());
}

TEST_CASE(
    "a client that never finishes its head is closed, however steadily it sends",
    "[http][server]") {
    Limits limits;
    limits.head_time = 1000ms;
    Hub hub(echo, limits);
    RawClient client(hub.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n");
    int sent = 0;
    while (sent < 100 && !client.is_closed_within(50) && client.send("X: a\r\n")) ++sent;
    CHECK(sent >= 2);
    CHECK(sent < 40);
    CHECK(becomes_true([&] { return hub.server.counts().timed_out == 1; }));
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
}

TEST_CASE("a client that never finishes its body is closed", "[http][server]") {
    Limits limits;
    limits.body_time = 300ms;
    Hub hub(echo, limits);
    RawClient client(hub.port());
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\nabc");
    CHECK(client.is_closed_within(3000));
    CHECK(hub.server.counts().requests == 0);
}

TEST_CASE("a connection that never shakes hands is closed", "[http][server]") {
    Limits limits;
    limits.handshake_time = 200ms;
    Hub hub(echo, limits);
    RawClient client(hub.port(), RawClient::Handshake::never);
    client.send_unencrypted("\x16\x03\x01");
    CHECK(client.is_closed_within(3000));
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
}

TEST_CASE("an idle connection is closed in time", "[http][server]") {
    Limits limits;
    limits.idle_time = 200ms;
    Hub hub(echo, limits);
    RawClient client(hub.port());
    client.send(post("one"));
    client.receive();
    CHECK(client.is_closed_within(3000));
}

TEST_CASE("one address holds no more connections than its share", "[http][server]") {
    Limits limits;
    limits.connections_per_address_max = 2;
    Hub hub(echo, limits);
    RawClient first(hub.port());
    {
        RawClient second(hub.port());
        CHECK(second.is_secure());
        CHECK_FALSE(RawClient(hub.port()).is_secure());
        CHECK(hub.server.counts().turned_away == 1);
    }
    CHECK(becomes_true([&] { return hub.server.counts().open == 1; }));
    CHECK(RawClient(hub.port()).is_secure());
}

TEST_CASE("the house holds no more connections than its limit", "[http][server]") {
    Limits limits;
    limits.connections_max = 1;
    Hub hub(echo, limits);
    RawClient first(hub.port());
    CHECK_FALSE(RawClient(hub.port()).is_secure());
    first.send(post("still served"));
    CHECK(status_in(first.receive()) == 200);
}

TEST_CASE("an answer may come later and from another thread", "[http][server]") {
    Waiting waiting;
    Hub hub(waiting.handler());
    RawClient client(hub.port());
    client.send(post("x"));
    CHECK(becomes_true([&] { return waiting.size() == 1; }));
    std::jthread([&] { waiting.answer_all(); }).join();
    CHECK(client.receive().ends_with("late"));
}

TEST_CASE(
    "a handler that throws or forgets to answer is a 500, and the connection goes on",
    "[http][server]") {
    Hub hub([](Request request, Answer answer) {
        if (request.body.size() == 1) throw std::runtime_error("disk full");
        if (request.body.size() == 2) return;
        echo(std::move(request), std::move(answer));
    });
    RawClient client(hub.port());
    client.send(post("1"));
    CHECK(status_in(client.receive()) == 500);
    client.send(post("22"));
    CHECK(status_in(client.receive()) == 500);
    client.send(post("333"));
    CHECK(status_in(client.receive()) == 200);
    CHECK(hub.events.all().find("handler_failed") != std::string::npos);
}

TEST_CASE(
    "an answer that takes too long is a 503, and when it comes after all it is dropped",
    "[http][server]") {
    Waiting waiting;
    Limits limits;
    limits.answer_time = 100ms;
    Hub hub(waiting.handler(), limits);
    RawClient client(hub.port());
    client.send(post("x"));
    CHECK(status_in(client.receive()) == 503);
    waiting.answer_all();
    client.send(post("y"));
    CHECK(status_in(client.receive()) == 503);
    CHECK(waiting.size() == 2);
}

TEST_CASE(
    "a client gone in the middle of its request, or before its answer, disturbs nobody",
    "[http][server]") {
    Waiting waiting;
    Hub hub(waiting.handler());
    RawClient sending(hub.port());
    sending.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\nabc");
    sending.vanish();
    RawClient asking(hub.port());
    asking.send(post("x"));
    CHECK(becomes_true([&] { return waiting.size() == 1; }));
    asking.vanish();
    waiting.answer_all();
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
    RawClient third(hub.port());
    third.send(post("y"));
    CHECK(becomes_true([&] { return waiting.size() == 2; }));
    waiting.answer_all();
    CHECK(status_in(third.receive()) == 200);
}

TEST_CASE("twenty connections at once each get their own answers", "[http][server]") {
    Hub hub(echo, {}, 2);
    std::atomic<int> right = 0;
    std::vector<std::jthread> clients;
    for (int c = 0; c < 20; ++c) {
        clients.emplace_back([&hub, &right, c] {
            RawClient client(hub.port());
            for (int i = 0; i < 50; ++i) {
                const std::string body = std::to_string(c) + ":" + std::to_string(i);
                client.send(post(body));
                if (client.receive().ends_with("\r\n\r\n" + body)) ++right;
            }
        });
    }
    clients.clear();
    CHECK(right == 1000);
    CHECK(hub.server.counts().requests == 1000);
}

TEST_CASE(
    "stopping finishes the running request, closes idle connections and accepts no more",
    "[http][server]") {
    Waiting waiting;
    Hub hub(waiting.handler(), {}, 2);
    RawClient idle(hub.port());
    RawClient running(hub.port());
    running.send(post("x"));
    CHECK(becomes_true([&] { return waiting.size() == 1; }));

    std::future<void> stopped = std::async(std::launch::async, [&] { hub.server.stop(); });
    CHECK(idle.is_closed_within(3000));
    CHECK(becomes_true([&] { return !RawClient(hub.port()).is_secure(); }));
    CHECK(stopped.wait_for(50ms) == std::future_status::timeout);
    waiting.answer_all();
    const std::string answer = running.receive();
    CHECK(answer.ends_with("late"));
    CHECK(answer.find("connection: close\r\n") != std::string::npos);
    CHECK(running.is_closed_within(3000));
    running.vanish();
    stopped.get();
    CHECK(hub.server.counts().open == 0);
}

TEST_CASE("stopping does not wait for ever for a handler", "[http][server]") {
    Waiting waiting;
    Limits limits;
    limits.stop_time = 200ms;
    auto hub = std::make_unique<Hub>(waiting.handler(), limits);
    RawClient client(hub->port());
    client.send(post("x"));
    CHECK(becomes_true([&] { return waiting.size() == 1; }));
    hub->server.stop();
    CHECK(client.is_closed_within(1000));
    hub.reset();
    waiting.answer_all();  // to nobody, long after
}

TEST_CASE(
    "a server stops at once when nobody is connected, and twice is no error", "[http][server]") {
    Hub hub(echo, {}, 2);
    hub.server.stop();
    hub.server.stop();
    CHECK_FALSE(RawClient(hub.port()).is_connected());
}

TEST_CASE("an address in use is reported", "[http][server]") {
    Hub hub;
    Events events;
    CHECK_THROWS_AS(
        Server({.port = hub.port(), .threads = 1, .limits = {}}, identity(), echo, events.log()),
        std::exception);
}
