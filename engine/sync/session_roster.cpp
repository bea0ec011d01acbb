#include <algorithm>
#include <utility>

#include "engine/sync/offering.h"
#include "engine/sync/session.h"
#include "protocol/domain.h"
#include "protocol/sync/leaf.h"

namespace vereda::engine::sync {

using protocol::MessageName;

// ---- roster

Message Session::read_roster_message() {
    const Roster& roster = workspace_.roster();
    protocol::RosterReadRequest request{.from = comparing_.value_or(roster.next_position())};
    if (!comparing_ && !roster.empty()) request.known = roster.last_hash();
    // Also those that this vault has not: one that went back in time may have written them.
    const Identity& own = workspace_.identity();
    for (const protocol::TurfId& turf : workspace_.roster().turfs_of(own.keys.device())) {
        request.own_logs.push_back(protocol::log_id(
            workspace_.roster().workspace(), own.keys.device(), turf, own.incarnation));
    }
    for (const LogOrdinal log : workspace_.writer().own_logs()) {
        const LogInfo& info = workspace_.store().info(log);
        const bool current = info.incarnation == own.incarnation && !info.branch;
        if ((current || damaged_unsent(log)) &&
            std::ranges::find(request.own_logs, info.log) == request.own_logs.end())
            request.own_logs.push_back(info.log);
    }
    if (request.own_logs.size() > protocol::own_logs_max)
        request.own_logs.resize(protocol::own_logs_max);
    logs_asked_ = request.own_logs;
    read_anew_for_damaged();
    if (plan_.pull && !workspace_.roster().empty() && !has_work_to_send()) {
        ask_for_all_turfs();
        request.pull = pull_request();
    }
    return {MessageName::roster_read, protocol::encode(request)};
}

// Something to close or to push, or to say on joining: then the pull has to wait for it.
bool Session::has_work_to_send() {
    LogStore& store = workspace_.store();
    if (offer_everything_ || invite_box_ || workspace_.beginnings().joining) return true;
    if (plan_.close && store.open_count() != 0) return true;
    const std::vector<LogOrdinal> logs = workspace_.writer().own_logs();
    return plan_.push && std::any_of(logs.begin(), logs.end(), [&](LogOrdinal log) {
               if (stuck_.contains(log)) return false;
               return store.head(log) && store.pushed(log) <= store.head(log)->block_no;
           });
}

void Session::take_roster(ByteView body) {
    auto answer = protocol::parse_roster_read_answer(body);
    if (!answer) return stop(Trouble::nonsense);
    const auto appended = workspace_.extend_roster(answer->entries);
    if (!appended && appended.error() == RosterError::fork) {
        split_ = true;
        answer->more = false;
    } else if (!appended) {
        return stop(Trouble::roster_refused);
    }
    report_.roster_entries += appended.value_or(0);
    if (comparing_) comparing_->value += answer->entries.size();
    if (answer->more) {
        // Each answer brings us further: else a hub could go on for ever.
        const bool is_behind = comparing_ && *comparing_ < workspace_.roster().next_position();
        const bool brings_more = appended.value_or(0) != 0 || is_behind;
        if (answer->entries.empty() || !brings_more) stop(Trouble::nonsense);
        return;
    }
    comparing_.reset();
    end_roster(*std::move(answer), appended.value_or(0) != 0);
}

void Session::end_roster(protocol::RosterReadAnswer answer, bool has_grown) {
    const Roster& roster = workspace_.roster();
    if (roster.empty() || roster.find(workspace_.identity().keys.device()) == nullptr) {
        return stop(Trouble::not_enrolled);
    }
    const auto& hub = roster.hub();
    if (hub && !protocol::verify_stream_head(
                   roster.workspace(), answer.head.head, answer.head.signature, hub->signing_key)) {
        return stop(Trouble::hub_contradicts);
    }
    const auto head = protocol::parse_stream_head(answer.head.head);
    if (!head) return stop(Trouble::nonsense);
    hub_epoch_ = head->hub_epoch;
    hub_roster_ = head->turf_seq;
    if (offer_everything_ || may_not_know_epoch()) start_offering(hub_epoch_);
    if (!meet_own_heads(answer.heads)) return stop(Trouble::nonsense);
    if (!split_ && plan_.close) end_damaged_logs(answer.heads);
    if (answer.turfs.empty()) read_anew_for_damaged();
    if (has_grown) workspace_.retry();
    early_ = std::move(answer.turfs);
    report_.clock_ahead_ms = workspace_.environment().clock.now().value - head->time.value;
    if (shows_older_roster(*head, answer.head)) return;
    if (!split_ && !has_given_) list_what_to_give(*head);
    if (to_give_.empty()) {
        go_on_after_roster();
    } else {
        stage_ = Stage::give_roster;
    }
}

// ---- another branch than the hub's: somebody with authority signed on two ends. Which is it, and
// where do they part? Work goes on travelling: a block is no less its author's.

void Session::compare_rosters() { comparing_ = protocol::RosterPosition{0}; }

// ---- roster entries that a restored hub has lost: it takes them from whoever has them, and the
// wraps and shares that went with them from their author

void Session::list_what_to_give(const protocol::StreamHead& hub) {
    const std::string epoch = std::to_string(hub.hub_epoch);
    const auto given_in = workspace_.store().meta(roster_given_name);
    const bool is_new_epoch =
        hub.hub_epoch > 1 && !(given_in && std::ranges::equal(*given_in, as_bytes(epoch)));
    const bool has_lost = hub.turf_seq < workspace_.roster().size();
    given_from_ = hub;
    if (is_new_epoch || has_lost) kept_ = workspace_.kept_changes();
    for (const auto& [position, request] : kept_) {
        if (is_new_epoch && position.value < hub.turf_seq) to_give_.push_back(position);
    }
    for (std::uint64_t at = hub.turf_seq; at < workspace_.roster().size(); ++at) {
        to_give_.push_back({at});
    }
    if (is_new_epoch && to_give_.empty()) note_given();
}

void Session::note_given() {
    workspace_.store().put_meta(roster_given_name, as_bytes(std::to_string(given_from_.hub_epoch)));
}

Message Session::give_roster_message() const {
    const ByteView entry = workspace_.roster().wire_at(to_give_.front());
    const auto kept = kept_.find(to_give_.front());
    const protocol::RosterAppendRequest alone{.entry = Bytes(entry.begin(), entry.end())};
    return {
        MessageName::roster_append, kept != kept_.end() ? kept->second : protocol::encode(alone)};
}

void Session::take_given(ByteView body) {
    const auto answer = protocol::parse_roster_append_answer(body);
    if (!answer) return stop(Trouble::nonsense);
    if (std::holds_alternative<protocol::RosterConflict>(*answer)) {
        // Another entry has that place by now.
        to_give_.clear();
        has_given_ = true;
        stage_ = Stage::read_roster;
        return compare_rosters();
    }
    if (to_give_.front().value >= given_from_.turf_seq) ++report_.roster_given;
    to_give_.pop_front();
    if (to_give_.empty()) end_giving();
}

// Read once more: others may have given further entries, and a coordinator who stands at the end
// lets the hub enrol people again.
void Session::end_giving() {
    note_given();
    has_given_ = true;
    stage_ = Stage::read_roster;
}

// ---- a hub that was put back to before this device joined: nobody but the device may know of it

bool Session::was_enrolled() const {
    const Roster& roster = workspace_.roster();
    const RosterDevice* own = roster.find(workspace_.identity().keys.device());
    if (own == nullptr) return false;
    return roster.entry_at(own->enrolled).kind() == protocol::RosterKind::device_enrolled;
}

Message Session::enrol_again_message() const {
    const Roster& roster = workspace_.roster();
    const RosterDevice* own = roster.find(workspace_.identity().keys.device());
    const ByteView entry = roster.wire_at(own->enrolled);
    return {
        MessageName::enrol,
        protocol::encode(protocol::EnrolRequest{Bytes(entry.begin(), entry.end()), true})};
}

// ---- a hub whose whole machine was put back: nothing there tells it, so it is shown its own hand

void Session::prove(protocol::SignedHead proof) {
    proof_ = std::move(proof);
    stage_ = Stage::prove;
}

Message Session::proof_message() const {
    return {MessageName::went_back, protocol::encode(protocol::WentBackRequest{*proof_})};
}

// Whatever it answers: from the beginning, once.
void Session::take_proven() {
    proof_.reset();
    has_proven_ = report_.hub_went_back = true;
    report_.roster_behind = 0;  // it is offered again
    is_doubtful_ = false;
    stuck_.clear();
    early_.clear();
    more_.clear();
    asked_ = false;
    stage_ = Stage::read_roster;
}

std::optional<protocol::SignedHead> Session::kept_roster_head() {
    const auto stored = workspace_.store().meta(roster_head_name);
    if (!stored) return std::nullopt;
    const auto kept = protocol::parse_went_back_request(*stored);
    return kept ? std::optional(kept->head) : std::nullopt;
}

bool Session::shows_older_roster(
    const protocol::StreamHead& now, const protocol::SignedHead& signed_now) {
    const auto kept = kept_roster_head();
    const auto before = protocol::parse_stream_head(kept ? ByteView(kept->head) : ByteView());
    const bool same_epoch = before && before->hub_epoch == now.hub_epoch;
    if (same_epoch && now.turf_seq < before->turf_seq && !has_proven_) {
        prove(*kept);
        return true;
    }
    if (!same_epoch || now.turf_seq > before->turf_seq) {
        const Bytes newest = protocol::encode(protocol::WentBackRequest{signed_now});
        workspace_.store().put_meta(roster_head_name, newest);
    }
    return false;
}

bool Session::shows_older_stream(TurfNumber turf, const protocol::StreamHead& now) {
    const auto kept = workspace_.store().stream_head(turf);
    const auto cursor = workspace_.store().cursor(turf);
    if (has_proven_ || !kept || !cursor || cursor->hub_epoch != now.hub_epoch) return false;
    prove(*kept);
    return true;
}

void Session::go_on_after_roster() {
    if (invite_box_) {
        stage_ = Stage::read_invite_wraps;
    } else if (lacks_keys()) {
        stage_ = Stage::read_wraps;
    } else {
        go_on_with_keys();
    }
}

void Session::go_on_with_keys() {
    stage_ = Stage::close;
    take_turfs(std::exchange(early_, {}));
    if (report_.trouble != Trouble::none || stage_ == Stage::prove) return;
    // An open entry may refer to a block that the disk has lost: closed now, it could not say
    // where.
    pull_first_ = pull_first_ || workspace_.block_gaps().has_open();
    if (pull_first_) start_pulling();
}

// A hub that says it has a block of this very incarnation which this vault has not: the vault may
// have gone back in time. Its word alone proves nothing; the block, signed by this device, does: so
// pull before anything is closed.
bool Session::meet_own_heads(const std::vector<protocol::LogTip>& heads) {
    std::set<protocol::LogId> met;
    for (const protocol::LogTip& head : heads) {
        if (head.block_no > protocol::seq_max) return false;
        meet_own_head(head);
        met.insert(head.log);
    }
    LogStore& store = workspace_.store();
    for (const protocol::LogId& asked : logs_asked_) {
        const auto log = store.find_log(asked);
        if (log && !met.contains(asked)) offer_again_from(*log, 0);
    }
    return true;
}

void Session::meet_own_head(const protocol::LogTip& head) {
    LogStore& store = workspace_.store();
    const auto log = store.find_log(head.log);
    const auto ours = log ? store.block(*log, head.block_no) : std::nullopt;
    if (!ours || ours->hash != head.block) {
        pull_first_ = true;
        return;
    }
    store.set_pushed(*log, std::max(store.pushed(*log), head.block_no + 1));
    offer_again_from(*log, head.block_no + 1);
}

// The hub took more of an own log than it has: whether it lost or dropped it, it is offered again.
// Of a log that forked its newest block is one branch's and says nothing of the others.
void Session::offer_again_from(LogOrdinal log, std::uint64_t block_no) {
    LogStore& store = workspace_.store();
    const std::uint64_t pushed = store.pushed(log);
    if (store.has_forked(log) || pushed <= block_no) return;
    report_.offered_again += pushed - block_no;
    store.set_pushed(log, block_no);
    forget_given_from(log, block_no);
}

// ---- what this disk has damaged

// The first block of an own log that is damaged here and that the hub has not acknowledged.
std::optional<std::uint64_t> Session::damaged_unsent(LogOrdinal log) {
    LogStore& store = workspace_.store();
    std::optional<std::uint64_t> first;
    for (const auto& [in, block_no] : store.blocks_in_state(BlockState::damaged)) {
        const bool unsent =
            in == log && block_no >= store.pushed(log) && !store.block(log, block_no)->acceptance;
        if (unsent) first = std::min(first.value_or(block_no), block_no);
    }
    return first;
}

// What the hub has of a log, it gives back; what it has not, nobody has: there the log ends. It was
// asked for the tip of each of these logs, so that a reply which was lost counts as received.
void Session::end_damaged_logs(const std::vector<protocol::LogTip>& heads) {
    for (const LogOrdinal log : workspace_.writer().own_logs()) {
        const auto block_no = damaged_unsent(log);
        if (!block_no || workspace_.store().info(log).branch) continue;
        const protocol::LogId id = workspace_.store().info(log).log;
        if (std::ranges::find(logs_asked_, id) == logs_asked_.end()) continue;
        const auto tip = std::ranges::find(heads, id, &protocol::LogTip::log);
        if (tip != heads.end() && tip->block_no >= *block_no) continue;
        report_.lost_entries += workspace_.end_log(log, *block_no);
    }
}

// A block whose place in the stream is known is asked for by that place (LogStore::want_again). Of
// another one that the hub has, only the whole stream tells where it lies.
void Session::read_anew_for_damaged() {
    LogStore& store = workspace_.store();
    const protocol::DeviceId own = workspace_.identity().keys.device();
    for (const auto& [log, block_no] : store.blocks_in_state(BlockState::damaged)) {
        const bool unsent = store.info(log).device == own && block_no >= store.pushed(log);
        if (!unsent && !store.block(log, block_no)->acceptance)
            store.forget_cursor(store.info(log).turf);
    }
}

}  // namespace vereda::engine::sync
