#include <catch2/catch.hpp>
#include <future>

#include "tests/unit/http/listener/streaming.h"

using namespace vereda;
using namespace vereda::http;
using namespace vereda::http::test;
using namespace std::chrono_literals;

TEST_CASE("stopping ends bodies without end at once, and unfinished", "[http][server]") {
    Feed feed;
    const auto told = std::make_shared<Letters::Told>();
    Hub hub(
        [&](const Request& request, Answer answer) {
            const bool waits = request.headers.count("waits") > 0;
            std::unique_ptr<BodySource> body = feed.body();
            if (!waits) body = std::make_unique<Letters>(endless, Letters::Announced::no, told);
            answer.stream({.status = 200, .headers = {}, .body = std::move(body)});
        },
        {}, 2, any_kind());
    RawClient waiting = hub.client();
    waiting.send(get("Waits: 1\r\n"));
    CHECK(status_in(waiting.receive_until("\r\n\r\n")) == 200);
    RawClient giving = hub.client();
    giving.send(get());
    giving.receive_until("xyz");
    const auto before = std::chrono::steady_clock::now();
    hub.server.stop();
    CHECK(std::chrono::steady_clock::now() - before < 3s);
    CHECK(feed.alive() == 0);
    CHECK(told->alive == 0);
    CHECK(waiting.receive_all().empty());
    CHECK_FALSE(giving.receive_all().ends_with("\r\n0\r\n\r\n"));
    feed.wake();  // long after
}

TEST_CASE("stopping lets a download finish, and closes the connection then", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed, 8), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    feed.say("half");
    CHECK(client.receive_until("half").ends_with("half"));
    std::future<void> stopped = std::async(std::launch::async, [&] { hub.server.stop(); });
    CHECK(stopped.wait_for(100ms) == std::future_status::timeout);
    feed.say("rest");
    CHECK(client.receive_until("rest") == "rest");
    CHECK(client.is_closed_within(3000));
    client.vanish();
    stopped.get();
    CHECK(hub.server.counts().open == 0);
}

TEST_CASE("stopping does not wait for ever for a download", "[http][server]") {
    Limits limits;
    limits.stop_time = 200ms;
    Feed feed;
    Hub hub(feeding(feed, 8), limits, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    client.receive_until("\r\n\r\n");
    hub.server.stop();
    CHECK(feed.alive() == 0);
    CHECK(client.is_closed_within(1000));
}

TEST_CASE("a body without end does not begin once the server stops", "[http][server]") {
    Feed feed;
    std::promise<Answer> held;
    Hub hub(
        [&](const Request&, Answer answer) { held.set_value(std::move(answer)); }, {}, 1,
        any_kind());
    RawClient client = hub.client();
    client.send(get());
    Answer answer = held.get_future().get();
    RawClient idle = hub.client();
    std::future<void> stopped = std::async(std::launch::async, [&] { hub.server.stop(); });
    CHECK(idle.is_closed_within(3000));
    answer.stream({.status = 200, .headers = {}, .body = feed.body()});
    CHECK(client.receive_all().empty());
    stopped.get();
    CHECK(feed.asked() == 0);
    CHECK(feed.alive() == 0);
}
