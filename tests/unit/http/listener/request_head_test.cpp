#include "protocol/http/listener/request_head.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::http;

namespace {

std::string post(std::string_view fields) {
    return "POST /v1/x HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n";
}

}  // namespace

TEST_CASE("a head is read with field names in lower case", "[http]") {
    const auto head = parse_request_head(post("Content-Length: 12\r\nX-Two: b \r\nx-two: c\r\n"));
    REQUIRE(head.has_value());
    CHECK(head->request.method == "POST");
    CHECK(head->request.target == "/v1/x");
    CHECK(head->content_length == 12);
    CHECK(head->keep_alive);
    CHECK(head->request.headers.count("x-two") == 2);
    CHECK(head->request.headers.lines()[2].value == "b");
}

TEST_CASE("a connection closes after a request that asks for it", "[http]") {
    CHECK_FALSE(parse_request_head(post("Content-Length: 0\r\nConnection: close\r\n"))->keep_alive);
}

TEST_CASE("a head with two readings of where it or its body ends is refused", "[http]") {
    for (const char* fields : {
             "Content-Length: 3\r\nContent-Length: 3\r\n",
             "Content-Length: 3\r\nContent-Length: 4\r\n",
             "Content-Length: 3, 3\r\n",
             "Content-Length: +3\r\n",
             "Content-Length: 0x3\r\n",
             "Content-Length: -1\r\n",
             "Content-Length: \r\n",
             "Content-Length: 9999999999999999999999\r\n",
             "Content-Length : 3\r\n",
             "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\n",
             "Transfer-Encoding: identity\r\nContent-Length: 3\r\n",
             "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n",
             "Content-Length: 3\r\n folded\r\n",
             "Content-Length: 3\r\nX: a\r\n\tb\r\n",
             "Content-Length: 3\nX: a\r\n",
             "Content-Length: 3\r\nX: a\rb\r\n",
             "Content-Length: 3\r\nX: a\x01\r\n",
             "Content-Length: 3\r\nHost: other\r\n",
             "Content-Length: 3\r\nNo colon\r\n",
             "Content-Length: 3\r\nBad name: x\r\n",
             "Content-Length: 3\r\n: x\r\n",
         }) {
        INFO(fields);
        const auto head = parse_request_head(post(fields));
        REQUIRE_FALSE(head.has_value());
        CHECK(status_of(head.error()) == 400);
    }
}

TEST_CASE("a zero byte in a head is refused", "[http]") {
    const std::string fields = std::string("Content-Length: 3\r\nX: a") + '\0' + "\r\n";
    CHECK(parse_request_head(post(fields)).error() == HeadError::malformed);
}

TEST_CASE("what we do not speak is refused by its own status", "[http]") {
    const auto status = [](const std::string& head) {
        const auto parsed = parse_request_head(head);
        return parsed ? 200U : status_of(parsed.error());
    };
    CHECK(status("GET / HTTP/1.1\r\nHost: h\r\n\r\n") == 200);
    CHECK(status("GET / HTTP/1.0\r\nHost: h\r\n\r\n") == 505);
    CHECK(status("GET / HTTP/2.0\r\nHost: h\r\n\r\n") == 505);
    CHECK(status("GET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(status("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n") == 501);
    CHECK(status("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n") == 501);
    CHECK(status("get / HTTP/1.1\r\nHost: h\r\n\r\n") == 501);
    CHECK(status(post("")) == 411);
    CHECK(status(post("Content-Length: 3\r\nExpect: 100-continue\r\n")) == 417);
    CHECK(status("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n") == 400);
}

TEST_CASE("a target is a path of printable characters", "[http]") {
    for (const std::string target : {"http://h/x", "*", "h:443", "/a#b", "/\x7f", "/a b", ""}) {
        INFO(target);
        CHECK_FALSE(
            parse_request_head("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").has_value());
    }
    CHECK_FALSE(parse_request_head(
        "GET /" + std::string(target_size_max, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"));
}

TEST_CASE("nothing may follow the empty line of a head, and it may not be missing", "[http]") {
    const std::string head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    CHECK_FALSE(parse_request_head(head + "x").has_value());
    CHECK_FALSE(parse_request_head(head + head).has_value());
    for (std::size_t size = 0; size < head.size(); ++size) {
        CHECK_FALSE(parse_request_head(std::string_view(head).substr(0, size)).has_value());
    }
}

TEST_CASE("a head of very many fields is refused", "[http]") {
    std::string fields = "Content-Length: 0\r\n";
    for (std::size_t i = 0; i < header_lines_max; ++i) fields += "X: a\r\n";
    CHECK_FALSE(parse_request_head(post(fields)).has_value());
}
