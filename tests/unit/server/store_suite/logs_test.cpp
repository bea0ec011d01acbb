#include "office.h"
#include "stores.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using engine::StorageFault;

TEMPLATE_LIST_TEST_CASE("a device's logs are found again, and no other's", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    OfficeLog east = office.log(office.ana, office.east);
    OfficeLog west = office.log(office.ana, office.west);
    OfficeLog bens = office.log(office.ben, office.east);
    for (OfficeLog* log : {&east, &west, &bens}) office.push(*store, *log);
    CHECK(store->logs().of_device(no, office.ana.device()).size() == 2);
    CHECK(store->logs().of_device(no, office.ben.device()).size() == 1);
    CHECK(store->logs().of_device({no.value + 1}, office.ana.device()).empty());
}

TEMPLATE_LIST_TEST_CASE("a workspace has a log once", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    static_cast<void>(office.begin(*store));
    store->logs().add(no, protocol::LogId{}, office.ana.device());
    const auto twice = [&] { store->logs().add(no, protocol::LogId{}, office.ben.device()); };
    CHECK(fault_of(twice) == StorageFault::constraint);
    store->rollback();
}

TEMPLATE_LIST_TEST_CASE("a log's tip is its newest block, not what lost", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    const NewBlock first = office.push(*store, log);
    const OfficeLog before = log;
    const NewBlock second = office.push(*store, log);
    OfficeLog branch{before.core, before.key};
    const NewBlock lost = office.push(*store, branch, true);
    REQUIRE(lost.block_no == second.block_no);

    const auto tip = store->logs().tip_of(first.log);
    REQUIRE(tip);
    CHECK(tip->hash == second.hash);
    CHECK(tip->block_no == 1);
    CHECK(tip->last_seq == second.last_seq);
    CHECK(tip->leaf == second.leaf);
    CHECK(all_blocks(*store, first.stream).at(2).evidence);
}

TEMPLATE_LIST_TEST_CASE("a block is found at its place by its hash", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    const NewBlock block = office.push(*store, log);
    const auto place = store->logs().find_place(block.log, 0, block.hash);
    REQUIRE(place);
    CHECK(place->leaf == block.leaf);
    CHECK(place->last_seq == block.last_seq);
    CHECK_FALSE(store->logs().find_place(block.log, 1, block.hash));
    CHECK_FALSE(store->logs().find_place(block.log, 0, protocol::BlockHash{}));
}

TEMPLATE_LIST_TEST_CASE(
    "what a log took since a time is counted, evidence too", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    const OfficeLog start = log;
    const NewBlock old = office.push(*store, log, false, {10});
    office.push(*store, log, false, {20});
    OfficeLog branch{start.core, start.key};
    office.push(*store, branch, true, {20});
    OfficeLog early{start.core, start.key};
    office.push(*store, early, true, {19});

    auto taken = store->logs().taken_since(old.log, {20});
    std::ranges::sort(taken, {}, &TakenBlock::evidence);
    REQUIRE(taken.size() == 2);
    CHECK_FALSE(taken[0].evidence);
    CHECK(taken[1].evidence);
    CHECK(taken[0].accepted == protocol::Millis{20});
    CHECK(taken[0].size == all_blocks(*store, old.stream).at(1).block.size());
    CHECK(store->logs().taken_since(old.log, {0}).size() == 4);
}

TEMPLATE_LIST_TEST_CASE("what a group has put, it finds itself", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    const Bytes block = office.next(log);
    WorkspaceStanding standing = office.begin(*store);
    const NewBlock put = office.put(*store, standing, block);
    CHECK(store->logs().find_place(put.log, 0, put.hash));
    CHECK(store->logs().tip_of(put.log)->hash == put.hash);
    CHECK(all_blocks(*store, put.stream).size() == 1);
    store->rollback();
}
