#include "office.h"
#include "stores.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using engine::StorageFault;

namespace {

protocol::SealedWrap wrap_for(std::uint8_t recipient, std::uint8_t text) {
    protocol::SealedWrap wrap;
    wrap.recipient.fill(recipient);
    wrap.epoch = {text};
    wrap.wrap = Bytes(60, text);
    return wrap;
}

crypto::BoxPublicKey key_of(std::uint8_t recipient) { return wrap_for(recipient, 0).recipient; }

}  // namespace

TEMPLATE_LIST_TEST_CASE("a roster is read from any position, while it fits", "[store]", Stores) {
    TestType data;
    const Office office;
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    Rosters& rosters = store->rosters();
    const auto all = rosters.entries_from(no, {0}, 1'000'000);
    REQUIRE(all.size() == office.entries.size());
    REQUIRE(all.size() >= 2);
    CHECK(all[1].entry == office.entries[1].wire);
    CHECK(all[1].leaf == protocol::Acceptance{2, {1}});
    CHECK(rosters.entries_from(no, {1}, 1'000'000).size() == all.size() - 1);
    CHECK(rosters.entries_from(no, {0}, all[0].entry.size()).size() == 1);
    CHECK(rosters.entries_from(no, {0}, 1).size() == 1);
    CHECK(rosters.entries_from(no, {all.size()}, 1'000'000).empty());
}

TEMPLATE_LIST_TEST_CASE("a roster takes one entry at a position", "[store]", Stores) {
    TestType data;
    const Office office;
    const auto store = data.connect();
    office.found(*store);
    const auto standing = office.begin(*store);
    const auto twice = [&] {
        office.put_entry(*store, standing, 0);
        store->commit();
    };
    CHECK(fault_of(twice) == StorageFault::constraint);
    store->rollback();
}

TEMPLATE_LIST_TEST_CASE("wraps stay in order, and are found by recipient", "[store]", Stores) {
    TestType data;
    const Office office;
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    const std::vector first{wrap_for(7, 1), wrap_for(3, 2), wrap_for(7, 3)};
    const std::vector second{wrap_for(7, 4)};
    static_cast<void>(office.begin(*store));
    store->rosters().put_wraps(no, {9}, second);
    store->rosters().put_wraps(no, {1}, first);
    store->commit();
    CHECK(store->rosters().wraps_at(no, {1}) == first);
    CHECK(store->rosters().wraps_at(no, {2}).empty());
    using Positions = std::vector<protocol::RosterPosition>;
    CHECK(store->rosters().wrapped_for(no, key_of(7)) == Positions{{1}, {9}});
    CHECK(store->rosters().wrapped_for(no, key_of(3)) == Positions{{1}});
    CHECK(store->rosters().wrapped_for(no, key_of(4)).empty());
}

TEMPLATE_LIST_TEST_CASE("a share remembers the device that it was given to", "[store]", Stores) {
    TestType data;
    const Office office;
    const auto store = data.connect();
    const WorkspaceNo no = office.found(*store);
    const protocol::InviteShare share{ByteArray<32>{1, 2, 3}};
    static_cast<void>(office.begin(*store));
    store->rosters().put_share(no, {4}, share);
    store->commit();
    REQUIRE(store->rosters().share_of(no, {4}));
    CHECK(store->rosters().share_of(no, {4})->share == share);
    CHECK_FALSE(store->rosters().share_of(no, {4})->released_to);
    CHECK_FALSE(store->rosters().share_of(no, {5}));
    static_cast<void>(office.begin(*store));
    store->rosters().release_share(no, {4}, office.ben.device());
    store->commit();
    CHECK(store->rosters().share_of(no, {4})->released_to == office.ben.device());
}

TEMPLATE_LIST_TEST_CASE("a workspace is there once, and a token founds one", "[store]", Stores) {
    TestType data;
    const Office office;
    const Office other(12);
    const auto store = data.connect();
    office.found(*store, TokenHash{1});
    CHECK(store->workspaces().of_token(TokenHash{1}) == office.workspace);
    CHECK_FALSE(store->workspaces().of_token(TokenHash{2}));
    CHECK(fault_of([&] { office.found(*store, TokenHash{2}); }) == StorageFault::constraint);
    store->rollback();
    CHECK(fault_of([&] { other.found(*store, TokenHash{1}); }) == StorageFault::constraint);
    store->rollback();
    CHECK(store->workspaces().all() == std::vector{office.workspace});
}
