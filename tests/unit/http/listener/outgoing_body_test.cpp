#include "protocol/http/listener/outgoing_body.h"

#include <catch2/catch.hpp>

#include "tests/unit/http/listener/bodies.h"

using namespace vereda;
using namespace vereda::http;
using namespace vereda::http::test;

namespace {

OutgoingBody letters(std::uint64_t has, std::optional<std::uint64_t> announced) {
    return {std::make_unique<Letters>(has, Letters::Announced::yes), announced};
}

std::string all_of(OutgoingBody body) {
    std::string all;
    for (BodyState state = BodyState::more; state != BodyState::ended;) {
        OutgoingBody::Piece piece = body.next();
        all += piece.bytes;
        state = piece.state;
    }
    return all;
}

OutgoingBody saying(BodyState state, std::size_t size, std::optional<std::uint64_t> announced) {
    const auto say = [state, size](Bytes& out, std::size_t, const Wake&) {
        out.resize(size);
        return state;
    };
    return {given(say), announced};
}

}  // namespace

TEST_CASE("a body of unknown size comes in chunks of hexadecimal sizes", "[http]") {
    CHECK(all_of(letters(3, std::nullopt)) == "3\r\nabc\r\n0\r\n\r\n");
    CHECK(all_of(letters(26, std::nullopt)).starts_with("1a\r\nabc"));
    const std::string two_pieces = all_of(letters(body_piece_max + 1, std::nullopt));
    CHECK(two_pieces.starts_with("4000\r\nabc"));
    CHECK(two_pieces.ends_with("\r\n1\r\ne\r\n0\r\n\r\n"));
}

TEST_CASE("no bytes are no chunk, or they would end the body", "[http]") {
    OutgoingBody body = saying(BodyState::later, 0, std::nullopt);
    CHECK(body.next().bytes.empty());
    CHECK(all_of(saying(BodyState::ended, 0, std::nullopt)) == "0\r\n\r\n");
}

TEST_CASE("a body of known size comes bare, and ends with its last byte", "[http]") {
    CHECK(all_of(letters(3, 3)) == "abc");
    CHECK(all_of(letters(40'000, 40'000)) == Letters::text(0, 40'000));
    CHECK(all_of(letters(10, 4)) == "abcd");
    CHECK(all_of(letters(10, 0)).empty());
    CHECK(all_of({nullptr, 0}).empty());
}

TEST_CASE("a body that breaks its word is an error", "[http]") {
    CHECK_THROWS(saying(BodyState::more, body_piece_max + 1, std::nullopt).next());
    CHECK_THROWS(saying(BodyState::more, 4, 3).next());
    CHECK_THROWS(saying(BodyState::ended, 2, 3).next());
    CHECK_THROWS(saying(BodyState::more, 0, std::nullopt).next());
    CHECK_NOTHROW(saying(BodyState::more, body_piece_max, std::nullopt).next());
}
