#include <atomic>
#include <catch2/catch.hpp>
#include <future>

#include "tests/unit/http/listener/streaming.h"

using namespace vereda;
using namespace vereda::http;
using namespace vereda::http::test;
using namespace std::chrono_literals;

namespace {

/// The bytes within chunks.
std::string unchunked(std::string_view chunks) {
    std::string bytes;
    while (!chunks.empty()) {
        const std::size_t line = chunks.find("\r\n");
        REQUIRE(line != std::string_view::npos);
        const auto size = std::stoul(std::string(chunks.substr(0, line)), nullptr, 16);
        bytes += chunks.substr(line + 2, size);
        REQUIRE(chunks.substr(line + 2 + size, 2) == "\r\n");
        chunks.remove_prefix(line + 2 + size + 2);
    }
    return bytes;
}

/// True when the count has stopped to grow.
bool comes_to_rest(const std::atomic<std::uint64_t>& count) {
    return becomes_true([&] {
        const std::uint64_t before = count;
        std::this_thread::sleep_for(50ms);
        return before > 0 && count == before;
    });
}

}  // namespace

TEST_CASE("a body of unknown size comes in chunks, and the connection goes on", "[http][server]") {
    Hub hub(letters(100'000, Letters::Announced::no), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get() + post("next"));
    const std::string answer = client.receive_until("\r\n0\r\n\r\n");
    CHECK(has(answer, "transfer-encoding: chunked\r\n"));
    CHECK_FALSE(has(answer, "content-length"));
    CHECK(unchunked(body_in(answer)) == Letters::text(0, 100'000));
    CHECK(client.receive().ends_with("\r\n\r\nnext"));
}

TEST_CASE(
    "a body of known size comes under its length, and the connection goes on", "[http][server]") {
    Hub hub(letters(3'000'000, Letters::Announced::yes), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    const std::string answer = client.receive();
    CHECK(has(answer, "content-length: 3000000\r\n"));
    CHECK_FALSE(has(answer, "chunked"));
    CHECK(body_in(answer) == Letters::text(0, 3'000'000));
    client.send(post("next"));
    CHECK(client.receive().ends_with("\r\n\r\nnext"));
}

TEST_CASE("a connection that is to close does so after a streamed body", "[http][server]") {
    Hub hub(letters(100'000, Letters::Announced::no), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get("Connection: close\r\n"));
    const std::string answer = client.receive_all();
    CHECK(has(answer, "connection: close\r\n"));
    CHECK(unchunked(body_in(answer)) == Letters::text(0, 100'000));
}

// Builds with assertions also see that its last read is not asked for twice.
TEST_CASE("a connection that is to close does so after a body that waited", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get("Connection: close\r\n"));
    client.receive_until("\r\n\r\n");
    CHECK(becomes_true([&] { return feed.asked() == 1; }));
    feed.end();
    CHECK(client.receive_all() == "0\r\n\r\n");
    client.vanish();
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
}

TEST_CASE("the head of a streamed answer comes before its source says anything", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    CHECK(status_in(client.receive_until("\r\n\r\n")) == 200);
}

TEST_CASE("a body that waits goes on when another thread wakes it", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    client.receive_until("\r\n\r\n");
    CHECK(becomes_true([&] { return feed.asked() == 1; }));
    for (const std::string word : {"one", "two", "three"}) {
        std::jthread([&] { feed.say(word); }).join();
        CHECK(has(client.receive_until(word + "\r\n"), word));
    }
    CHECK(feed.asked() == 4);
    feed.end();
    CHECK(client.receive_until("0\r\n\r\n") == "0\r\n\r\n");
    client.send(post("next"));
    CHECK(client.receive().ends_with("\r\n\r\nnext"));
    CHECK(becomes_true([&] { return feed.alive() == 0; }));
}

TEST_CASE("no wake is lost, from whatever threads they come", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed), {}, 2, any_kind());
    RawClient client = hub.client();
    client.send(get());
    client.receive_until("\r\n\r\n");
    std::vector<std::jthread> speakers;
    for (int i = 0; i < 4; ++i) {
        speakers.emplace_back([&feed] {
            for (int word = 0; word < 1000; ++word) feed.say("word");
        });
    }
    speakers.clear();
    feed.end();
    const std::string body = unchunked(client.receive_until("\r\n0\r\n\r\n"));
    CHECK(body.size() == 4 * 4000);
    CHECK(body.starts_with("wordword"));
}

TEST_CASE("a source that wakes while it is asked is asked again", "[http][server]") {
    int asked = 0;
    Hub hub(
        streaming([&asked] {
            return given([&asked](Bytes& out, std::size_t, const Wake& wake) {
                wake();
                append(out, "x");
                return ++asked < 3 ? BodyState::later : BodyState::ended;
            });
        }),
        {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    CHECK(unchunked(body_in(client.receive_until("\r\n0\r\n\r\n"))) == "xxx");
}

TEST_CASE(
    "a source that always wakes itself leaves others of its thread their turn", "[http][server]") {
    const auto restless = [](Bytes&, std::size_t, const Wake& wake) {
        wake();
        return BodyState::later;
    };
    Hub hub(streaming([restless] { return given(restless); }), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    CHECK(status_in(client.receive_until("\r\n\r\n")) == 200);
    RawClient other = hub.client();
    other.send(post("x"));
    CHECK(status_in(other.receive()) == 200);
    hub.server.stop();
}

TEST_CASE(
    "a client that goes while its body waits is noticed, and its source let go", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed), {}, 1, any_kind());
    for (const bool politely : {true, false}) {
        {
            RawClient client = hub.client();
            client.send(get());
            client.receive_until("\r\n\r\n");
            CHECK(becomes_true([&] { return feed.alive() == 1; }));
            if (!politely) client.vanish();
        }
        CHECK(becomes_true([&] { return feed.alive() == 0; }));
        CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
        feed.wake();  // for nobody
    }
}

TEST_CASE("a client that goes in the middle of a body lets go of its source", "[http][server]") {
    const auto told = std::make_shared<Letters::Told>();
    Hub hub(
        letters(endless, GENERATE(Letters::Announced::yes, Letters::Announced::no), told), {}, 1,
        any_kind());
    RawClient client = hub.client();
    client.send(get());
    client.receive_until("xyz");
    CHECK(told->alive == 1);
    client.vanish();
    CHECK(becomes_true([&] { return told->alive == 0; }));
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
    RawClient next = hub.client();
    next.send(post("x"));
    CHECK(status_in(next.receive()) == 200);
}

TEST_CASE(
    "a source is asked for no more than its reader takes, and a reader that does not read is "
    "dropped",
    "[http][server]") {
    const auto told = std::make_shared<Letters::Told>();
    Limits limits;
    limits.stall_time = 1000ms;
    Hub hub(letters(endless, Letters::Announced::no, told), limits, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    CHECK(comes_to_rest(told->given));
    CHECK(told->alive == 1);
    CHECK(told->given < 64'000'000);
    CHECK(becomes_true([&] { return told->alive == 0; }));
    CHECK(hub.server.counts().timed_out == 1);
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
}

TEST_CASE("a slow reader that reads on is served to the end", "[http][server]") {
    Limits limits;
    limits.stall_time = 1000ms;
    Feed feed;
    Hub hub(feeding(feed), limits, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    for (int i = 0; i < 4; ++i) {
        feed.say("word");
        CHECK(has(client.receive_until("word\r\n"), "word"));
        std::this_thread::sleep_for(400ms);
    }
    feed.end();
    CHECK(client.receive_until("0\r\n\r\n") == "0\r\n\r\n");
}

TEST_CASE("a request that comes while a body waits is answered after it", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    client.receive_until("\r\n\r\n");
    CHECK(becomes_true([&] { return feed.asked() == 1; }));
    client.send(post("early") + post("second"));
    std::this_thread::sleep_for(50ms);
    feed.say("word");
    CHECK(has(client.receive_until("word\r\n"), "word"));
    feed.end();
    CHECK(client.receive_until("0\r\n\r\n") == "0\r\n\r\n");
    CHECK(client.receive().ends_with("\r\n\r\nearly"));
    CHECK(client.receive().ends_with("\r\n\r\nsecond"));
}

TEST_CASE("a connection that idles after a body that waited is closed in time", "[http][server]") {
    Limits limits;
    limits.idle_time = 300ms;
    Feed feed;
    Hub hub(feeding(feed), limits, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    client.receive_until("\r\n\r\n");
    std::this_thread::sleep_for(500ms);  // a body may be silent for longer than that
    feed.end();
    CHECK(client.receive_until("0\r\n\r\n") == "0\r\n\r\n");
    CHECK_FALSE(client.is_closed_within(100));
    CHECK(client.is_closed_within(3000));
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
}

TEST_CASE("a source that throws or gives too little ends its connection alone", "[http][server]") {
    Hub hub(
        [](const Request& request, Answer answer) {
            const bool throws = request.headers.count("throws") > 0;
            auto next = [throws, first = true](Bytes& out, std::size_t, const Wake&) mutable {
                if (!first && throws) throw std::runtime_error("disk failed");
                append(out, "x");
                return std::exchange(first, false) ? BodyState::more : BodyState::ended;
            };
            answer.stream({.status = 200, .headers = {}, .body = given(next, 9)});
        },
        {}, 1, any_kind());
    for (const char* field : {"Throws: 1\r\n", ""}) {
        RawClient client = hub.client();
        client.send(get(field));
        CHECK(has(client.receive_all(), "content-length: 9\r\n\r\nx"));
    }
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
    CHECK(hub.events.all() == "session_failed\nsession_failed\n");
}

TEST_CASE("a source that throws after it waited closes its connection too", "[http][server]") {
    Feed feed;
    Hub hub(feeding(feed, 5), {}, 1, any_kind());
    RawClient client = hub.client();
    client.send(get());
    client.receive_until("\r\n\r\n");
    CHECK(becomes_true([&] { return feed.asked() == 1; }));
    feed.end();  // too early
    CHECK(client.is_closed_within(3000));
    CHECK(becomes_true([&] { return hub.server.counts().open == 0; }));
}

TEST_CASE("a streamed answer that comes too late is let go unasked", "[http][server]") {
    Limits limits;
    limits.answer_time = 100ms;
    Feed feed;
    std::promise<Answer> held;
    Hub hub([&](const Request&, Answer answer) { held.set_value(std::move(answer)); }, limits);
    RawClient client = hub.client();
    client.send(get());
    CHECK(status_in(client.receive()) == 503);
    held.get_future().get().stream({.status = 200, .headers = {}, .body = feed.body()});
    CHECK(becomes_true([&] { return feed.alive() == 0; }));
    CHECK(feed.asked() == 0);
}

TEST_CASE("a part of a download is sent as asked, over each kind of listener", "[http][server]") {
    Hub hub(letters(100'000, Letters::Announced::yes), {}, 1, any_kind());
    RawClient client = hub.client();
    const auto ask = [&](const std::string& range) {
        client.send(get("Range: " + range + "\r\n"));
        return client.receive();
    };
    const std::string middle = ask("bytes=20000-69999");
    CHECK(status_in(middle) == 206);
    CHECK(has(middle, "content-range: bytes 20000-69999/100000\r\n"));
    CHECK(body_in(middle) == Letters::text(20'000, 50'000));
    CHECK(body_in(ask("bytes=99990-")) == Letters::text(99'990, 10));
    CHECK(body_in(ask("bytes=-5")) == Letters::text(99'995, 5));
    const std::string none = ask("bytes=100000-");
    CHECK(status_in(none) == 416);
    CHECK(has(none, "content-range: bytes */100000\r\n"));
    CHECK(body_in(none).empty());
    CHECK(body_in(ask("bytes=0-1,5-6")).size() == 100'000);
    CHECK(body_in(ask("bytes=9-1")).size() == 100'000);
}

TEST_CASE("Range changes nothing of an answer that is whole", "[http][server]") {
    Hub hub([](const Request&, Answer answer) {
        answer({.status = 200, .headers = {}, .body = {'a', 'b', 'c'}});
    });
    RawClient client = hub.client();
    client.send(get());
    const std::string without = client.receive();
    client.send(get("Range: bytes=0-1\r\n"));
    CHECK(client.receive() == without);
}
