#include "crypto/secret_stream.h"

#include <catch2/catch.hpp>
#include <type_traits>

#include "tests/unit/crypto/death.h"
#include "tests/unit/crypto/known_answers.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

namespace {

const Bytes key = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

struct Sealed {
    ByteArray<24> header;
    std::vector<Bytes> chunks;
};

Sealed three_chunks(std::string_view associated = "place") {
    StreamSealer sealer(key, as_bytes(associated));
    Sealed sealed{sealer.header(), {}};
    sealed.chunks.push_back(sealer.seal(as_bytes("first"), false));
    sealed.chunks.push_back(sealer.seal({}, false));
    sealed.chunks.push_back(sealer.seal(as_bytes("end"), true));
    return sealed;
}

}  // namespace

TEST_CASE("a stream opens chunk by chunk and knows its end") {
    const Sealed sealed = three_chunks();
    CHECK(sealed.chunks[0].size() == 5 + StreamSealer::chunk_overhead);
    StreamOpener opener(key, as_bytes("place"), sealed.header);
    const auto first = opener.open(sealed.chunks[0]);
    REQUIRE(first);
    CHECK(as_text(first->plain) == "first");
    CHECK_FALSE(first->last);
    CHECK(opener.open(sealed.chunks[1])->plain.empty());
    CHECK_FALSE(opener.ended());
    const auto end = opener.open(sealed.chunks[2]);
    REQUIRE(end);
    CHECK(as_text(end->plain) == "end");
    CHECK(end->last);
    CHECK(opener.ended());
}

TEST_CASE("a stream sealed by libsodium alone opens") {
    StreamOpener opener(
        key, as_bytes("place"),
        array_from_hex<24>("6f93705211f9c9b64e49c9423b53a333f0c28a4f098ab286"));
    CHECK(
        as_text(opener.open(from_hex("6f8d90f200c043928a2aee048a90a71a3a443b475091"))->plain) ==
        "first");
    CHECK(opener.open(from_hex("914e2a4a8104448dba4e9ae8544968e926c04cb4"))->last);
}

TEST_CASE("a stream cut short is known by the missing end") {
    const Sealed sealed = three_chunks();
    StreamOpener opener(key, as_bytes("place"), sealed.header);
    CHECK(opener.open(sealed.chunks[0]));
    CHECK(opener.open(sealed.chunks[1]));
    CHECK_FALSE(opener.ended());
}

TEST_CASE("chunks in another order, twice, or left out do not open") {
    const Sealed sealed = three_chunks();
    StreamOpener reordered(key, as_bytes("place"), sealed.header);
    CHECK_FALSE(reordered.open(sealed.chunks[1]));
    StreamOpener repeated(key, as_bytes("place"), sealed.header);
    CHECK(repeated.open(sealed.chunks[0]));
    CHECK_FALSE(repeated.open(sealed.chunks[0]));
    CHECK_FALSE(repeated.open(sealed.chunks[2]));
    CHECK_FALSE(repeated.ended());
}

TEST_CASE("nothing opens after the last chunk") {
    const Sealed sealed = three_chunks();
    StreamOpener opener(key, as_bytes("place"), sealed.header);
    for (const Bytes& chunk : sealed.chunks) CHECK(opener.open(chunk));
    for (const Bytes& chunk : sealed.chunks) CHECK_FALSE(opener.open(chunk));
}

TEST_CASE("a chunk of another stream, key, header or place does not open") {
    const Sealed sealed = three_chunks(), twin = three_chunks();
    CHECK(sealed.header != twin.header);
    StreamOpener opener(key, as_bytes("place"), sealed.header);
    CHECK_FALSE(opener.open(twin.chunks[0]));
    CHECK_FALSE(opener.open(three_chunks("elsewhere").chunks[0]));
    CHECK_FALSE(StreamOpener(Bytes(32), as_bytes("place"), sealed.header).open(sealed.chunks[0]));
    CHECK_FALSE(StreamOpener(key, as_bytes("elsewhere"), sealed.header).open(sealed.chunks[0]));
    CHECK_FALSE(StreamOpener(key, as_bytes("place"), twin.header).open(sealed.chunks[0]));
    CHECK(opener.open(sealed.chunks[0]));
}

TEST_CASE("a chunk changed in any byte or cut anywhere does not open, and spoils nothing") {
    const Sealed sealed = three_chunks();
    const Bytes& chunk = sealed.chunks[0];
    StreamOpener opener(key, as_bytes("place"), sealed.header);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
        Bytes changed = chunk;
        changed[i] ^= 0x80;
        CHECK_FALSE(opener.open(changed));
        CHECK_FALSE(opener.open(ByteView(chunk).first(i)));
    }
    CHECK(opener.open(chunk));
}

TEST_CASE("sealing after the last chunk aborts, and sealers are not copied") {
    CHECK(death_of([] {
              StreamSealer sealer(key, {});
              (void)sealer.seal({}, true);
              (void)sealer.seal({}, false);
          }).by_signal == SIGABRT);
    STATIC_REQUIRE(!std::is_copy_constructible_v<StreamSealer>);
    STATIC_REQUIRE(!std::is_copy_constructible_v<StreamOpener>);
}
