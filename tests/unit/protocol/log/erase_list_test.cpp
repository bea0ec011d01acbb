#include "protocol/log/erase_list.h"

#include <catch2/catch.hpp>

#include "protocol/cbor.h"
#include "protocol/limits.h"
#include "tests/unit/protocol/vectors.h"

using namespace vereda;
using namespace vereda::protocol;
using test::from_hex;

namespace {

EmptySlots slots(std::initializer_list<std::size_t> list) {
    EmptySlots all;
    for (const std::size_t slot : list) all.set(slot);
    return all;
}

/// An erase list naming no record and one block, whose slots are spelled in CBOR.
bool takes_slots(std::string_view slots_hex) {
    Bytes wire = from_hex("828081825820");
    append(wire, Bytes(32, 7));
    append(wire, from_hex(slots_hex));
    return parse_erase_list(wire).has_value();
}

}  // namespace

TEST_CASE("an erase list is read as written", "[erase_list]") {
    const EraseList list{
        .records = {{LogId{{1}}, {4}}, {LogId{{1}}, {9}}, {LogId{{2}}, {1}}},
        .blocks = {{BlockHash{{3}}, slots({1, 200, 511})}, {BlockHash{{4}}, slots({2})}}};
    CHECK(parse_erase_list(encode_erase_list(list)) == list);
    CHECK(parse_erase_list(encode_erase_list({})) == EraseList{});
}

TEST_CASE("slots of an erase list are those of a block, ascending", "[erase_list]") {
    CHECK(takes_slots("820102"));
    CHECK(takes_slots("811901ff"));
    CHECK_FALSE(takes_slots("80"));        // none
    CHECK_FALSE(takes_slots("8100"));      // the preamble
    CHECK_FALSE(takes_slots("81190200"));  // 512
    CHECK_FALSE(takes_slots("820201"));
    CHECK_FALSE(takes_slots("820101"));
}

TEST_CASE("records out of order, twice or of no entry are refused", "[erase_list]") {
    const auto takes = [](std::initializer_list<Dot> records) {
        Bytes wire;
        CborWriter writer(wire);
        writer.array(2).array(records.size());
        for (const Dot& record : records) {
            writer.array(2).byte_string(record.log.view()).unsigned_integer(record.seq.value);
        }
        writer.array(0);
        return parse_erase_list(wire).has_value();
    };
    const LogId a{{1}};
    const LogId b{{2}};
    CHECK(takes({{a, {1}}, {b, {1}}}));
    CHECK_FALSE(takes({{b, {1}}, {a, {1}}}));
    CHECK_FALSE(takes({{a, {1}}, {a, {1}}}));
    CHECK_FALSE(takes({{a, {0}}}));
    CHECK_FALSE(takes({{a, {seq_max + 1}}}));
}

TEST_CASE("every prefix of an erase list is refused", "[erase_list]") {
    const Bytes wire = encode_erase_list(
        {.records = {{LogId{{1}}, {4}}}, .blocks = {{BlockHash{{3}}, slots({1, 300})}}});
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CHECK_FALSE(parse_erase_list(ByteView(wire).first(size)));
    }
}
