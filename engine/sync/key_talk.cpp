#include "engine/sync/key_talk.h"

#include <algorithm>

#include "protocol/roster/invite.h"
#include "protocol/roster/wrap.h"

namespace vereda::engine::sync {
namespace {

using protocol::MessageName;

// The root that a roster entry gives to the wraps that hang off it.
std::optional<protocol::WrapsRoot> wraps_of(const protocol::RosterBody& body) {
    if (const auto* epoch = std::get_if<protocol::KeyEpoch>(&body)) return epoch->wraps;
    if (const auto* granted = std::get_if<protocol::Granted>(&body)) return granted->wraps;
    if (const auto* invite = std::get_if<protocol::Invite>(&body)) return invite->wraps;
    return std::nullopt;
}

}  // namespace

void KeyTalk::take_share(const protocol::InviteShare& share) {
    invite_box_ =
        protocol::invite_box_key(talk_.workspace.beginnings().joining->secret, share.bytes);
}

void KeyTalk::begin() {
    stage_ = lacks_keys() ? Stage::of_device : Stage::over;
    if (has_invite()) stage_ = Stage::of_invite;
}

bool KeyTalk::lacks_keys() const {
    return std::ranges::any_of(talk_.own_turfs(), [this](const protocol::TurfId& turf) {
        const auto epoch = talk_.roster().current_epoch(turf);
        return epoch && talk_.workspace.keyring().find(turf, *epoch) == nullptr;
    });
}

const crypto::BoxKey& KeyTalk::box() const {
    return stage_ == Stage::of_invite ? *invite_box_ : talk_.workspace.identity().keys.box;
}

std::optional<Message> KeyTalk::next() const {
    if (stage_ == Stage::over) return std::nullopt;
    return Message{
        MessageName::wraps_read, protocol::encode(protocol::WrapsReadRequest{box().public_key()})};
}

void KeyTalk::receive(ByteView body) {
    const auto answer = protocol::parse_wraps_read_answer(body);
    if (!answer) return talk_.stop(Trouble::nonsense);
    for (const protocol::ServedWrap& wrap : answer->wraps) take_wrap(wrap);
    talk_.workspace.retry();
    const bool is_lacking = lacks_keys();
    if (!is_lacking) settle_in();
    const bool asks_for_device = stage_ == Stage::of_invite && is_lacking;
    stage_ = asks_for_device ? Stage::of_device : Stage::over;
}

// A wrap that hangs off no roster entry, or opens to another key than the roster commits to, is
// passed over: the turf stays without its key, which the report shows.
void KeyTalk::take_wrap(const protocol::ServedWrap& served) {
    const Roster& roster = talk_.roster();
    const crypto::BoxPublicKey recipient = box().public_key();
    if (served.position.value >= roster.size()) return;
    const auto root = wraps_of(roster.entry_at(served.position).body);
    const protocol::SealedWrap wrap{served.turf, served.epoch, recipient, served.wrap};
    if (!root || !protocol::verify_wrap_path(*root, wrap, served.index, served.path)) return;
    const protocol::WrapPlace place{
        roster.workspace(), served.turf, served.epoch, recipient, served.position};
    const auto key = protocol::open_wrap(box(), place, served.wrap);
    if (!key || talk_.workspace.keyring().find(served.turf, served.epoch) != nullptr) return;
    static_cast<void>(talk_.workspace.add_key(served.turf, served.epoch, key->view()));
}

// The newcomer has its keys: it tells the others its names, and needs the invite no more. Until
// then it asks again with every sync: a hub that was put back may lack the wraps for a while.
void KeyTalk::settle_in() {
    Beginnings beginnings = talk_.workspace.beginnings();
    if (!beginnings.joining) return;
    const NewVault owner{beginnings.member_name, beginnings.device_name};
    talk_.workspace.name_owner(owner);
    beginnings = {};
    talk_.workspace.set_beginnings(std::move(beginnings));
}

}  // namespace vereda::engine::sync
