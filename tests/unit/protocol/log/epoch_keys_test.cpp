#include "protocol/log/epoch_keys.h"

#include <catch2/catch.hpp>

#include "crypto/aead.h"
#include "protocol/domain.h"
#include "tests/unit/protocol/format_world.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

const WorkspaceId workspace{{1}};
const TurfId turf{{2}};
const Bytes earlier_key(32, 5);

}  // namespace

TEST_CASE("the keys of an epoch are all different", "[epoch_keys]") {
    const EpochKeys keys = EpochKeys::derive(Bytes(32, 9));
    const std::vector<ByteView> all{keys.epoch_key(), keys.payload(), keys.nonce(),
                                    keys.previous(),  keys.list(),    keys.commitment().view()};
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) CHECK(test::to_hex(all[i]) != test::to_hex(all[j]));
    }
}

TEST_CASE("another key has another commitment", "[epoch_keys]") {
    const EpochKeys keys = EpochKeys::derive(Bytes(32, 9));
    CHECK(keys.commitment() == keys.clone().commitment());
    CHECK(keys.commitment() != EpochKeys::derive(Bytes(32, 8)).commitment());
}

TEST_CASE("the previous key opens where it was sealed and nowhere else", "[epoch_keys]") {
    const EpochKeys keys = EpochKeys::derive(Bytes(32, 9));
    const Bytes sealed = seal_previous_key(keys, earlier_key, workspace, turf, {2});
    CHECK(sealed.size() == 72);
    const auto opened = open_previous_key(keys, sealed, workspace, turf, {2});
    REQUIRE(opened);
    CHECK(opened->equals(earlier_key));
    const auto opens = [&](const WorkspaceId& w, const TurfId& t, std::uint64_t epoch) {
        return open_previous_key(keys, sealed, w, t, {epoch}).has_value();
    };
    CHECK_FALSE(opens(WorkspaceId{}, turf, 2));
    CHECK_FALSE(opens(workspace, TurfId{}, 2));
    CHECK_FALSE(opens(workspace, turf, 3));
    const EpochKeys other = EpochKeys::derive(Bytes(32, 8));
    CHECK_FALSE(open_previous_key(other, sealed, workspace, turf, {2}));
}

TEST_CASE("a previous key under a nonce of another's choosing does not open", "[epoch_keys]") {
    const EpochKeys keys = EpochKeys::derive(Bytes(32, 9));
    Bytes associated = domain_prefix("prev");
    append(associated, workspace.view());
    append(associated, turf.view());
    append_u64(associated, 2);
    const auto sealed_under = [&](const crypto::Nonce& nonce) {
        Bytes sealed(nonce.begin(), nonce.end());
        append(sealed, crypto::aead_seal(keys.previous(), nonce, associated, earlier_key));
        return sealed;
    };
    const auto opens = [&](const Bytes& sealed) {
        return open_previous_key(keys, sealed, workspace, turf, {2}).has_value();
    };
    CHECK(opens(sealed_under(synthetic_nonce(keys, associated, earlier_key))));
    CHECK_FALSE(opens(sealed_under(crypto::Nonce{7})));
}

TEST_CASE("a sealed previous key with any byte changed or missing does not open", "[epoch_keys]") {
    const EpochKeys keys = EpochKeys::derive(Bytes(32, 9));
    const Bytes sealed = seal_previous_key(keys, earlier_key, workspace, turf, {2});
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes changed = sealed;
        changed[i] ^= 1;
        CHECK_FALSE(open_previous_key(keys, changed, workspace, turf, {2}));
        CHECK_FALSE(open_previous_key(keys, ByteView(sealed).first(i), workspace, turf, {2}));
    }
}

TEST_CASE("an erase list opens for its order only, and not as a key", "[epoch_keys]") {
    const EpochKeys keys = EpochKeys::derive(Bytes(32, 9));
    const Bytes list(32, 3);
    const OrderId order{{4}};
    const Bytes sealed = seal_erase_list(keys, list, workspace, order, turf, {2});
    CHECK(open_erase_list(keys, sealed, workspace, order, turf, {2}) == list);
    CHECK_FALSE(open_erase_list(keys, sealed, workspace, OrderId{}, turf, {2}));
    CHECK_FALSE(open_previous_key(keys, sealed, workspace, turf, {2}));
}
