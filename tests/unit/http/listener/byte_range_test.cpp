#include "protocol/http/listener/byte_range.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

using namespace vereda::http;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::string spelled(const RangeField& field) {
    const auto text = [](std::optional<std::uint64_t> number) {
        return number ? std::to_string(*number) : std::string();
    };
    return "bytes=" + text(field.first) + "-" + text(field.last);
}

std::optional<ByteRange> part(std::string_view field, std::uint64_t size) {
    const auto parsed = parse_range(field);
    REQUIRE(parsed.has_value());
    return range_within(*parsed, size);
}

}  // namespace

TEST_CASE("a range is read in its three forms", "[http]") {
    CHECK(parse_range("bytes=0-499") == RangeField{.first = 0, .last = 499});
    CHECK(parse_range("bytes=500-") == RangeField{.first = 500, .last = {}});
    CHECK(parse_range("bytes=-500") == RangeField{.first = {}, .last = 500});
    CHECK(parse_range("Bytes=007-7") == RangeField{.first = 7, .last = 7});
}

TEST_CASE("a number beyond 64 bits is read as the largest", "[http]") {
    CHECK(parse_range("bytes=0-18446744073709551615")->last == most);
    CHECK(parse_range("bytes=0-18446744073709551616")->last == most);
    CHECK(parse_range("bytes=0-" + std::string(400, '9'))->last == most);
    CHECK(parse_range("bytes=0-18446744073709551614")->last == most - 1);
}

TEST_CASE("what is no range is told from another unit and from several ranges", "[http]") {
    for (const char* field :
         {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=a-b", "bytes=1-2-3", "bytes=--5",
          "bytes= 1-2", "bytes=1 -2", "bytes=1-2 ", "bytes=+1-2", "bytes=0x1-2", "bytes=5-4",
          "bytes=1-a", "bytes=a-1"}) {
        INFO(field);
        CHECK(parse_range(field).error() == RangeError::malformed);
    }
    CHECK(parse_range("items=0-5").error() == RangeError::other_unit);
    CHECK(parse_range("byte=0-5").error() == RangeError::other_unit);
    CHECK(parse_range("=0-5").error() == RangeError::other_unit);
    CHECK(parse_range("bytes=0-1,3-4").error() == RangeError::several);
    CHECK(parse_range("bytes=0-1,").error() == RangeError::several);
}

TEST_CASE("a range is cut to the body", "[http]") {
    CHECK(part("bytes=2-4", 10) == ByteRange{.first = 2, .size = 3});
    CHECK(part("bytes=0-0", 10) == ByteRange{.first = 0, .size = 1});
    CHECK(part("bytes=9-", 10) == ByteRange{.first = 9, .size = 1});
    CHECK(part("bytes=2-400", 10) == ByteRange{.first = 2, .size = 8});
    CHECK(part("bytes=-3", 10) == ByteRange{.first = 7, .size = 3});
    CHECK(part("bytes=-300", 10) == ByteRange{.first = 0, .size = 10});
    CHECK(part("bytes=0-", most) == ByteRange{.first = 0, .size = most});
}

TEST_CASE("a range without a byte of the body cannot be served", "[http]") {
    CHECK_FALSE(part("bytes=10-", 10).has_value());
    CHECK_FALSE(part("bytes=10-20", 10).has_value());
    CHECK_FALSE(part("bytes=-0", 10).has_value());
    CHECK_FALSE(part("bytes=0-", 0).has_value());
    CHECK_FALSE(part("bytes=-5", 0).has_value());
}

TEST_CASE("Content-Range names the first and the last byte, or the size alone", "[http]") {
    CHECK(content_range(ByteRange{.first = 2, .size = 3}, 10) == "bytes 2-4/10");
    CHECK(content_range(std::nullopt, 10) == "bytes */10");
}

TEST_CASE("every range that is served is what the same cut of the body would be", "[http]") {
    std::mt19937 random(20260);
    const auto below = [&](std::uint64_t end) {
        return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random);
    };
    for (int round = 0; round < 20'000; ++round) {
        const std::uint64_t size = below(12);
        RangeField field;
        if (below(3) != 0) field.first = below(14);
        if (!field.first || below(3) != 0) field.last = field.first.value_or(0) + below(14);
        INFO(spelled(field) << " of " << size);
        REQUIRE(parse_range(spelled(field)) == field);
        std::string wanted;
        for (std::uint64_t at = 0; at < size; ++at) {
            const bool is_asked = field.first
                                      ? at >= *field.first && at <= field.last.value_or(most)
                                      : size - at <= *field.last;
            if (is_asked) wanted += static_cast<char>('a' + at);
        }
        const auto served = range_within(field, size);
        const std::string body = std::string("abcdefghijkl").substr(0, size);
        CHECK((served ? body.substr(served->first, served->size) : "") == wanted);
        CHECK((!served || served->size > 0));
    }
}
