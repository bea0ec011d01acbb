#include "protocol/log/preamble.h"

#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/unit/protocol/vectors.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

constexpr std::int64_t hour = 3'600'000;
const LogId own{{9}};

TableRow row(std::uint8_t log, std::uint64_t seen) { return {LogId{{log}}, {seen}, {1, 2}}; }

/// Encodes without the writer's own checks.
Bytes raw(std::int64_t base, const std::vector<TableRow>& rows) {
    Bytes out;
    CborWriter writer(out);
    writer.array(2).integer(base).array(rows.size());
    for (const auto& each : rows) {
        writer.array(3).byte_string(each.log.view()).unsigned_integer(each.seen.value);
        writer.byte_string(each.block_hash_start);
    }
    return out;
}

}  // namespace

TEST_CASE("a preamble is read as written, with heads and without", "[preamble]") {
    Preamble preamble{.base = {5 * hour}, .table = {row(1, 4), row(2, 8)}};
    auto read = parse_preamble(encode_preamble(preamble));
    REQUIRE(read);
    CHECK(read->table == preamble.table);
    CHECK_FALSE(read->heads);
    preamble.heads = {{LogId{{3}}, {7}, BlockHash{{8}}}};
    read = parse_preamble(encode_preamble(preamble));
    REQUIRE(read);
    CHECK(read->heads == preamble.heads);
    CHECK(read->base == preamble.base);
}

TEST_CASE("rows of a table ascend and appear once", "[preamble]") {
    CHECK(parse_preamble(raw(0, {row(1, 1), row(2, 1)})));
    CHECK_FALSE(parse_preamble(raw(0, {row(2, 1), row(1, 1)})));
    CHECK_FALSE(parse_preamble(raw(0, {row(1, 1), row(1, 2)})));
}

TEST_CASE("a row names an entry that can exist", "[preamble]") {
    CHECK_FALSE(parse_preamble(raw(0, {row(1, 0)})));
    CHECK(parse_preamble(raw(0, {row(1, seq_max)})));
    CHECK_FALSE(parse_preamble(raw(0, {row(1, seq_max + 1)})));
}

TEST_CASE("a base is a full hour, also before 1970", "[preamble]") {
    CHECK(parse_preamble(raw(-hour, {})));
    CHECK_FALSE(parse_preamble(raw(1, {})));
    CHECK_FALSE(parse_preamble(raw(hour - 1, {})));
    CHECK(base_of({hour + 5}) == Millis{hour});
    CHECK(base_of({hour}) == Millis{hour});
    CHECK(base_of({-1}) == Millis{-hour});
}

TEST_CASE("cut, lengthened and misshapen preambles are refused", "[preamble]") {
    Bytes wire = raw(hour, {row(1, 300)});
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CHECK_FALSE(parse_preamble(ByteView(wire).first(size)));
    }
    wire.push_back(0);
    CHECK_FALSE(parse_preamble(wire));
    CHECK_FALSE(parse_preamble(test::from_hex("8100")));
    CHECK_FALSE(parse_preamble(test::from_hex("8400808080")));
}

TEST_CASE("a reference is resolved through the table as far as it was seen", "[preamble]") {
    const std::vector<TableRow> table{row(1, 4)};
    CHECK(resolve({0, {900}}, table, own) == Dot{own, {900}});
    CHECK(resolve({1, {4}}, table, own) == Dot{LogId{{1}}, {4}});
    CHECK_FALSE(resolve({1, {5}}, table, own));
    CHECK_FALSE(resolve({2, {1}}, table, own));
    CHECK_FALSE(resolve({UINT64_MAX, {1}}, table, own));
}

TEST_CASE("a time beyond the clock's range stops at its end", "[preamble]") {
    const Preamble late{.base = {INT64_MAX - INT64_MAX % hour}};
    CHECK(entry_time(late, {.time_offset_ms = INT64_MAX}) == Millis{INT64_MAX});
    const Preamble early{.base = {-INT64_MAX + INT64_MAX % hour}};
    CHECK(entry_time(early, {.time_offset_ms = INT64_MIN}) == Millis{INT64_MIN});
    CHECK(entry_time({.base = {hour}}, {.time_offset_ms = -1}) == Millis{hour - 1});
}
