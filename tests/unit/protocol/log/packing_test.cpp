#include "protocol/log/packing.h"

#include <catch2/catch.hpp>
#include <random>

#include "protocol/limits.h"
#include "tests/unit/protocol/vectors.h"

using namespace vereda;
using namespace vereda::protocol;
using test::from_hex;

namespace {

/// A frame of one run-length block: `size` times the same byte, from a few bytes. The content size
/// is stated in four bytes, with a window descriptor or as a single segment.
Bytes run_frame(std::uint32_t content_size, std::uint32_t run, std::string_view head) {
    Bytes frame = from_hex("28b52ffd");
    append(frame, from_hex(head));
    for (int shift = 0; shift < 32; shift += 8) {
        frame.push_back(static_cast<std::uint8_t>(content_size >> shift));
    }
    const std::uint32_t block_head = run << 3 | 1 << 1 | 1;  // run-length, the last one
    for (int shift = 0; shift < 24; shift += 8) {
        frame.push_back(static_cast<std::uint8_t>(block_head >> shift));
    }
    frame.push_back('z');
    return frame;
}

constexpr std::string_view single_segment = "a0";
constexpr std::string_view window_128k = "8038";

/// A raw frame of a few bytes, to be spoilt.
Bytes small_frame() { return from_hex("28b52ffd2003190000616263"); }

bool unpacks(const Bytes& frame) { return unpack(pad_frame(frame)).has_value(); }

}  // namespace

TEST_CASE("the published Padmé sizes are ours", "[packing][vectors]") {
    for (const auto& pair : test::format_vectors().at("padme")) {
        const auto size = pair[0].get<std::size_t>();
        CAPTURE(size);
        CHECK(packed_size(size - 4) == pair[1]);
    }
}

TEST_CASE("Padmé only grows a size, and by at most an eighth", "[packing]") {
    for (std::size_t size = 2; size < 300'000; ++size) {
        const std::size_t padded = padme(size);
        REQUIRE(padded >= size);
        REQUIRE(8 * (padded - size) <= size);
        REQUIRE(padme(padded) == padded);
    }
}

TEST_CASE("what was packed is unpacked, at every level and size", "[packing]") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (const std::size_t size : {1u, 100u, 255u, 256u, 65'791u, 65'792u, 131'073u, 196'608u}) {
        Bytes noise(size);
        for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
        for (const Bytes& plain : {noise, Bytes(size, 'a')}) {
            for (const int level : {1, 3, 19}) {
                const Bytes packed = pack(plain, level);
                REQUIRE(packed.size() <= packed_size_max);
                REQUIRE(unpack(packed) == plain);
            }
        }
    }
}

TEST_CASE("a small frame unpacks until something about it is wrong", "[packing]") {
    REQUIRE(unpacks(small_frame()));
    const auto with = [](std::size_t at, std::uint8_t value) {
        Bytes frame = small_frame();
        frame[at] = value;
        return unpacks(frame);
    };
    CHECK_FALSE(with(0, 0x29));  // magic
    CHECK_FALSE(with(4, 0x24));  // checksum
    CHECK_FALSE(with(4, 0x21));  // dictionary
    CHECK_FALSE(with(4, 0x28));  // reserved bit
    CHECK_FALSE(with(4, 0x30));  // unused bit
    CHECK_FALSE(with(4, 0x00));  // no content size
    CHECK_FALSE(with(5, 2));     // less than the block holds
    CHECK_FALSE(with(5, 4));     // more than the block holds
    CHECK_FALSE(with(6, 0x18));  // not the last block
    CHECK_FALSE(with(6, 0x1f));  // a block of reserved type
}

TEST_CASE("nothing may follow the frame", "[packing]") {
    Bytes twice = small_frame();
    append(twice, small_frame());
    CHECK_FALSE(unpacks(twice));
    Bytes trailed = small_frame();
    trailed.push_back(0);
    CHECK_FALSE(unpacks(trailed));
    Bytes skippable = small_frame();
    append(skippable, from_hex("502a4d1800000000"));
    CHECK_FALSE(unpacks(skippable));
    Bytes skippable_first = from_hex("502a4d1800000000");
    append(skippable_first, small_frame());
    CHECK_FALSE(unpacks(skippable_first));
}

TEST_CASE("every prefix of a frame is refused", "[packing]") {
    const Bytes frame = small_frame();
    for (std::size_t size = 0; size < frame.size(); ++size) {
        CHECK_FALSE(
            unpacks(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size))));
    }
}

TEST_CASE("a bomb is refused before it is given memory", "[packing]") {
    CHECK(unpacks(run_frame(1000, 1000, single_segment)));
    CHECK(unpacks(run_frame(1000, 1000, window_128k)));
    CHECK_FALSE(unpacks(run_frame(0xffffffff, 1000, window_128k)));
    CHECK_FALSE(unpacks(run_frame(plain_size_max + 1, 1000, window_128k)));
    CHECK_FALSE(unpacks(run_frame(1000, 128 * 1024, single_segment)));  // states less than it gives
    CHECK_FALSE(unpacks(run_frame(1000, 1 << 20, single_segment)));
}

TEST_CASE("a window above 128 KiB is refused", "[packing]") {
    CHECK(unpacks(run_frame(131'072, 131'072, single_segment)));
    CHECK_FALSE(unpacks(run_frame(131'073, 131'073, single_segment)));
    CHECK_FALSE(unpacks(run_frame(1000, 1000, "8039")));
    CHECK_FALSE(unpacks(run_frame(1000, 1000, "8040")));
    CHECK_FALSE(unpacks(run_frame(1000, 1000, "80ff")));
}

TEST_CASE("padding is of one length and all zeros", "[packing]") {
    const Bytes good = pad_frame(small_frame());
    REQUIRE(good.size() == packed_size_min);
    for (std::size_t at = 4 + small_frame().size(); at < good.size(); ++at) {
        Bytes changed = good;
        changed[at] = 1;
        REQUIRE_FALSE(unpack(changed));
    }
    Bytes longer = good;
    longer.resize(padme(good.size() + 1));
    CHECK_FALSE(unpack(longer));
    Bytes shorter = good;
    shorter.pop_back();
    CHECK_FALSE(unpack(shorter));
}

TEST_CASE("a forged frame length is refused", "[packing]") {
    for (const std::uint32_t length : {0u, 1u, 11u, 13u, 252u, 253u, 0x7fffffffu, 0xffffffffu}) {
        Bytes packed = pad_frame(small_frame());
        for (int i = 0; i < 4; ++i) {
            packed[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
        }
        CAPTURE(length);
        CHECK_FALSE(unpack(packed));
    }
}

TEST_CASE("packed bytes beyond the limits are refused", "[packing]") {
    CHECK_FALSE(unpack(Bytes{}));
    CHECK_FALSE(unpack(Bytes(packed_size_min - 1)));
    CHECK_FALSE(unpack(Bytes(packed_size_max + 1)));
}
