#include <thread>

#include "office.h"
#include "stores.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;

TEMPLATE_LIST_TEST_CASE("a group is told what it names, and of no stranger", "[store]", Stores) {
    TestType data;
    Office office;
    const Office stranger(12);
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    const NewBlock block = office.push(*store, log);

    Footprint footprint = office.footprint(false);
    footprint.workspaces[stranger.workspace] = {
        .turfs = {stranger.east}, .devices = {stranger.ana.device()}};
    const Standing all = store->begin(footprint);
    store->commit();
    REQUIRE(all.size() == 1);
    const WorkspaceStanding& standing = all.at(office.workspace);
    CHECK(standing.no == no);
    CHECK(standing.epoch == 1);
    CHECK(standing.confirmed_in == 1);
    CHECK(standing.roster_size == office.entries.size());
    CHECK(standing.streams.size() == 2);
    CHECK(standing.streams.at(office.east) == StreamEnd{block.stream, 1, block.chain});
    CHECK(standing.streams.at(office.west) == StreamEnd{});
    CHECK(standing.devices.size() == 2);
}

TEMPLATE_LIST_TEST_CASE("the end that a group is told is the last block's", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    for (std::uint64_t seq = 1; seq <= 3; ++seq) {
        const NewBlock block = office.push(*store, log);
        const StreamEnd end = office.look(*store).streams.at(office.east);
        CHECK(end == StreamEnd{block.stream, seq, block.chain});
        CHECK(store->streams().find(block.workspace, office.east) == end);
    }
}

TEMPLATE_LIST_TEST_CASE("each block adds one to its device's version alone", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    office.found(*store);
    OfficeLog east = office.log(office.ana, office.east);
    OfficeLog west = office.log(office.ana, office.west);
    const auto before = office.look(*store).devices;
    CHECK(office.look(*store).devices == before);
    office.push(*store, east);
    office.push(*store, west, true);
    const auto after = office.look(*store).devices;
    CHECK(after.at(office.ana.device()).value == before.at(office.ana.device()).value + 2);
    CHECK(after.at(office.ben.device()) == before.at(office.ben.device()));
}

TEMPLATE_LIST_TEST_CASE("a group grows the roster that the next is told of", "[store]", Stores) {
    TestType data;
    const Office office;
    const auto store = data.connect();
    static_cast<void>(store->begin(office.footprint(true)));
    WorkspaceStanding standing;
    standing.no = store->workspaces().add(office.workspace, {});
    office.put_entry(*store, standing, 0);
    store->commit();
    CHECK(office.look(*store).roster_size == 1);
    office.put_entry(*store, office.begin(*store), 1);
    store->commit();
    CHECK(office.look(*store).roster_size == 2);
}

TEMPLATE_LIST_TEST_CASE("what was put and rolled back was never there", "[store]", Stores) {
    TestType data;
    Office office;
    const Office other(12);
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    const Bytes block = office.next(log);
    const Bytes next = office.next(log);
    WorkspaceStanding standing = office.begin(*store);
    const NewBlock put = office.put(*store, standing, block);
    office.put(*store, standing, next);
    store->rosters().put_share(no, {0}, {});
    store->rosters().put_entry(
        no, {standing.roster_size}, block, {standing.roster_size + 1, {}}, {});
    store->workspaces().add(other.workspace, TokenHash{5});
    store->rollback();

    const WorkspaceStanding after = office.look(*store);
    CHECK(after.streams.at(office.east) == StreamEnd{});
    CHECK(after.roster_size == office.entries.size());
    CHECK(all_blocks(*store, put.stream).empty());
    CHECK_FALSE(store->logs().tip_of(put.log));
    CHECK(store->logs().of_device(no, office.ana.device()).empty());
    CHECK_FALSE(store->rosters().share_of(no, {0}));
    CHECK(store->workspaces().all().size() == 1);
    CHECK_FALSE(store->workspaces().of_token(TokenHash{5}));
    CHECK(store->begin(other.footprint(false)).empty());
    store->rollback();
}

TEMPLATE_LIST_TEST_CASE("after a rollback the same can be put again", "[store]", Stores) {
    TestType data;
    Office office;
    const auto store = data.connect();
    store->rollback();  // nothing to undo
    office.found(*store);
    OfficeLog log = office.log(office.ana, office.east);
    const Bytes block = office.next(log);
    WorkspaceStanding standing = office.begin(*store);
    office.put(*store, standing, block);
    store->rollback();
    standing = office.begin(*store);
    const NewBlock put = office.put(*store, standing, block);
    store->commit();
    store->tidy();
    CHECK(all_blocks(*store, put.stream).size() == 1);
    CHECK(office.look(*store).streams.at(office.east).seq == 1);
}

TEMPLATE_LIST_TEST_CASE("what was committed is there when it is opened again", "[store]", Stores) {
    TestType data;
    Office office;
    auto store = data.connect();
    office.found(*store, TokenHash{4});
    OfficeLog log = office.log(office.ana, office.east);
    office.push(*store, log);
    const NewBlock last = office.push(*store, log, false, {7});
    store = nullptr;
    store = data.connect();
    const WorkspaceStanding standing = office.look(*store);
    CHECK(standing.streams.at(office.east) == StreamEnd{last.stream, 2, last.chain});
    CHECK(standing.roster_size == office.entries.size());
    CHECK(store->logs().tip_of(last.log)->hash == last.hash);
    CHECK(all_blocks(*store, last.stream).at(1).leaf == protocol::Acceptance{2, {7}});
    CHECK(store->workspaces().of_token(TokenHash{4}) == office.workspace);
}

TEMPLATE_LIST_TEST_CASE("what one commits, the other's next group is told", "[store]", Stores) {
    TestType data;
    Office office;
    const auto one = data.connect();
    const auto two = data.connect();
    CHECK(two->is_shared());
    CHECK(two->begin(office.footprint(false)).empty());
    two->commit();
    const WorkspaceNo no = office.found(*one);
    CHECK(office.look(*two).no == no);
    OfficeLog log = office.log(office.ana, office.east);
    const WorkspaceStanding before = office.look(*two);
    const NewBlock block = office.push(*one, log);
    const WorkspaceStanding after = office.look(*two);
    CHECK(after.streams.at(office.east) == StreamEnd{block.stream, 1, block.chain});
    CHECK(after.devices.at(office.ana.device()) != before.devices.at(office.ana.device()));
    CHECK(after.roster_size == before.roster_size);
    CHECK(two->logs().tip_of(block.log)->hash == block.hash);
}

TEMPLATE_LIST_TEST_CASE("no version comes again after the other has written", "[store]", Stores) {
    TestType data;
    Office office;
    const auto one = data.connect();
    const auto two = data.connect();
    office.found(*one);
    OfficeLog ones = office.log(office.ana, office.east);
    OfficeLog twos = office.log(office.ana, office.west);
    std::set<DeviceVersion> seen;
    for (int round = 0; round < 4; ++round) {
        office.push(*one, ones);
        CHECK(seen.insert(office.look(*one).devices.at(office.ana.device())).second);
        office.push(*two, twos);
        CHECK(seen.insert(office.look(*one).devices.at(office.ana.device())).second);
    }
}

TEMPLATE_LIST_TEST_CASE("who reads is told of nothing that is still open", "[store]", Stores) {
    TestType data;
    Office office;
    const auto one = data.connect();
    const auto two = data.connect();
    office.found(*one);
    OfficeLog log = office.log(office.ana, office.east);
    const Bytes block = office.next(log);
    WorkspaceStanding standing = office.begin(*one);
    const NewBlock put = office.put(*one, standing, block);
    CHECK(office.look(*two).streams.at(office.east) == StreamEnd{});
    CHECK(all_blocks(*two, put.stream).empty());
    one->commit();
    CHECK(office.look(*two).streams.at(office.east).seq == 1);
    CHECK(all_blocks(*two, put.stream).size() == 1);
}

namespace {

/// Pushes so many blocks of one device through a connection, each in a group of its own.
void push_many(Store& store, Office& office, OfficeLog log, int blocks) {
    for (int i = 0; i < blocks; ++i) office.push(store, log);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("two that write at once wait for each other", "[store]", Stores) {
    TestType data;
    constexpr int blocks = 40;
    Office anas;
    Office bens;  // the same, for a thread of its own
    const auto one = data.connect();
    const auto two = data.connect();
    const WorkspaceNo no = anas.found(*one);
    OfficeLog bens_log = bens.log(bens.ben, bens.east);
    std::thread ben([&] { push_many(*two, bens, bens_log, blocks); });
    push_many(*one, anas, anas.log(anas.ana, anas.east), blocks);
    ben.join();

    const auto end = one->streams().find(no, anas.east);
    const StreamEnd told = anas.look(*one).streams.at(anas.east);
    CHECK(told.seq == 2 * blocks);
    REQUIRE(end);
    const auto stored = all_blocks(*one, told.no);
    REQUIRE(stored.size() == 2 * blocks);
    for (std::size_t i = 0; i < stored.size(); ++i) CHECK(stored[i].leaf.stream_seq == i + 1);
    CHECK(stored.back().chain == told.chain);
}
