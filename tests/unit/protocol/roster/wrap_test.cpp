#include "protocol/roster/wrap.h"

#include <catch2/catch.hpp>

#include "crypto/entropy.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"
#include "tests/unit/protocol/roster_samples.h"

namespace vereda::protocol {
namespace {

using test::filled;

const crypto::BoxKey& recipient() {
    static const crypto::BoxKey key = crypto::BoxKey::from_seed(filled<32>(1));
    return key;
}

WrapPlace place() { return {{filled<32>(2)}, {filled<16>(3)}, {4}, recipient().public_key(), {5}}; }

std::vector<SealedWrap> some_wraps(std::size_t count) {
    std::vector<SealedWrap> wraps;
    for (std::size_t i = 0; i < count; ++i) {
        wraps.push_back(
            {{filled<16>(static_cast<std::uint8_t>(i))}, {1}, filled<32>(9), Bytes(112, 7)});
    }
    return wraps;
}

}  // namespace

TEST_CASE("a wrap opens for its recipient", "[wrap]") {
    const auto key = filled<32>(0x44);
    const SealedWrap wrap = seal_wrap(place(), key);
    CHECK(wrap.wrap.size() == sealed_wrap_size);
    CHECK(wrap.turf == place().turf);
    const auto opened = open_wrap(recipient(), place(), wrap.wrap);
    REQUIRE(opened);
    CHECK(opened->equals(key));
}

TEST_CASE("a wrap does not open for anyone else", "[wrap]") {
    const auto other = crypto::BoxKey::from_seed(filled<32>(8));
    const SealedWrap wrap = seal_wrap(place(), filled<32>(0x44));
    CHECK(open_wrap(other, place(), wrap.wrap).error() == WrapError::does_not_open);
}

TEST_CASE("a wrap for another workspace, turf, epoch, recipient or position is refused", "[wrap]") {
    const SealedWrap wrap = seal_wrap(place(), filled<32>(0x44));
    WrapPlace elsewhere[5] = {place(), place(), place(), place(), place()};
    elsewhere[0].workspace = {filled<32>(6)};
    elsewhere[1].turf = {filled<16>(6)};
    elsewhere[2].epoch = {6};
    elsewhere[3].recipient = filled<32>(6);
    elsewhere[4].position = {6};
    for (const WrapPlace& wrong : elsewhere) {
        CHECK(open_wrap(recipient(), wrong, wrap.wrap).error() == WrapError::wrong_place);
    }
}

TEST_CASE("a wrap with any byte changed does not open", "[wrap]") {
    const SealedWrap wrap = seal_wrap(place(), filled<32>(0x44));
    for (std::size_t at = 0; at < wrap.wrap.size(); ++at) {
        Bytes changed = wrap.wrap;
        changed[at] ^= 0x10;
        CHECK_FALSE(open_wrap(recipient(), place(), changed));
    }
    CHECK_FALSE(open_wrap(recipient(), place(), ByteView(wrap.wrap).first(wrap.wrap.size() - 1)));
    CHECK_FALSE(open_wrap(recipient(), place(), {}));
}

TEST_CASE("the root over one wrap is its leaf as documented", "[wrap]") {
    const auto wraps = some_wraps(1);
    Bytes leaf;
    CborWriter(leaf)
        .array(4)
        .byte_string(wraps[0].turf.view())
        .unsigned_integer(1)
        .byte_string(wraps[0].recipient)
        .byte_string(wraps[0].wrap);
    CHECK(wraps_root(wraps) == WrapsRoot{domain_hash("wrap-leaf", leaf), 1});
}

TEST_CASE("no wraps have a root of zeros", "[wrap]") { CHECK(wraps_root({}) == WrapsRoot{}); }

TEST_CASE("every wrap's path leads to the root, and to no other place in it", "[wrap]") {
    for (const std::size_t count : {1, 2, 3, 5, 8, 13}) {
        const auto wraps = some_wraps(count);
        const WrapsRoot root = wraps_root(wraps);
        for (std::size_t index = 0; index < count; ++index) {
            const auto path = wrap_path(wraps, index);
            CHECK(verify_wrap_path(root, wraps[index], index, path));
            CHECK_FALSE(verify_wrap_path(root, wraps[index], index + 1, path));
            SealedWrap changed = wraps[index];
            changed.wrap[0] ^= 1;
            CHECK_FALSE(verify_wrap_path(root, changed, index, path));
            CHECK_FALSE(verify_wrap_path({root.root, count + 20}, wraps[index], index, path));
        }
    }
}

TEST_CASE("a path of the wrong length is refused", "[wrap]") {
    const auto wraps = some_wraps(5);
    auto path = wrap_path(wraps, 2);
    path.push_back(filled<32>(1));
    CHECK_FALSE(verify_wrap_path(wraps_root(wraps), wraps[2], 2, path));
    CHECK_FALSE(verify_wrap_path(wraps_root(wraps), wraps[2], 2, {}));
    CHECK_FALSE(verify_wrap_path({}, wraps[2], 0, {}));
}

}  // namespace vereda::protocol
