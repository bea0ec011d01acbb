#include <utility>

#include "engine/sync/session.h"

/// What the hub puts off. Nothing is wrong with those blocks, and nothing else waits for them: the
/// rest of the sync goes on.
namespace vereda::engine::sync {

// Sent for nothing otherwise: the hub has said when to come again.
void Session::hold_back_what_waits() {
    waits_ = HubWaits::load(workspace_.store());
    for (const protocol::LogId& id : waits_.held_back(workspace_.environment().clock.now())) {
        if (const auto log = workspace_.store().find_log(id)) stuck_.insert(*log);
    }
}

// A hub in a new epoch has more room for a while, and judges again.
void Session::offer_again_what_waits() {
    for (const protocol::LogId& id : waits_.logs()) {
        if (const auto log = workspace_.store().find_log(id)) stuck_.erase(*log);
    }
}

// The log's later blocks follow this one, so they wait with it.
void Session::take_not_yet(const Sent& sent, const protocol::BlockVerdict& verdict) {
    stuck_.insert(sent.log);
    waits_.note(
        workspace_.store().info(sent.log).log, verdict.wait, workspace_.environment().clock.now(),
        verdict.again_after_ms);
    const bool is_ours_to_give = verdict.wait == protocol::PushWait::roster && has_roster_of(sent);
    if (is_ours_to_give) lacks_our_roster_.insert(sent.log);
}

bool Session::has_roster_of(const Sent& sent) {
    const auto stored = workspace_.store().block(sent.log, sent.block_no);
    if (!stored) return false;
    const Roster& roster = workspace_.roster();
    const auto block = protocol::parse_block(roster.workspace(), stored->bytes);
    return block && roster.hash_at(block->core.roster_position) == block->core.roster_hash;
}

// Once: the roster was given at the beginning, so the hub has lost it since, or would not have it.
bool Session::gives_roster_for_blocks() {
    const bool can_help = !lacks_our_roster_.empty() && !split_ && report_.roster_behind == 0;
    if (!can_help || std::exchange(gave_for_blocks_, true)) return false;
    for (const LogOrdinal log : lacks_our_roster_) stuck_.erase(log);
    has_given_ = false;
    stage_ = Stage::read_roster;
    return true;
}

void Session::end_pushing() {
    LogStore& store = workspace_.store();
    report_.waits = waits_.count(store);
    waits_.save(store);
}

// A hub of before calls the longer request malformed: it is asked in the first form, and takes
// what it takes.
bool Session::falls_back_to_first_push(protocol::Refusal refusal) {
    const bool is_of_before =
        stage_ == Stage::push && push_version_ != 0 && refusal == protocol::Refusal::malformed;
    if (!is_of_before) return false;
    push_version_ = 0;
    report_.refusal.reset();
    return true;
}

}  // namespace vereda::engine::sync
