#include "engine/sync/session.h"

#include <algorithm>
#include <utility>

#include "engine/roster/roster_writer.h"
#include "engine/sync/offering.h"
#include "protocol/domain.h"
#include "protocol/sync/leaf.h"
#include "protocol/limits.h"
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

Session::Session(Workspace& workspace, BlockOpener& opener, Plan plan)
    : workspace_(workspace), opener_(opener), plan_(plan), stage_(Stage::read_roster) {
    if (workspace.beginnings().founding) stage_ = Stage::found;
    if (workspace.beginnings().joining) stage_ = Stage::enrol;
    offer_everything_ = workspace.store().meta(offering_name).has_value();
    hold_back_what_waits();
}

std::optional<Message> Session::next() {
    if (stage_ == Stage::pull && pull_first_) {
        if (auto message = pull_message()) return message;
        pull_first_ = asked_ = false;
        stage_ = Stage::close;
    }
    if (stage_ == Stage::found) return found_message();
    if (stage_ == Stage::enrol) return enrol_message();
    if (stage_ == Stage::enrol_again) return enrol_again_message();
    if (stage_ == Stage::read_roster) return read_roster_message();
    if (stage_ == Stage::give_roster) return give_roster_message();
    if (stage_ == Stage::prove) return proof_message();
    if (stage_ == Stage::read_invite_wraps || stage_ == Stage::read_wraps)
        return read_wraps_message();
    if (stage_ == Stage::close) {
        if (plan_.close) {
            const LogWriter::Closed closed = workspace_.close_blocks();
            report_.left_open = closed.without_key;
            report_.set_aside = closed.set_aside;
        }
        // A block that parts a log waits until nothing is open.
        if (workspace_.store().waiting_count() != 0) workspace_.retry();
        stage_ = Stage::push;
    }
    if (stage_ == Stage::push) {
        if (auto message = plan_.push ? push_message() : std::nullopt) return message;
        if (plan_.push && gives_roster_for_blocks()) return read_roster_message();
        if (plan_.push) end_offering();
        end_pushing();
        start_pulling();
    }
    if (stage_ == Stage::pull) {
        if (auto message = plan_.pull ? pull_message() : std::nullopt) return message;
        if (must_read_roster_again()) return next();
        stage_ = Stage::ask_again;
    }
    if (stage_ == Stage::ask_again) {
        if (auto message = plan_.pull ? ask_again_message() : std::nullopt) return message;
        end();
    }
    return std::nullopt;
}

void Session::end() {
    stage_ = Stage::over;
    const protocol::DeviceId device = workspace_.identity().keys.device();
    for (const protocol::TurfId& turf : workspace_.roster().turfs_of(device)) {
        const std::int64_t wanted =
            workspace_.store().hub_places().wanted_in(workspace_.number_of(turf));
        report_.wanted_blocks += static_cast<std::size_t>(wanted);
    }
    if (report_.trouble != Trouble::none) return;
    if (has_read_to_ends()) workspace_.note_caught_up();
    if (split_) report_.trouble = Trouble::roster_split;
    if (is_doubtful_ || !denied_.empty()) report_.trouble = Trouble::hub_contradicts;
    if (report_.trouble == Trouble::none && has_read_all()) workspace_.note_streams_read();
}

bool Session::has_read_to_ends() const {
    const bool has_more = std::ranges::any_of(more_, [](const auto& turf) { return turf.second; });
    return plan_.pull && !has_more && !lacks_grant_;
}

bool Session::has_read_all() const { return has_read_to_ends() && report_.wanted_blocks == 0; }

void Session::receive(std::expected<Bytes, protocol::Refusal> answer) {
    if (!answer) {
        report_.refusal = answer.error();
        return take_refusal(answer.error());
    }
    switch (stage_) {
        case Stage::found:
            take_founded(*answer);
            break;
        case Stage::enrol:
            take_enrolled(*answer);
            break;
        case Stage::enrol_again:
            stage_ = Stage::read_roster;
            break;
        case Stage::read_roster:
            take_roster(*answer);
            break;
        case Stage::give_roster:
            take_given(*answer);
            break;
        case Stage::prove:
            take_proven();
            break;
        case Stage::read_invite_wraps:
        case Stage::read_wraps:
            take_wraps(*answer);
            break;
        case Stage::push:
            take_pushed(*answer);
            break;
        case Stage::pull:
            take_pulled(*answer);
            break;
        case Stage::ask_again:
            take_asked_again(*answer);
            break;
        case Stage::close:
        case Stage::over:
            break;
    }
}

void Session::take_refusal(protocol::Refusal refusal) {
    if (falls_back_to_first_push(refusal)) return;
    if (stage_ == Stage::read_roster && refusal == protocol::Refusal::not_permitted) {
        // A device whose time has ended learns nothing more, and still hands in its work.
        plan_.pull = false;
        stage_ = Stage::close;
        return;
    }
    if (stage_ == Stage::read_roster && refusal == protocol::Refusal::roster_differs &&
        !comparing_) {
        return compare_rosters();
    }
    const bool is_stranger = refusal == protocol::Refusal::bad_signature;
    if (stage_ == Stage::read_roster && is_stranger && was_enrolled() && !has_enrolled_again_) {
        has_enrolled_again_ = true;
        stage_ = Stage::enrol_again;
        return;
    }
    if (stage_ == Stage::enrol_again) report_.refusal = protocol::Refusal::bad_signature;
    // A hub that does not take its entries back still gets the work.
    if (stage_ == Stage::give_roster) {
        report_.roster_behind = to_give_.size();
        to_give_.clear();
        return go_on_after_roster();
    }
    if (stage_ == Stage::prove) return take_proven();
    // Everything else is done: another time.
    if (stage_ == Stage::ask_again) return end();
    stop(Trouble::refused);
}

void Session::ask_for_all_turfs() {
    if (std::exchange(asked_, true)) return;
    for (const protocol::TurfId& turf :
         workspace_.roster().turfs_of(workspace_.identity().keys.device())) {
        more_[turf] = true;
        recall_given(turf);
    }
}

// Turfs that came with the roster a moment ago are asked for too, the others no second time.
void Session::start_pulling() {
    stage_ = Stage::pull;
    ask_for_all_turfs();
    for (const protocol::TurfId& turf :
         workspace_.roster().turfs_of(workspace_.identity().keys.device())) {
        more_.try_emplace(turf, true);
    }
}

// A turf that the hub does not grant may have been taken away a moment ago. If the roster, read
// once more, still grants it, it is asked for once more.
bool Session::must_read_roster_again() {
    if (denied_.empty() || std::exchange(has_read_again_, true)) return false;
    lacks_grant_ = false;
    for (const protocol::TurfId& turf : std::exchange(denied_, {})) more_.erase(turf);
    stage_ = Stage::read_roster;
    return true;
}

// Then it may lack a grant, too, until it is given back.
bool Session::hub_lacks_roster() const {
    return split_ || report_.roster_behind != 0 || hub_roster_ < workspace_.roster().size();
}

void Session::stop(Trouble trouble) {
    report_.trouble = trouble;
    stage_ = Stage::over;
}

// ---- a new workspace comes to its hub; a new device to its workspace

Message Session::found_message() { return {MessageName::found, *workspace_.beginnings().founding}; }

void Session::take_founded(ByteView body) {
    if (!protocol::parse_found_answer(body)) return stop(Trouble::nonsense);
    Beginnings beginnings = workspace_.beginnings();
    beginnings.founding.reset();
    workspace_.set_beginnings(std::move(beginnings));
    stage_ = Stage::read_roster;
}

Message Session::enrol_message() {
    const protocol::RosterEntry enrolment = make_enrolment(
        *workspace_.beginnings().joining, workspace_.identity().member, workspace_.identity().keys);
    return {
        MessageName::enrol, protocol::encode(protocol::EnrolRequest{protocol::encode(enrolment)})};
}

void Session::take_enrolled(ByteView body) {
    const auto answer = protocol::parse_enrol_answer(body);
    if (!answer) return stop(Trouble::nonsense);
    invite_box_ =
        protocol::invite_box_key(workspace_.beginnings().joining->secret, answer->share.bytes);
    stage_ = Stage::read_roster;
}

// ---- turf keys

bool Session::lacks_keys() const {
    const Roster& roster = workspace_.roster();
    for (const protocol::TurfId& turf : roster.turfs_of(workspace_.identity().keys.device())) {
        const auto epoch = roster.current_epoch(turf);
        if (epoch && workspace_.keyring().find(turf, *epoch) == nullptr) return true;
    }
    return false;
}

Message Session::read_wraps_message() const {
    const crypto::BoxKey& box =
        stage_ == Stage::read_invite_wraps ? *invite_box_ : workspace_.identity().keys.box;
    return {
        MessageName::wraps_read, protocol::encode(protocol::WrapsReadRequest{box.public_key()})};
}

void Session::take_wraps(ByteView body) {
    const auto answer = protocol::parse_wraps_read_answer(body);
    if (!answer) return stop(Trouble::nonsense);
    const bool from_invite = stage_ == Stage::read_invite_wraps;
    for (const protocol::ServedWrap& wrap : answer->wraps) {
        take_wrap(wrap, from_invite ? *invite_box_ : workspace_.identity().keys.box);
    }
    workspace_.retry();
    const bool lacking = lacks_keys();
    if (!lacking) settle_in();
    if (from_invite && lacking) {
        stage_ = Stage::read_wraps;
    } else {
        go_on_with_keys();
    }
}

// A wrap that hangs off no roster entry, or opens to another key than the roster commits to, is
// passed over: the turf stays without its key, which the report shows.
void Session::take_wrap(const protocol::ServedWrap& served, const crypto::BoxKey& recipient) {
    const Roster& roster = workspace_.roster();
    if (served.position.value >= roster.size()) return;
    const auto root = wraps_of(roster.entry_at(served.position).body);
    const protocol::SealedWrap wrap{served.turf, served.epoch, recipient.public_key(), served.wrap};
    if (!root || !protocol::verify_wrap_path(*root, wrap, served.index, served.path)) return;
    const protocol::WrapPlace place{
        roster.workspace(), served.turf, served.epoch, recipient.public_key(), served.position};
    const auto key = protocol::open_wrap(recipient, place, served.wrap);
    if (!key || workspace_.keyring().find(served.turf, served.epoch) != nullptr) return;
    static_cast<void>(workspace_.add_key(served.turf, served.epoch, key->view()));
}

// The newcomer has its keys: it tells the others its names, and needs the invite no more. Until
// then it asks again with every sync: a hub that was put back may lack the wraps for a while.
void Session::settle_in() {
    Beginnings beginnings = workspace_.beginnings();
    if (!beginnings.joining) return;
    const NewVault owner{beginnings.member_name, beginnings.device_name};
    workspace_.name_owner(owner);
    beginnings = {};
    workspace_.set_beginnings(std::move(beginnings));
}

}  // namespace vereda::engine::sync
