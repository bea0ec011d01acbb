#pragma once

#include <catch2/catch.hpp>

#include "tests/unit/http/listener/bodies.h"
#include "tests/unit/http/listener/listening.h"

/// What the tests of streamed answers share.
namespace vereda::http::test {

inline constexpr std::uint64_t endless = 1ULL << 50;

inline Kind any_kind() { return GENERATE(Kind::tls, Kind::loopback, Kind::unix_socket); }

/// Answers GET with what `make` makes, and others with what they sent.
template <class Make>
Handler streaming(Make make) {
    return [make](Request request, Answer answer) {
        if (request.method != "GET") return echo(std::move(request), std::move(answer));
        answer.stream({.status = 200, .headers = {}, .body = make()});
    };
}

inline Handler letters(
    std::uint64_t size, Letters::Announced announced,
    std::shared_ptr<Letters::Told> told = std::make_shared<Letters::Told>()) {
    return streaming([=] { return std::make_unique<Letters>(size, announced, told); });
}

inline Handler feeding(Feed& feed, std::optional<std::uint64_t> size = {}) {
    return streaming([&feed, size] { return feed.body(size); });
}

inline std::string body_in(const std::string& answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

}  // namespace vereda::http::test
