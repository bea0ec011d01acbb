#include "protocol/cbor.h"

#include <catch2/catch.hpp>
#include <random>

#include "protocol/ids.h"
#include "tests/unit/protocol/vectors.h"

using namespace vereda;
using namespace vereda::protocol;
using test::from_hex;
using test::to_hex;

namespace {

/// Reads one item and writes it again, through the typed calls rather than `item`.
void copy_item(CborReader& from, CborWriter& to) {
    using Kind = CborReader::Kind;
    switch (from.peek()) {
        case Kind::unsigned_integer:
            to.unsigned_integer(from.unsigned_integer());
            return;
        case Kind::negative_integer:
            to.integer(from.integer());
            return;
        case Kind::byte_string:
            to.byte_string(from.byte_string());
            return;
        case Kind::text:
            to.text(from.text());
            return;
        case Kind::boolean:
            to.boolean(from.boolean());
            return;
        case Kind::null:
            REQUIRE(from.take_null());
            to.null();
            return;
        case Kind::array: {
            std::size_t left = from.array();
            for (to.array(left); left > 0 && from.ok(); --left) copy_item(from, to);
            return;
        }
        case Kind::map: {
            std::size_t left = 2 * from.map();
            for (to.map(left / 2); left > 0 && from.ok(); --left) copy_item(from, to);
            return;
        }
        case Kind::end:
        case Kind::malformed:
            from.fail();
    }
}

bool accepts(ByteView wire) {
    CborReader reader(wire);
    const ByteView item = reader.item();
    return reader.finished() && item.size() == wire.size();
}

bool accepts(std::string_view hex) { return accepts(from_hex(hex)); }

std::string rewritten(ByteView wire) {
    Bytes out;
    CborReader reader(wire);
    CborWriter writer(out);
    copy_item(reader, writer);
    return reader.finished() ? to_hex(out) : "refused";
}

/// RFC 8949's examples that lie outside our subset: by the first byte of the item, or too large.
bool outside_subset(const Bytes& wire) {
    const std::uint8_t first = wire[0];
    return first >> 5 == 6 || (first >> 5 == 7 && (first < 0xf4 || first > 0xf6)) ||
           to_hex(wire).ends_with("bffffffffffffffff");
}

std::string nested(int depth, std::string_view container, std::string_view innermost) {
    std::string hex;
    for (int i = 0; i < depth; ++i) hex += container;
    return hex + std::string(innermost);
}

}  // namespace

TEST_CASE("the examples of RFC 8949 are read and written alike, or refused", "[cbor]") {
    int taken = 0;
    for (const auto& example : test::load_vectors("cbor/appendix_a.json")) {
        const Bytes wire = test::hex_at(example, "hex");
        const bool ours = example.at("roundtrip").get<bool>() && !outside_subset(wire);
        CAPTURE(to_hex(wire));
        CHECK(accepts(wire) == ours);
        CHECK(rewritten(wire) == (ours ? to_hex(wire) : "refused"));
        taken += ours;
    }
    CHECK(taken == 35);
}

TEST_CASE("the format's own lists are accepted and refused", "[cbor]") {
    const auto& vectors = test::format_vectors();
    REQUIRE(vectors.at("cbor_accept").size() == 11);
    REQUIRE(vectors.at("cbor_refuse").size() == 13);
    for (const auto& hex : vectors.at("cbor_accept")) {
        CAPTURE(hex);
        CHECK(accepts(hex.get<std::string>()));
    }
    for (const auto& hex : vectors.at("cbor_refuse")) {
        CAPTURE(hex);
        CHECK_FALSE(accepts(hex.get<std::string>()));
    }
}

TEST_CASE("an integer has one encoding, the shortest", "[cbor]") {
    for (const auto* hex :
         {"17", "1818", "18ff", "190100", "19ffff", "1a00010000", "1affffffff",
          "1b0000000100000000", "1b7fffffffffffffff", "37", "3818", "3b7fffffffffffffff"}) {
        CAPTURE(hex);
        CHECK(accepts(hex));
    }
    for (const auto* hex :
         {"1800", "1817", "190000", "1900ff", "1a00000000", "1a0000ffff", "1b0000000000000000",
          "1b00000000ffffffff", "1b8000000000000000", "3817", "1c", "1d", "1e", "1f",
          "3b8000000000000000"}) {
        CAPTURE(hex);
        CHECK_FALSE(accepts(hex));
    }
}

TEST_CASE("lengths and counts have one encoding, the shortest", "[cbor]") {
    for (const auto* hex : {"580100", "780161", "9800", "98010a", "b800", "59000100", "5800"}) {
        CAPTURE(hex);
        CHECK_FALSE(accepts(hex));
    }
}

TEST_CASE("the ends of the integers are read as they were written", "[cbor]") {
    for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
        Bytes wire;
        CborWriter(wire).integer(value);
        CborReader reader(wire);
        CHECK(reader.integer() == value);
        CHECK(reader.finished());
    }
}

TEST_CASE("an unsigned integer is not read from a negative one", "[cbor]") {
    const Bytes wire = from_hex("20");
    CborReader reader(wire);
    CHECK(reader.unsigned_integer() == 0);
    CHECK_FALSE(reader.ok());
}

TEST_CASE("keys of a map are unique and ascend by their encodings", "[cbor]") {
    CHECK(accepts("a3010218180261610a"));      // 1, 24, "a"
    CHECK(accepts("a2200061610a"));            // -1 before "a"
    CHECK_FALSE(accepts("a201020102"));        // twice
    CHECK_FALSE(accepts("a202020102"));        // falling
    CHECK(accepts("a219010002616103"));        // 256 before "a"
    CHECK_FALSE(accepts("a261610219010003"));  // "a" before 256
    CHECK(accepts("a261620162616103"));        // "b" before "aa": its head is smaller
    CHECK_FALSE(accepts("a262616103616201"));
}

TEST_CASE("a map inside a map is held to the same rule", "[cbor]") {
    CHECK(accepts("a101a201020304"));
    CHECK_FALSE(accepts("a101a203020104"));
    CHECK_FALSE(accepts("81a201020104"));
    CHECK_FALSE(accepts("a1a20102010403"));  // as a key
}

TEST_CASE("nothing may follow an item", "[cbor]") {
    CHECK_FALSE(accepts("0000"));
    CHECK_FALSE(accepts("8000"));
    CHECK_FALSE(accepts(""));
}

TEST_CASE("indefinite lengths, tags, floats and unknown simple values are refused", "[cbor]") {
    for (const auto* hex :
         {"5f4100ff", "7f6161ff", "9f00ff", "bf0000ff", "ff", "c000", "d81800", "f93c00",
          "fa47c35000", "fb3ff199999999999a", "f7", "f3", "e0", "f814", "f815", "f816", "f8ff"}) {
        CAPTURE(hex);
        CHECK_FALSE(accepts(hex));
        CHECK_FALSE(accepts("81" + std::string(hex)));
    }
}

TEST_CASE("sixteen levels are read and seventeen refused", "[cbor]") {
    CHECK(accepts(nested(16, "81", "00")));
    CHECK(accepts(nested(15, "81", "80")));
    CHECK(accepts(nested(16, "a100", "00")));
    CHECK_FALSE(accepts(nested(17, "81", "00")));
    CHECK_FALSE(accepts(nested(16, "81", "80")));
    CHECK_FALSE(accepts(nested(17, "a100", "00")));
    CHECK_FALSE(accepts(nested(100'000, "81", "00")));
}

TEST_CASE("levels that the caller entered count", "[cbor]") {
    const Bytes wire = from_hex(nested(16, "81", "00"));
    CborReader reader(wire);
    reader.array_of(1);
    CborReader copy = reader;
    CHECK(copy.item(1).size() == 16);
    CHECK(copy.finished());
    CHECK(reader.item(2).empty());
    CHECK_FALSE(reader.ok());
}

TEST_CASE("a length beyond what is left is refused before anything is done", "[cbor]") {
    for (const auto* major : {"5", "7", "9", "b"}) {
        for (const auto* length :
             {"81801", "9ffff01", "affffffff01", "b7fffffffffffffff01", "bffffffffffffffff01"}) {
            const std::string hex = std::string(major) + length;
            CAPTURE(hex);
            CHECK_FALSE(accepts(hex));
        }
    }
    CHECK_FALSE(accepts("8301"));
    CHECK_FALSE(accepts("a2010203"));
}

TEST_CASE("every prefix of an item is refused", "[cbor]") {
    const Bytes whole = from_hex("a50a011864022003617a0462616105");
    REQUIRE(accepts(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(accepts(ByteView(whole).first(size)));
    }
}

TEST_CASE("text is well-formed UTF-8", "[cbor]") {
    for (const std::string_view good :
         {"", "a", "ü", "水", "\xf0\x90\x85\x91", "\xed\x9f\xbf", "\xee\x80\x80",
          "\xf4\x8f\xbf\xbf", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80",
          "long enough for a word: año"}) {
        CAPTURE(good);
        CHECK(is_valid_utf8(good));
    }
    for (const std::string_view bad :
         {"\x80",
          "\xbf",
          "\xc0\x80",
          "\xc1\xbf",
          "\xc2",
          "\xe0\x80\x80",
          "\xe0\x9f\xbf",
          "\xe1\x80",
          "\xed\xa0\x80",
          "\xed\xbf\xbf",
          "\xf0\x80\x80\x80",
          "\xf0\x8f\xbf\xbf",
          "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80",
          "\xff",
          "\xfe",
          "ok so far \xc3",
          "\xc3(",
          "\xe2\x28\xa1",
          "\xf0\x90\x80(",
          "eight by\xff"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_utf8(bad));
        Bytes wire{static_cast<std::uint8_t>(0x60 + bad.size())};
        append(wire, bad);
        CHECK_FALSE(accepts(wire));
    }
}

TEST_CASE("after an error every read is empty and the reader stays in error", "[cbor]") {
    const Bytes wire = from_hex("6161820102");
    CborReader reader(wire);
    CHECK(reader.unsigned_integer() == 0);
    CHECK(reader.peek() == CborReader::Kind::malformed);
    CHECK(reader.text().empty());
    CHECK(reader.array() == 0);
    CHECK(reader.map() == 0);
    CHECK(reader.byte_string().empty());
    CHECK(reader.integer() == 0);
    CHECK_FALSE(reader.boolean());
    CHECK_FALSE(reader.take_null());
    CHECK(reader.item().empty());
    CHECK_FALSE(reader.ok());
    CHECK_FALSE(reader.finished());
}

TEST_CASE("a byte string of another size is no id", "[cbor]") {
    const Bytes wire = from_hex("4f000102030405060708090a0b0c0d0e");
    CborReader reader(wire);
    CHECK(reader.id<TurfId>().is_zero());
    CHECK_FALSE(reader.ok());
}

TEST_CASE("bytes in any disorder never read beyond their end", "[cbor]") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 20'000; ++round) {
        Bytes wire(random() % 40);
        for (auto& byte : wire) byte = static_cast<std::uint8_t>(random());
        const bool accepted = accepts(wire);
        const std::string copy = rewritten(wire);
        // `item` also checks the order of keys and the depth; whatever it takes, the writer
        // repeats.
        if (accepted) CHECK(copy == to_hex(wire));
    }
}
