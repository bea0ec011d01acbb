#include "crypto/hash.h"

#include <catch2/catch.hpp>

#include "tests/unit/crypto/death.h"
#include "tests/unit/crypto/known_answers.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

namespace {

/// 00 01 02 … as in the published vectors.
Bytes counting(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
}

Bytes in_pieces(ByteView message, ByteView key, std::size_t piece) {
    Blake2b hash(64, key);
    for (; message.size() > piece; message = message.subspan(piece))
        hash.update(message.first(piece));
    hash.update(message);
    Bytes out(64);
    hash.finish(out);
    return out;
}

}  // namespace

TEST_CASE("BLAKE2b agrees with its authors' 512 answers, whole and in pieces") {
    const auto answers = load_vectors("blake2/blake2b-kat.json");
    REQUIRE(answers.size() == 512);
    for (const auto& answer : answers) {
        const Bytes message = hex_at(answer, "in"), key = hex_at(answer, "key");
        const Bytes wanted = hex_at(answer, "out");
        Bytes out(64);
        blake2b(out, message, key);
        CHECK(out == wanted);
        CHECK(in_pieces(message, key, 1) == wanted);
        CHECK(in_pieces(message, key, 100) == wanted);
    }
}

// The answers below were computed with Python's hashlib, which carries the authors' reference code.
TEST_CASE("256 bits are a hash of their own, not a cut one") {
    CHECK(
        blake2b_256({}) ==
        array_from_hex<32>("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"));
    CHECK(
        blake2b_256(as_bytes("abc"), counting(32)) ==
        array_from_hex<32>("d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f"));
}

TEST_CASE("other widths and the longest key are as in the reference") {
    Bytes out(24);
    blake2b(out, as_bytes("abc"), counting(64));
    CHECK(out == from_hex("549658c8e0886858274bfee4a8c5eb05f9b66408cb72fec4"));
}

TEST_CASE("a derived key follows from key and personalisation, padded with zeros") {
    Hash pay, commit;
    derive_key(pay, counting(32), "vereda/pay/v1");
    derive_key(commit, counting(32), "vereda/commit/v1");  // all 16 characters
    CHECK(
        pay ==
        array_from_hex<32>("b8169a7c06e1c0f76581f6798d45311ae930efbe88267a86e1e92caa50b90d28"));
    CHECK(
        commit ==
        array_from_hex<32>("9ec71413ccbac1296d61a313aa99fe1d15a72c9a6d6c206a4e51db09a1d6af9a"));
}

TEST_CASE("a copy of a half-fed hash goes on by itself") {
    Blake2b common;
    common.update("vereda/");
    Blake2b copy = common;
    CHECK(copy.update("a").finish_256() == blake2b_256(as_bytes("vereda/a")));
    CHECK(common.update("b").finish_256() == blake2b_256(as_bytes("vereda/b")));
}

TEST_CASE("asking another width than was begun, or twice, aborts") {
    CHECK(death_of([] { (void)Blake2b(64).finish_256(); }).by_signal == SIGABRT);
    CHECK(death_of([] {
              Blake2b hash;
              (void)hash.finish_256();
              (void)hash.finish_256();
          }).by_signal == SIGABRT);
    CHECK(death_of([] {
              Bytes narrow(8);
              blake2b(narrow, {});
          }).by_signal == SIGABRT);
}
