#include "engine/sync/session.h"

#include "engine/sync/went_back.h"

namespace vereda::engine::sync {

Session::Session(Workspace& workspace, BlockOpener& opener, Plan plan)
    : talk_(workspace, opener, plan),
      keys_(talk_),
      pull_(talk_),
      push_(talk_, pull_),
      roster_(talk_, keys_, pull_),
      wanted_(talk_) {}

std::optional<Message> Session::next() {
    while (stage_ != Stage::over) {
        if (auto next = message()) return next;
        go_on();
    }
    return std::nullopt;
}

std::optional<Message> Session::message() {
    const Plan& plan = talk_.plan;
    switch (stage_) {
        case Stage::roster:
            return roster_.next();
        case Stage::prove:
            return proof_message(talk_);
        case Stage::keys:
            return keys_.next();
        case Stage::pull_first:
            return pull_.next();
        case Stage::push:
            return plan.push ? push_.next() : std::nullopt;
        case Stage::pull:
            return plan.pull ? pull_.next() : std::nullopt;
        case Stage::ask_again:
            return plan.pull ? wanted_.next() : std::nullopt;
        case Stage::close:
        case Stage::over:
            break;
    }
    return std::nullopt;
}

void Session::go_on() {
    switch (stage_) {
        case Stage::roster:
            keys_.begin();
            stage_ = Stage::keys;
            break;
        case Stage::keys:
            return begin_closing();
        case Stage::pull_first:
            roster_.tips().have_been_read();
            pull_.begin_again();
            stage_ = Stage::close;
            break;
        case Stage::close:
            return close();
        case Stage::push:
            return end_pushing();
        case Stage::pull:
            return end_pulling();
        case Stage::ask_again:
            return end();
        case Stage::prove:
        case Stage::over:
            break;
    }
}

// An open entry may refer to a block that the disk has lost: closed now, it could not say where.
void Session::begin_closing() {
    stage_ = Stage::close;
    pull_.take(roster_.take_early());
    if (talk_.is_stopped()) stage_ = Stage::over;
    if (talk_.proof) stage_ = Stage::prove;
    if (talk_.is_interrupted()) return;
    if (!roster_.tips().are_ahead() && !talk_.workspace.block_gaps().has_open()) return;
    pull_.begin();
    stage_ = Stage::pull_first;
}

void Session::close() {
    if (talk_.plan.close) {
        const LogWriter::Closed closed = talk_.workspace.close_blocks();
        talk_.report.left_open = closed.without_key;
        talk_.report.set_aside = closed.set_aside;
    }
    // A block that parts a log waits until nothing is open.
    if (talk_.store().waiting_count() != 0) talk_.workspace.retry();
    stage_ = Stage::push;
}

void Session::end_pushing() {
    if (talk_.plan.push && push_.must_give_roster()) {
        roster_.give_again();
        stage_ = Stage::roster;
        return;
    }
    push_.end();
    pull_.begin();
    static_cast<void>(talk_.offering.has_just_begun());  // it is pushed by now
    stage_ = Stage::pull;
}

void Session::end_pulling() {
    stage_ = Stage::ask_again;
    if (!pull_.must_read_roster_again()) return;
    roster_.read_again();
    stage_ = Stage::roster;
}

std::size_t Session::wanted_blocks() {
    std::int64_t wanted = 0;
    for (const protocol::TurfId& turf : talk_.own_turfs())
        wanted += talk_.store().hub_places().wanted_in(talk_.workspace.number_of(turf));
    return static_cast<std::size_t>(wanted);
}

void Session::end() {
    stage_ = Stage::over;
    Report& report = talk_.report;
    report.wanted_blocks = wanted_blocks();
    if (talk_.is_stopped()) return;
    if (talk_.is_split) report.trouble = Trouble::roster_split;
    if (talk_.is_doubtful || pull_.has_denied()) report.trouble = Trouble::hub_contradicts;
    talk_.workspace.note_reading_denied(talk_.may_not_read || pull_.lacks_grant());
    // Not by a hub that contradicts itself: what it served may not be all that it has.
    const bool is_believed = report.trouble != Trouble::hub_contradicts;
    if (is_believed && pull_.has_read_every_stream()) talk_.workspace.note_caught_up();
    const bool has_every_block = pull_.has_read_every_stream() && report.wanted_blocks == 0;
    if (report.trouble == Trouble::none && has_every_block) talk_.workspace.note_streams_read();
}

void Session::receive(std::expected<Bytes, protocol::Refusal> answer) {
    if (answer) {
        take(*answer);
    } else {
        talk_.report.refusal = answer.error();
        take_refusal(answer.error());
    }
    if (talk_.is_stopped()) {
        stage_ = Stage::over;
    } else if (talk_.proof) {
        stage_ = Stage::prove;
    } else if (stage_ == Stage::pull && talk_.offering.has_just_begun()) {
        stage_ = Stage::push;
    }
}

void Session::take(ByteView answer) {
    switch (stage_) {
        case Stage::roster:
            return roster_.receive(answer);
        case Stage::prove:
            return take_proven();
        case Stage::keys:
            return keys_.receive(answer);
        case Stage::push:
            return push_.receive(answer);
        case Stage::pull_first:
        case Stage::pull:
            return pull_.receive(answer);
        case Stage::ask_again:
            return wanted_.receive(answer);
        case Stage::close:
        case Stage::over:
            break;
    }
}

void Session::take_refusal(protocol::Refusal refusal) {
    if (stage_ == Stage::prove) return take_proven();
    // Everything else is done: another time.
    if (stage_ == Stage::ask_again) return end();
    if (stage_ == Stage::push && push_.falls_back(refusal)) return talk_.report.refusal.reset();
    if (stage_ != Stage::roster) return talk_.stop(Trouble::refused);
    switch (roster_.receive(refusal)) {
        case RosterTalk::Turn::go_on:
            break;
        case RosterTalk::Turn::hand_in:
            talk_.plan.pull = false;
            talk_.may_not_read = true;
            stage_ = Stage::close;
            break;
        case RosterTalk::Turn::is_refused:
            talk_.stop(Trouble::refused);
    }
}

// Whatever it answers: from the beginning, once.
void Session::take_proven() {
    talk_.proof.reset();
    talk_.has_proven = talk_.report.hub_went_back = true;
    talk_.report.roster_behind = 0;  // it is offered again
    talk_.is_doubtful = false;
    talk_.offering.release_all();
    static_cast<void>(roster_.take_early());
    pull_.start_over();
    roster_.read_again();
    stage_ = Stage::roster;
}

}  // namespace vereda::engine::sync
