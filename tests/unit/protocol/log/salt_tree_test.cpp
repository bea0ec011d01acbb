#include "protocol/log/salt_tree.h"

#include <catch2/catch.hpp>
#include <random>

#include "tests/unit/protocol/format_world.h"

using namespace vereda;
using namespace vereda::protocol;
using test::format_vectors;
using test::to_hex;

namespace {

const Salt a_seed{{7, 7, 7}};

EmptySlots slots_of(std::initializer_list<std::size_t> list) {
    EmptySlots slots;
    for (const std::size_t slot : list) slots.set(slot);
    return slots;
}

Salts all_salts(const Salt& seed, std::uint32_t count) {
    Salts salts{};
    REQUIRE(expand_cover({&seed, 1}, count, {}, salts));
    return salts;
}

}  // namespace

TEST_CASE("the published salt tree is ours", "[salt_tree][vectors]") {
    const auto& vector = format_vectors().at("salt_tree");
    const Salt seed = test::id_at<Salt>(vector, "seed");
    const auto children = salt_children(seed);
    for (std::size_t j = 0; j < 4; ++j) CHECK(to_hex(children[j].view()) == vector["children"][j]);
    const Salts salts = all_salts(seed, 511);
    for (const auto& [leaf, salt] : vector.at("salts").items()) {
        CHECK(to_hex(salts.at(std::stoul(leaf)).view()) == salt);
    }
}

TEST_CASE("the published covers are ours, and so are their places", "[salt_tree][vectors]") {
    const auto& vector = format_vectors().at("salt_tree");
    const Salt seed = test::id_at<Salt>(vector, "seed");
    REQUIRE(vector.at("covers").size() == 9);
    for (const auto& cover : vector.at("covers")) {
        const auto count = cover.at("count").get<std::uint32_t>();
        const EmptySlots empty = test::empty_slots(cover);
        const auto positions = cover_positions(count, empty);
        REQUIRE(positions.size() == cover.at("positions").size());
        for (std::size_t i = 0; i < positions.size(); ++i) {
            CHECK(positions[i].level == cover["positions"][i][0]);
            CHECK(positions[i].index == cover["positions"][i][1]);
        }
        const auto nodes = puncture({&seed, 1}, count, {}, empty);
        REQUIRE(nodes);
        CHECK(*nodes == test::salts_from(cover.at("nodes")));
    }
}

TEST_CASE("a cover grows every salt but the forgotten ones", "[salt_tree]") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto any = [&](std::uint32_t low, std::uint32_t high) {
        return std::uniform_int_distribution<std::uint32_t>(low, high)(random);
    };
    for (int round = 0; round < 200; ++round) {
        const std::uint32_t count = any(1, 511);
        EmptySlots empty;
        for (std::uint32_t n = any(0, count); n > 0; --n) empty.set(any(1, count));
        const auto cover = puncture({&a_seed, 1}, count, {}, empty);
        REQUIRE(cover);
        Salts grown{};
        REQUIRE(expand_cover(*cover, count, empty, grown));
        const Salts all = all_salts(a_seed, count);
        for (std::uint32_t leaf = 0; leaf <= count; ++leaf) {
            REQUIRE(grown[leaf] == (empty[leaf] ? Salt{} : all[leaf]));
        }
    }
}

TEST_CASE("forgetting in two steps leaves what forgetting at once leaves", "[salt_tree]") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto any = [&](std::uint32_t low, std::uint32_t high) {
        return std::uniform_int_distribution<std::uint32_t>(low, high)(random);
    };
    for (int round = 0; round < 200; ++round) {
        const std::uint32_t count = any(1, 511);
        EmptySlots first;
        for (int n = 0; n < 5; ++n) first.set(any(1, count));
        EmptySlots both = first;
        for (int n = 0; n < 5; ++n) both.set(any(1, count));
        const auto step = puncture({&a_seed, 1}, count, {}, first);
        REQUIRE(step);
        REQUIRE(puncture(*step, count, first, both) == puncture({&a_seed, 1}, count, {}, both));
    }
}

TEST_CASE("no node of a cover grows a forgotten salt", "[salt_tree]") {
    const EmptySlots empty = slots_of({5, 9, 300, 301});
    for (const SaltNode node : cover_positions(511, empty)) {
        const std::uint32_t width = 1u << 2 * (salt_tree_depth - node.level);
        for (std::uint32_t leaf = node.index * width; leaf < (node.index + 1) * width; ++leaf) {
            REQUIRE((leaf >= empty.size() || !empty[leaf]));
        }
    }
}

TEST_CASE("a cover with a node too few or too many grows nothing", "[salt_tree]") {
    const EmptySlots empty = slots_of({2});
    auto cover = puncture({&a_seed, 1}, 3, {}, empty).value();
    Salts salts{};
    REQUIRE(expand_cover(cover, 3, empty, salts));
    cover.push_back(a_seed);
    CHECK_FALSE(expand_cover(cover, 3, empty, salts));
    CHECK_FALSE(puncture(cover, 3, empty, empty));
    cover.resize(2);
    CHECK_FALSE(expand_cover(cover, 3, empty, salts));
    CHECK_FALSE(expand_cover({}, 3, empty, salts));
    CHECK_FALSE(expand_cover({&a_seed, 1}, 3, empty, salts));
}

TEST_CASE("the preamble's salt outlives every entry's", "[salt_tree]") {
    EmptySlots all;
    for (std::size_t slot = 1; slot <= 511; ++slot) all.set(slot);
    const auto cover = puncture({&a_seed, 1}, 511, {}, all);
    REQUIRE(cover);
    CHECK(*cover == std::vector<Salt>{all_salts(a_seed, 511)[0]});
}
