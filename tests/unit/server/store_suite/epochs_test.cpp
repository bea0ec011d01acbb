#include "office.h"
#include "protocol/sync/leaf.h"
#include "stores.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;

TEMPLATE_LIST_TEST_CASE("a new epoch keeps the leaves and begins the chains", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    office.push(*store, log);
    const NewBlock last = office.push(*store, log);
    const auto before = all_blocks(*store, last.stream);
    const auto roster_before = store->rosters().entries_from(no, {0}, 1'000'000);
    store->workspaces().begin_epoch(3);

    CHECK(store->workspaces().hub_epoch() == 3);
    protocol::ChainHash chain = protocol::chain_start(office.workspace, 3, office.east);
    CHECK(store->streams().chain_at(last.stream, 0) == chain);
    const auto after = all_blocks(*store, last.stream);
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        CHECK(after[i].block == before[i].block);
        CHECK(after[i].leaf == before[i].leaf);
        const auto block = *protocol::parse_block(office.workspace, after[i].block);
        const auto leaf = protocol::leaf_of(office.workspace, block);
        chain = protocol::chain_next(chain, encode_leaf(leaf, after[i].leaf));
        CHECK(after[i].chain == chain);
    }
    const WorkspaceStanding standing = office.look(*store);
    CHECK(standing.epoch == 3);
    CHECK(standing.streams.at(office.east) == StreamEnd{last.stream, 2, chain});
    const auto roster_after = store->rosters().entries_from(no, {0}, 1'000'000);
    REQUIRE(roster_after.size() == roster_before.size());
    CHECK(roster_after[0].entry == roster_before[0].entry);
    CHECK(roster_after[0].leaf == roster_before[0].leaf);
    CHECK(roster_after[0].chain != roster_before[0].chain);
}

TEMPLATE_LIST_TEST_CASE(
    "an epoch that began elsewhere is told, not begun twice", "[store]", Stores) {
    TestType data;
    Office office;
    const auto one = data.connect();
    const auto two = data.connect();
    office.found(*one);
    OfficeLog log = office.log(office.ana, office.east);
    office.push(*one, log);
    CHECK(office.look(*two).epoch == 1);
    one->workspaces().begin_epoch(2);
    static_cast<void>(office.begin(*one));
    one->workspaces().note_epoch_began({500});
    one->commit();
    two->workspaces().begin_epoch(2);
    CHECK(office.look(*two).epoch == 2);
    CHECK(two->workspaces().hub_epoch() == 2);
    CHECK(two->workspaces().epoch_began() == protocol::Millis{500});
    CHECK(office.look(*one).streams == office.look(*two).streams);
}

TEMPLATE_LIST_TEST_CASE("a roster is confirmed in the epoch it was read in", "[store]", Stores) {
    TestType data;
    const Office office;
    const auto one = data.connect();
    const auto two = data.connect();
    const WorkspaceNo no = office.found(*one);
    one->workspaces().begin_epoch(2);
    CHECK(office.look(*one).confirmed_in == 1);
    static_cast<void>(office.begin(*one));
    one->workspaces().confirm_roster(no);
    one->commit();
    CHECK(office.look(*one).confirmed_in == 2);
    CHECK(office.look(*two).confirmed_in == 2);
}

TEMPLATE_LIST_TEST_CASE("the beginning of an epoch and what was left are kept", "[store]", Stores) {
    TestType data;
    Office office;
    auto store = data.connect();
    office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    office.push(*store, log, false, {40});
    CHECK_FALSE(store->workspaces().epoch_began());
    CHECK_FALSE(store->workspaces().lost_since());
    store->workspaces().begin_epoch(2);
    CHECK_FALSE(store->workspaces().epoch_began());
    CHECK(store->workspaces().lost_since() == protocol::Millis{40});
    static_cast<void>(office.begin(*store));
    store->workspaces().note_epoch_began({60});
    store->commit();
    office.push(*store, log, false, {80});
    store->workspaces().begin_epoch(3);
    store = nullptr;
    store = data.connect();
    CHECK(store->workspaces().hub_epoch() == 3);
    CHECK_FALSE(store->workspaces().epoch_began());
    CHECK(store->workspaces().lost_since() == protocol::Millis{40});
}
