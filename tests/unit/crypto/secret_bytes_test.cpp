#include "crypto/secret_bytes.h"

#include <catch2/catch.hpp>
#include <ostream>
#include <type_traits>
#include <utility>

#include "tests/unit/crypto/death.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};
template <class T>
concept Comparable = requires(const T& a, const T& b) {
    a == b;
};

}  // namespace

TEST_CASE("a secret can be moved, but neither copied, printed, nor compared carelessly") {
    STATIC_REQUIRE(!std::is_copy_constructible_v<SecretBytes>);
    STATIC_REQUIRE(!std::is_copy_assignable_v<SecretBytes>);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<SecretBytes>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<SecretBytes>);
    STATIC_REQUIRE(!Printable<SecretBytes>);
    STATIC_REQUIRE(!Comparable<SecretBytes>);
    STATIC_REQUIRE(!std::is_convertible_v<SecretBytes, ByteView>);
    STATIC_REQUIRE(!std::is_convertible_v<std::size_t, SecretBytes>);
}

TEST_CASE("a new secret is zeros, a moved-from one is empty") {
    SecretBytes secret(5);
    CHECK(secret.equals(Bytes(5, 0)));
    secret.writable()[2] = 9;
    SecretBytes taken(std::move(secret));
    CHECK(taken.equals(Bytes{0, 0, 9, 0, 0}));
    CHECK(secret.empty());  // NOLINT(bugprone-use-after-move): the very claim
    secret = std::move(taken);
    CHECK(secret.equals(Bytes{0, 0, 9, 0, 0}));
    CHECK(taken.empty());  // NOLINT(bugprone-use-after-move): the very claim
}

TEST_CASE("a clone is equal and independent") {
    SecretBytes secret = SecretBytes::copy_of(as_bytes("stile"));
    SecretBytes clone = secret.clone();
    CHECK(clone.equals(secret.view()));
    clone.writable()[0] = 'S';
    CHECK(secret.equals(as_bytes("stile")));
    CHECK_FALSE(clone.equals(secret.view()));
}

TEST_CASE("a secret may be empty, and assigned to itself") {
    const SecretBytes none = SecretBytes::copy_of({});
    CHECK(none.empty());
    CHECK(none.clone().equals({}));
    SecretBytes secret = SecretBytes::copy_of(as_bytes("gate"));
    SecretBytes& same = secret;
    secret = std::move(same);
    CHECK(secret.equals(as_bytes("gate")));
}

TEST_CASE("random secrets come from the entropy handed in") {
    SeededEntropy one(1), same(1);
    CHECK(SecretBytes::random(32, one).equals(SecretBytes::random(32, same).view()));
}

TEST_CASE("different sizes are different, equal bytes equal") {
    CHECK(equal_in_constant_time(as_bytes("ab"), as_bytes("ab")));
    CHECK_FALSE(equal_in_constant_time(as_bytes("ab"), as_bytes("abc")));
    CHECK_FALSE(equal_in_constant_time(as_bytes("ab"), as_bytes("aB")));
    CHECK(equal_in_constant_time({}, {}));
}

TEST_CASE("wiping leaves zeros") {
    Bytes bytes{1, 2, 3};
    wipe(bytes);
    CHECK(bytes == Bytes{0, 0, 0});
}

TEST_CASE("writing one byte past a secret kills the program at once") {
    const auto death = death_of([] {
        SecretBytes secret(32);
        const_cast<volatile std::uint8_t*>(secret.writable().data())[32] = 1;
    });
    CHECK((death.by_signal == SIGSEGV || death.by_signal == SIGBUS));
}
