#include "protocol/log/commitment.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::protocol;
using crypto::Hash;

namespace {

std::vector<Hash> some_leaves(std::size_t count) {
    std::vector<Hash> leaves(count);
    for (std::size_t i = 0; i < count; ++i) leaves[i] = crypto::blake2b_256(Bytes{std::uint8_t(i)});
    return leaves;
}

Hash node(const Hash& left, const Hash& right) {
    Bytes message;
    append(message, std::string_view("vereda/node/v1\0", 15));
    append(message, left);
    append(message, right);
    return crypto::blake2b_256(message);
}

/// The definition of RFC 6962 §2.1, word for word.
Hash root_by_definition(std::span<const Hash> leaves) {
    if (leaves.size() == 1) return leaves[0];
    std::size_t split = 1;
    while (2 * split < leaves.size()) split *= 2;
    return node(root_by_definition(leaves.first(split)), root_by_definition(leaves.subspan(split)));
}

}  // namespace

TEST_CASE("the root is that of the definition for every number of leaves", "[commitment]") {
    for (std::size_t count = 1; count <= 130; ++count) {
        const auto leaves = some_leaves(count);
        REQUIRE(merkle_root(leaves) == root_by_definition(leaves));
    }
    CHECK(merkle_root(some_leaves(512)) == root_by_definition(some_leaves(512)));
    CHECK(merkle_root({}) == Hash{});
}

TEST_CASE("the path of every leaf leads to the root, and of no other place", "[commitment]") {
    for (std::size_t count = 1; count <= 20; ++count) {
        const auto leaves = some_leaves(count);
        const Hash root = merkle_root(leaves);
        for (std::size_t i = 0; i < count; ++i) {
            const auto path = merkle_path(leaves, i);
            REQUIRE(verify_merkle_path(leaves[i], i, count, path, root));
            for (std::size_t other = 0; other < count + 2; ++other) {
                if (other == i) continue;
                REQUIRE_FALSE(verify_merkle_path(leaves[i], other, count, path, root));
            }
            REQUIRE_FALSE(verify_merkle_path(Hash{}, i, count, path, root));
        }
    }
}

TEST_CASE("a path that is cut, lengthened or changed leads nowhere", "[commitment]") {
    const auto leaves = some_leaves(11);
    const Hash root = merkle_root(leaves);
    const auto path = merkle_path(leaves, 9);
    auto longer = path;
    longer.push_back(Hash{});
    CHECK_FALSE(verify_merkle_path(leaves[9], 9, 11, longer, root));
    CHECK_FALSE(verify_merkle_path(leaves[9], 9, 11, std::span(path).first(path.size() - 1), root));
    for (std::size_t i = 0; i < path.size(); ++i) {
        auto changed = path;
        changed[i][0] ^= 1;
        CHECK_FALSE(verify_merkle_path(leaves[9], 9, 11, changed, root));
    }
}

TEST_CASE("no path leads to a tree without leaves", "[commitment]") {
    CHECK_FALSE(verify_merkle_path(Hash{}, 0, 0, {}, Hash{}));
}

TEST_CASE("a leaf depends on salt, log, seq and every byte of the entry", "[commitment]") {
    const Salt salt{{1}};
    const LogId log{{2}};
    const Bytes entry{1, 2, 3};
    LeafHasher hasher(log);
    const Hash leaf = hasher.entry(salt, {5}, entry);
    CHECK(hasher.entry(salt, {5}, entry) == leaf);
    CHECK(LeafHasher(log).entry(salt, {5}, entry) == leaf);
    CHECK(hasher.entry(Salt{{9}}, {5}, entry) != leaf);
    CHECK(hasher.entry(salt, {6}, entry) != leaf);
    CHECK(hasher.entry(salt, {5}, Bytes{1, 2, 4}) != leaf);
    CHECK(hasher.entry(salt, {5}, Bytes{1, 2}) != leaf);
    CHECK(hasher.preamble(salt, {5}, entry) != leaf);
    CHECK(LeafHasher(LogId{{3}}).entry(salt, {5}, entry) != leaf);
}
