#include "protocol/log/entry.h"

#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/unit/protocol/vectors.h"

using namespace vereda;
using namespace vereda::protocol;
using test::from_hex;
using test::to_hex;

TEST_CASE("an entry of every optional part is read as written", "[entry]") {
    const Bytes body = from_hex("820102");
    for (const bool with_record : {false, true}) {
        for (const bool with_parent : {false, true}) {
            Entry entry{.type = 3, .version = 2, .critical = true, .time_offset_ms = -77};
            if (with_record) entry.record = {1, {5}};
            if (with_parent) entry.parent = {0, {1}};
            entry.body = body;
            const Bytes wire = encode_entry(entry);
            const auto read = parse_entry(wire);
            REQUIRE(read);
            CHECK(read->type == 3);
            CHECK(read->version == 2);
            CHECK(read->critical);
            CHECK(read->record == entry.record);
            CHECK(read->parent == entry.parent);
            CHECK(read->time_offset_ms == -77);
            CHECK(to_hex(read->body) == to_hex(body));
        }
    }
}

TEST_CASE("an envelope is readable whatever its type, version and body", "[entry]") {
    for (const auto* body : {"00", "f6", "a10102", "6161", "80"}) {
        CHECK(parse_entry(from_hex("871903e71863f5820001f600" + std::string(body))));
    }
}

TEST_CASE("malformed envelopes are refused", "[entry]") {
    const std::string head = "870201f4";
    CHECK(parse_entry(from_hex(head + "820001f60080")));
    CHECK_FALSE(parse_entry(from_hex(head + "820000f60080")));    // seq 0
    CHECK_FALSE(parse_entry(from_hex(head + "83000100f60080")));  // three parts
    CHECK_FALSE(parse_entry(from_hex(head + "820001f6f680")));    // no time
    CHECK_FALSE(parse_entry(from_hex(head + "820001f6008000")));  // more after it
    CHECK_FALSE(parse_entry(from_hex(head + "820001f600")));      // no body
    CHECK_FALSE(
        parse_entry(from_hex("8702010082"
                             "0001f60080")));                      // critical is no number
    CHECK_FALSE(parse_entry(from_hex("872001f4820001f60080")));    // negative type
    CHECK_FALSE(parse_entry(from_hex("880201f4820001f6008000")));  // eight parts
    CHECK_FALSE(
        parse_entry(from_hex(head + "82001b0000010000000000f60080")));  // seq above the limit
}

TEST_CASE("the body obeys the rules of CBOR, and its depth counts from the envelope", "[entry]") {
    const std::string head = "870201f4820001f600";
    CHECK_FALSE(
        parse_entry(from_hex(
            head + "a2020101"
                   "01")));
    CHECK_FALSE(parse_entry(from_hex(head + "f7")));
    std::string deep;
    for (int i = 0; i < 15; ++i) deep += "81";
    CHECK(parse_entry(from_hex(head + deep + "00")));
    CHECK_FALSE(parse_entry(from_hex(head + "81" + deep + "00")));
}

TEST_CASE("an entry may fill its limit and not pass it", "[entry]") {
    const auto of_size = [](std::size_t size) {
        Bytes body;
        CborWriter(body).byte_string(Bytes(size - 12));
        Bytes wire = from_hex("870201f4820001f600");
        append(wire, body);
        REQUIRE(wire.size() == size);
        return wire;
    };
    CHECK(parse_entry(of_size(entry_size_max)));
    CHECK(parse_entry(of_size(entry_size_max + 1)).error() == EntryError::too_large);
}

TEST_CASE("every prefix of an entry is refused", "[entry]") {
    const Bytes wire =
        from_hex("870201f482011828f61a0002cad8830300736b6e6f636b65642c20616e7377657220373537");
    REQUIRE(parse_entry(wire));
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CHECK_FALSE(parse_entry(ByteView(wire).first(size)));
    }
}
