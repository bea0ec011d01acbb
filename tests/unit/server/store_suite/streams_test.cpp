#include "office.h"
#include "protocol/sync/leaf.h"
#include "stores.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using engine::StorageFault;

namespace {

/// Five blocks of two devices in one turf, of 100 bytes and more each.
struct FiveBlocks {
    Office office;
    std::unique_ptr<Store> store;
    std::vector<Bytes> blocks;
    StreamEnd end;

    explicit FiveBlocks(std::unique_ptr<Store> connected) : store(std::move(connected)) {
        office.found(*store);
        OfficeLog ana = office.log(office.ana, office.east);
        OfficeLog ben = office.log(office.ben, office.east);
        WorkspaceStanding standing = office.begin(*store);
        for (OfficeLog* log : {&ana, &ben, &ben, &ana, &ana}) {
            blocks.push_back(office.next(*log));
            office.put(*store, standing, blocks.back(), false, {100 + std::ssize(blocks)});
        }
        store->commit();
        end = standing.streams.at(office.east);
    }

    [[nodiscard]] std::vector<std::uint64_t> leaves(
        std::uint64_t after, std::uint64_t before, std::size_t bytes_max, std::size_t overhead,
        bool at_least_one) const {
        std::vector<std::uint64_t> seqs;
        for (const StoredBlock& block : store->streams().blocks_after(
                 end.no, after, before, bytes_max, overhead, at_least_one)) {
            seqs.push_back(block.leaf.stream_seq);
        }
        return seqs;
    }
};

using Seqs = std::vector<std::uint64_t>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("leaves come in the order of their numbers", "[store]", Stores) {
    TestType data;
    const FiveBlocks five(data.connect());
    const auto stored = all_blocks(*five.store, five.end.no);
    REQUIRE(stored.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(stored[i].block == five.blocks[i]);
        CHECK(stored[i].leaf == protocol::Acceptance{i + 1, {101 + static_cast<int>(i)}});
        CHECK_FALSE(stored[i].evidence);
    }
}

TEMPLATE_LIST_TEST_CASE("each leaf keeps the chain after it", "[store]", Stores) {
    TestType data;
    const FiveBlocks five(data.connect());
    const Office& office = five.office;
    protocol::ChainHash chain = protocol::chain_start(office.workspace, 1, office.east);
    CHECK(five.store->streams().chain_at(five.end.no, 0) == chain);
    for (const StoredBlock& stored : all_blocks(*five.store, five.end.no)) {
        const auto block = *protocol::parse_block(office.workspace, stored.block);
        const auto leaf = protocol::leaf_of(office.workspace, block);
        chain = protocol::chain_next(chain, encode_leaf(leaf, stored.leaf));
        CHECK(stored.chain == chain);
        CHECK(five.store->streams().chain_at(five.end.no, stored.leaf.stream_seq) == chain);
    }
    CHECK(five.end.chain == chain);
    CHECK_FALSE(five.store->streams().chain_at(five.end.no, 6));
}

TEMPLATE_LIST_TEST_CASE("blocks are served between two leaves", "[store]", Stores) {
    TestType data;
    const FiveBlocks five(data.connect());
    CHECK(five.leaves(0, 6, 1'000'000, 0, false) == Seqs{1, 2, 3, 4, 5});
    CHECK(five.leaves(2, 5, 1'000'000, 0, false) == Seqs{3, 4});
    CHECK(five.leaves(5, 6, 1'000'000, 0, true).empty());
}

TEMPLATE_LIST_TEST_CASE("blocks are served while they fit, or one at least", "[store]", Stores) {
    TestType data;
    const FiveBlocks five(data.connect());
    const std::size_t two = five.blocks[0].size() + five.blocks[1].size();
    CHECK(five.leaves(0, 6, two, 0, false) == Seqs{1, 2});
    CHECK(five.leaves(0, 6, two - 1, 0, false) == Seqs{1});
    CHECK(five.leaves(0, 6, two + 20, 10, false) == Seqs{1, 2});
    CHECK(five.leaves(0, 6, two + 19, 10, false) == Seqs{1});
    CHECK(five.leaves(0, 6, 10, 0, false).empty());
    CHECK(five.leaves(0, 6, 10, 0, true) == Seqs{1});
}

TEMPLATE_LIST_TEST_CASE("a stream begins without a leaf, with its chain", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    office.found(*store);
    const auto standing = office.begin(*store);
    const auto first = protocol::chain_start(office.workspace, 1, office.west);
    const StreamNo no = store->streams().add(standing.no, office.west, first);
    store->commit();
    CHECK(store->streams().find(standing.no, office.west) == StreamEnd{no, 0, first});
    CHECK_FALSE(store->streams().find(standing.no, office.east));
    CHECK(all_blocks(*store, no).empty());
}

TEMPLATE_LIST_TEST_CASE("a turf has one stream", "[store]", Stores) {
    TestType data;
    const FiveBlocks five(data.connect());
    const auto standing = five.office.begin(*five.store);
    const auto twice = [&] { five.store->streams().add(standing.no, five.office.east, {}); };
    CHECK(fault_of(twice) == StorageFault::constraint);
    five.store->rollback();
}

TEMPLATE_LIST_TEST_CASE("a stream takes each number once", "[store]", Stores) {
    TestType data;
    FiveBlocks five(data.connect());
    OfficeLog log = five.office.log(five.office.ana, five.office.east);
    const Bytes block = five.office.next(log);
    WorkspaceStanding standing = five.office.begin(*five.store);
    standing.streams.at(five.office.east).seq = 4;  // as one judges who has missed a block
    const auto twice = [&] {
        five.office.put(*five.store, standing, block);
        five.store->commit();
    };
    CHECK(fault_of(twice) == StorageFault::constraint);
    five.store->rollback();
    CHECK(all_blocks(*five.store, five.end.no).size() == 5);
    CHECK(five.office.look(*five.store).streams.at(five.office.east) == five.end);
}

TEMPLATE_LIST_TEST_CASE("a log takes the same block once", "[store]", Stores) {
    TestType data;
    FiveBlocks five(data.connect());
    WorkspaceStanding standing = five.office.begin(*five.store);
    const auto twice = [&] {
        five.office.put(*five.store, standing, five.blocks[0]);
        five.store->commit();
    };
    CHECK(fault_of(twice) == StorageFault::constraint);
    five.store->rollback();
    CHECK(all_blocks(*five.store, five.end.no).size() == 5);
}
