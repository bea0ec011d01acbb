#include "protocol/http/listener/response_head.h"

#include <catch2/catch.hpp>

#include "tests/unit/http/listener/bodies.h"

using namespace vereda;
using namespace vereda::http;
using namespace vereda::http::test;

namespace {

Request request(Headers headers, std::string method = "GET") {
    return {
        .method = std::move(method),
        .target = "/x",
        .headers = std::move(headers),
        .body = {},
        .remote = {}};
}

StreamedResponse letters(unsigned status = 200, Headers headers = {}) {
    return {
        .status = status,
        .headers = std::move(headers),
        .body = std::make_unique<Letters>(10, Letters::Announced::yes)};
}

ResponseHead answer(Headers fields, Headers headers = {}) {
    StreamedResponse response = letters(200, std::move(headers));
    return head_for(range_wish(request(std::move(fields))), response);
}

}  // namespace

TEST_CASE("a head says the length of its body, or that it comes in chunks", "[http]") {
    CHECK(
        text_of({.status = 200, .headers = {{"a", "b"}}, .size = 3}, true) ==
        "HTTP/1.1 200 \r\na: b\r\ncontent-length: 3\r\n\r\n");
    CHECK(
        text_of({.status = 200, .headers = {}, .size = {}}, false) ==
        "HTTP/1.1 200 \r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
}

TEST_CASE("a body that can be cut says so, and its part is a 206", "[http]") {
    const ResponseHead all = answer({});
    CHECK(all.status == 200);
    CHECK(all.size == 10);
    CHECK(all.headers.only("accept-ranges") == "bytes");
    const ResponseHead part = answer({{"range", "bytes=2-4"}}, {{"a", "b"}});
    CHECK(part.status == 206);
    CHECK(part.size == 3);
    CHECK(part.headers.only("content-range") == "bytes 2-4/10");
    CHECK(part.headers.only("a") == "b");
}

TEST_CASE("a range outside of the body is a 416 that lets go of the source", "[http]") {
    StreamedResponse response = letters();
    const ResponseHead head = head_for(range_wish(request({{"range", "bytes=10-"}})), response);
    CHECK(head.status == 416);
    CHECK(head.size == 0);
    CHECK(head.headers.only("content-range") == "bytes */10");
    CHECK(response.body == nullptr);
}

TEST_CASE("a range that is malformed, of another unit or several is no range", "[http]") {
    for (const char* field : {"bytes=5-4", "bytes=", "items=0-1", "bytes=0-1,3-4"}) {
        INFO(field);
        CHECK(answer({{"range", field}}).status == 200);
    }
    CHECK(answer({{"range", "bytes=0-1"}, {"range", "bytes=0-1"}}).status == 200);
}

TEST_CASE("only GET, status 200 and a source that takes ranges are cut", "[http]") {
    const RangeWish wish = range_wish(request({{"range", "bytes=0-1"}}));
    CHECK_FALSE(range_wish(request({{"range", "bytes=0-1"}}, "POST")).range.has_value());
    StreamedResponse missing = letters(404);
    const ResponseHead head = head_for(wish, missing);
    CHECK(head.status == 404);
    CHECK(head.headers.count("accept-ranges") == 0);
    StreamedResponse events{
        .status = 200,
        .headers = {},
        .body = std::make_unique<Letters>(10, Letters::Announced::no)};
    const ResponseHead going_on = head_for(wish, events);
    CHECK(going_on.status == 200);
    CHECK_FALSE(going_on.size.has_value());
    CHECK(going_on.headers.count("accept-ranges") == 0);
}

TEST_CASE("If-Range lets only the same strong etag cut the body", "[http]") {
    const auto status = [](const char* if_range, Headers headers) {
        return answer({{"range", "bytes=0-1"}, {"if-range", if_range}}, std::move(headers)).status;
    };
    CHECK(status("\"v1\"", {{"etag", "\"v1\""}}) == 206);
    CHECK(status("\"v1\"", {{"etag", "\"v2\""}}) == 200);
    CHECK(status("\"v1\"", {}) == 200);
    CHECK(status("W/\"v1\"", {{"etag", "W/\"v1\""}}) == 200);
    CHECK(status("", {{"etag", ""}}) == 200);
    CHECK(status("Tue, 01 Dec 2026 05:30:00 GMT", {{"etag", "\"v1\""}}) == 200);
    CHECK(
        answer(
            {{"range", "bytes=0-1"}, {"if-range", "\"v1\""}, {"if-range", "\"v1\""}},
            {{"etag", "\"v1\""}})
            .status == 200);
}
