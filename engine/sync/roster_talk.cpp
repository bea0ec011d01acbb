#include "engine/sync/roster_talk.h"

#include <algorithm>
#include <utility>

#include "engine/roster/roster_writer.h"
#include "engine/sync/went_back.h"

namespace vereda::engine::sync {

using protocol::MessageName;
using protocol::Refusal;

RosterTalk::RosterTalk(Talk& talk, KeyTalk& keys, PullTalk& pull)
    : talk_(talk), keys_(keys), pull_(pull), tips_(talk), gifts_(talk) {
    if (talk.workspace.beginnings().founding) stage_ = Stage::found;
    if (talk.workspace.beginnings().joining) stage_ = Stage::enrol;
}

std::optional<Message> RosterTalk::next() {
    switch (stage_) {
        case Stage::found:
            return found_message();
        case Stage::enrol:
            return enrol_message();
        case Stage::read:
            return read_message();
        case Stage::enrol_again:
            return enrol_again_message();
        case Stage::give:
            return gifts_.next();
        case Stage::over:
            break;
    }
    return std::nullopt;
}

void RosterTalk::receive(ByteView body) {
    switch (stage_) {
        case Stage::found:
            return take_founded(body);
        case Stage::enrol:
            return take_enrolled(body);
        case Stage::read:
            return take_read(body);
        case Stage::enrol_again:
            return read_again();
        case Stage::give:
            return take_given(body);
        case Stage::over:
            break;
    }
}

RosterTalk::Turn RosterTalk::receive(Refusal refusal) {
    if (stage_ == Stage::give) {  // a hub that does not take its entries back still gets the work
        talk_.report.roster_behind = gifts_.give_up();
        stage_ = Stage::over;
        return Turn::go_on;
    }
    if (stage_ == Stage::enrol_again) talk_.report.refusal = Refusal::bad_signature;
    if (stage_ != Stage::read) return Turn::is_refused;
    if (refusal == Refusal::not_permitted) return stage_ = Stage::over, Turn::hand_in;
    if (refusal == Refusal::roster_differs && !comparing_) return compare(), Turn::go_on;
    const bool is_stranger = refusal == Refusal::bad_signature && was_enrolled();
    if (!is_stranger || std::exchange(has_enrolled_again_, true)) return Turn::is_refused;
    stage_ = Stage::enrol_again;
    return Turn::go_on;
}

void RosterTalk::give_again() {
    has_given_ = false;
    read_again();
}

std::vector<protocol::PulledTurf> RosterTalk::take_early() { return std::exchange(early_, {}); }

// ---- a new workspace comes to its hub; a new device to its workspace

Message RosterTalk::found_message() const {
    return {MessageName::found, *talk_.workspace.beginnings().founding};
}

void RosterTalk::take_founded(ByteView body) {
    if (!protocol::parse_found_answer(body)) return talk_.stop(Trouble::nonsense);
    Beginnings beginnings = talk_.workspace.beginnings();
    beginnings.founding.reset();
    talk_.workspace.set_beginnings(std::move(beginnings));
    read_again();
}

Message RosterTalk::enrol_message() const {
    const Workspace& workspace = talk_.workspace;
    const protocol::RosterEntry enrolment = make_enrolment(
        *workspace.beginnings().joining, workspace.identity().member, workspace.identity().keys);
    return {
        MessageName::enrol, protocol::encode(protocol::EnrolRequest{protocol::encode(enrolment)})};
}

void RosterTalk::take_enrolled(ByteView body) {
    const auto answer = protocol::parse_enrol_answer(body);
    if (!answer) return talk_.stop(Trouble::nonsense);
    keys_.take_share(answer->share);
    read_again();
}

// ---- a hub that was put back to before this device joined: nobody but the device may know of it

bool RosterTalk::was_enrolled() const {
    const RosterDevice* own = talk_.roster().find(talk_.workspace.identity().keys.device());
    if (own == nullptr) return false;
    return talk_.roster().entry_at(own->enrolled).kind() == protocol::RosterKind::device_enrolled;
}

Message RosterTalk::enrol_again_message() const {
    const RosterDevice* own = talk_.roster().find(talk_.workspace.identity().keys.device());
    const ByteView entry = talk_.roster().wire_at(own->enrolled);
    return {
        MessageName::enrol,
        protocol::encode(protocol::EnrolRequest{Bytes(entry.begin(), entry.end()), true})};
}

// ---- reading

Message RosterTalk::read_message() {
    const Roster& roster = talk_.roster();
    protocol::RosterReadRequest request{.from = comparing_.value_or(roster.next_position())};
    if (!comparing_ && !roster.empty()) request.known = roster.last_hash();
    request.own_logs = tips_.ask();
    tips_.read_again_for_damaged();
    if (talk_.plan.pull && !roster.empty() && !has_work_to_send()) {
        pull_.ask_for_all_turfs();
        request.pull = pull_.request();
    }
    return {MessageName::roster_read, protocol::encode(request)};
}

// Something to close or to push, or to say on joining: then the pull has to wait for it.
bool RosterTalk::has_work_to_send() const {
    const bool is_joining = keys_.has_invite() || talk_.workspace.beginnings().joining;
    if (talk_.offering.has_everything() || is_joining) return true;
    if (talk_.plan.close && talk_.store().open_count() != 0) return true;
    return talk_.plan.push && talk_.offering.has_blocks();
}

void RosterTalk::take_read(ByteView body) {
    auto answer = protocol::parse_roster_read_answer(body);
    if (!answer) return talk_.stop(Trouble::nonsense);
    take_part(*std::move(answer));
}

void RosterTalk::take_part(protocol::RosterReadAnswer answer) {
    const auto appended = talk_.workspace.extend_roster(answer.entries);
    if (!appended && appended.error() != RosterError::fork)
        return talk_.stop(Trouble::roster_refused);
    if (!appended) {
        talk_.is_split = true;
        answer.more = false;
    }
    const std::size_t grown = appended.value_or(0);
    talk_.report.roster_entries += grown;
    if (comparing_) comparing_->value += answer.entries.size();
    if (answer.more) {
        // Each answer brings us further: else a hub could go on for ever.
        const bool is_behind = comparing_ && *comparing_ < talk_.roster().next_position();
        const bool brings_more = grown != 0 || is_behind;
        if (answer.entries.empty() || !brings_more) talk_.stop(Trouble::nonsense);
        return;
    }
    comparing_.reset();
    end_reading(std::move(answer), grown != 0);
}

std::optional<protocol::StreamHead> RosterTalk::head_of(const protocol::RosterReadAnswer& answer) {
    const auto& hub = talk_.roster().hub();
    const bool is_forged = hub && !protocol::verify_stream_head(
                                      talk_.roster().workspace(), answer.head.head,
                                      answer.head.signature, hub->signing_key);
    if (is_forged) return talk_.stop(Trouble::hub_contradicts), std::nullopt;
    const auto head = protocol::parse_stream_head(answer.head.head);
    if (!head) return talk_.stop(Trouble::nonsense), std::nullopt;
    return *head;
}

void RosterTalk::end_reading(protocol::RosterReadAnswer answer, bool has_grown) {
    const bool is_enrolled =
        talk_.roster().find(talk_.workspace.identity().keys.device()) != nullptr;
    if (talk_.roster().empty() || !is_enrolled) return talk_.stop(Trouble::not_enrolled);
    const auto head = head_of(answer);
    if (!head) return;
    talk_.hub_epoch = head->hub_epoch;
    talk_.hub_roster = head->turf_seq;
    talk_.report.clock_ahead_ms =
        talk_.workspace.environment().clock.now().value - head->time.value;
    if (talk_.offering.has_everything() || may_not_know_epoch())
        talk_.offering.start(talk_.hub_epoch);
    if (!tips_.receive(answer.heads)) return talk_.stop(Trouble::nonsense);
    if (!talk_.is_split && talk_.plan.close) tips_.end_damaged_logs(answer.heads);
    if (answer.turfs.empty()) tips_.read_again_for_damaged();
    if (has_grown) talk_.workspace.retry();
    early_ = std::move(answer.turfs);
    if (shows_older_roster(talk_, *head, answer.head)) return;
    if (!talk_.is_split && !has_given_) gifts_.list(*head);
    stage_ = gifts_.has_more() ? Stage::give : Stage::over;
}

// A hub was restored, and a turf has no cursor, as after damage: nothing here tells whether that
// was before this laptop read it last.
bool RosterTalk::may_not_know_epoch() {
    if (talk_.hub_epoch <= 1) return false;
    return std::ranges::any_of(talk_.own_turfs(), [this](const protocol::TurfId& turf) {
        return !talk_.store().cursor(talk_.workspace.number_of(turf));
    });
}

// ---- another branch than the hub's: somebody with authority signed on two ends. Which is it, and
// where do they part? Work goes on travelling: a block is no less its author's.

void RosterTalk::compare() { comparing_ = protocol::RosterPosition{0}; }

// ---- giving

// Read once more afterwards: others may have given further entries, and a coordinator who stands at
// the end lets the hub enrol people again.
void RosterTalk::take_given(ByteView body) {
    const auto answer = protocol::parse_roster_append_answer(body);
    if (!answer) return talk_.stop(Trouble::nonsense);
    const bool is_overtaken = std::holds_alternative<protocol::RosterConflict>(*answer);
    if (is_overtaken) {  // another entry has that place by now
        gifts_.give_up();
        compare();
    } else {
        gifts_.note_taken();
        if (gifts_.has_more()) return;
        gifts_.note_given();
    }
    has_given_ = true;
    read_again();
}

}  // namespace vereda::engine::sync
