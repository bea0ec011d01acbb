#include <algorithm>

#include "engine/sync/offering.h"
#include "engine/sync/session.h"
#include "protocol/sync/leaf.h"

namespace vereda::engine::sync {
namespace {

using protocol::MessageName;

constexpr int idle_pushes_max = 8;

// The leaf that a block gets, without its place in the stream and the time.
protocol::Leaf leaf_of(const protocol::WorkspaceId& workspace, const protocol::ParsedBlock& block) {
    return {
        .kind = protocol::LeafKind::block,
        .workspace = workspace,
        .stream = block.core.turf,
        .object_hash = block.hash.bytes,
        .payload_hash = block.payload_hash};
}

// A block that the disk has damaged is for the hub to refuse: no leaf will come of it.
protocol::Leaf stored_leaf(const protocol::WorkspaceId& workspace, ByteView bytes) {
    const auto parsed = protocol::parse_block(workspace, bytes);
    return parsed ? leaf_of(workspace, *parsed) : protocol::Leaf{};
}

protocol::LeafBytes with_place(protocol::Leaf leaf, const protocol::Acceptance& place) {
    leaf.stream_seq = place.stream_seq;
    leaf.accepted = place.accepted;
    return protocol::encode_leaf(leaf);
}

}  // namespace

// ---- push: own blocks that the hub may not have; after a hub's restore, everything

std::optional<Message> Session::push_message() {
    LogStore& store = workspace_.store();
    protocol::PushRequest request{.version = push_version_};
    sent_.clear();
    std::size_t bytes = 0;
    std::vector<LogOrdinal> logs = workspace_.writer().own_logs();
    if (offer_everything_) {
        logs.clear();
        for (std::uint32_t log = 1; log <= store.log_count(); ++log) logs.push_back({log});
    }
    for (const LogOrdinal log : logs) {
        if (stuck_.contains(log)) continue;
        const std::optional<BlockHead> head = store.head(log);
        if (!head) continue;
        for (std::uint64_t block_no = store.pushed(log); block_no <= head->block_no; ++block_no) {
            std::optional<StoredBlock> block = store.block(log, block_no);
            if (!block)
                throw StorageFailure(StorageFault::corrupt, "a block in the middle of a log");
            if (block->state == BlockState::damaged) {  // for nobody to refuse
                stuck_.insert(log);
                break;
            }
            const bool full = bytes + block->bytes.size() > plan_.push_bytes_max ||
                              request.blocks.size() == protocol::push_blocks_max;
            if (full && !request.blocks.empty())
                return Message{MessageName::push, protocol::encode(request)};
            bytes += block->bytes.size();
            sent_.push_back(
                {log, block_no, block->count,
                 stored_leaf(workspace_.roster().workspace(), block->bytes)});
            request.blocks.push_back(std::move(block->bytes));
        }
    }
    if (request.blocks.empty()) return std::nullopt;
    if (plan_.pull) {
        ask_for_all_turfs();
        request.pull = pull_request();
    }
    return Message{MessageName::push, protocol::encode(request)};
}

void Session::take_pushed(ByteView body) {
    auto answer = protocol::parse_push_answer(body);
    if (!answer || answer->verdicts.size() != sent_.size()) return stop(Trouble::nonsense);
    const std::size_t before = leaves_given_ + stuck_.size();
    Transaction transaction(workspace_.store().database());
    for (std::size_t i = 0; i < sent_.size(); ++i) {
        take_verdict(sent_[i], answer->verdicts[i]);
    }
    transaction.commit();
    // A hub that goes on knowing no predecessor is not offered more for ever.
    const bool is_idle = leaves_given_ + stuck_.size() == before;
    if (is_idle && ++idle_pushes_ == idle_pushes_max) plan_.push = false;
    take_turfs(std::move(answer->turfs));
}

void Session::take_verdict(const Sent& sent, const protocol::BlockVerdict& verdict) {
    LogStore& store = workspace_.store();
    const auto [log, block_no, entries, leaf] = sent;
    if (stuck_.contains(log)) return;
    if (verdict.leaf.stream_seq != 0 && !may_have_given(sent, verdict.leaf)) {
        is_doubtful_ = true;
        stuck_.insert(log);
        return;
    }
    switch (verdict.outcome) {
        case protocol::PushOutcome::evidence:
            ++report_.forks;
            [[fallthrough]];
        case protocol::PushOutcome::accepted:
            report_.pushed_entries += entries;
            ++report_.pushed_blocks;
            [[fallthrough]];
        case protocol::PushOutcome::already_had:
            workspace_.note_acceptance(log, block_no, verdict.leaf);
            store.set_pushed(log, block_no + 1);
            waits_.forget(store.info(log).log);
            note_given(sent, verdict.leaf);
            return;
        case protocol::PushOutcome::predecessor_unknown: {
            const std::uint64_t from = verdict.head ? verdict.head->block_no + 1 : 0;
            // Only ever backwards: a hub that asks for what it was just sent is not asked again
            // today.
            if (from >= block_no || block_no == store.first_block(log)) stuck_.insert(log);
            store.set_pushed(log, std::min(from, block_no));
            return;
        }
        case protocol::PushOutcome::refused:
            ++report_.refused_blocks;
            stuck_.insert(log);
            return;
        case protocol::PushOutcome::not_yet:
            return take_not_yet(sent, verdict);
    }
}

void Session::note_given(const Sent& sent, const protocol::Acceptance& place) {
    LogStore& store = workspace_.store();
    const protocol::LeafBytes leaf = with_place(sent.leaf, place);
    ++leaves_given_;
    given_[sent.leaf.stream][place.stream_seq] = leaf;
    if (hub_epoch_ == 0) return;  // a device that may read no roster pulls nothing, either
    store.hub_places().note_given(store.info(sent.log).turf, place.stream_seq, hub_epoch_, leaf);
}

void Session::end_offering() {
    if (!offer_everything_ || !stuck_.empty()) return;
    offer_everything_ = false;
    workspace_.store().forget_meta(offering_name);
}

// ---- pull: each turf from its cursor on

std::optional<Message> Session::pull_message() {
    const auto request = pull_request();
    if (!request) return std::nullopt;
    return Message{MessageName::pull, protocol::encode(*request)};
}

std::optional<protocol::PullRequest> Session::pull_request() {
    protocol::PullRequest request;
    for (const auto& [turf, more] : more_) {
        if (!more || request.cursors.size() == protocol::pull_turfs_max) continue;
        auto cursor = workspace_.store().cursor(workspace_.number_of(turf));
        if (!cursor) cursor = protocol::PullCursor{.turf = turf};
        cursor->held = held_after(turf, cursor->turf_seq);
        request.cursors.push_back(std::move(*cursor));
    }
    if (request.cursors.empty()) return std::nullopt;
    return request;
}

// What was pushed into the turf: the hub gave it these leaves.
std::vector<protocol::LeafRange> Session::held_after(
    const protocol::TurfId& turf, std::uint64_t seq) const {
    std::vector<protocol::LeafRange> held;
    const auto given = given_.find(turf);
    if (given == given_.end()) return held;
    for (auto leaf = given->second.upper_bound(seq); leaf != given->second.end(); ++leaf) {
        if (!held.empty() && held.back().last + 1 == leaf->first) {
            held.back().last = leaf->first;
        } else if (held.size() < protocol::pull_held_max) {
            held.push_back({leaf->first, leaf->first});
        }
    }
    return held;
}

void Session::take_pulled(ByteView body) {
    auto answer = protocol::parse_pull_answer(body);
    if (!answer || answer->turfs.empty()) return stop(Trouble::nonsense);
    take_turfs(std::move(answer->turfs));
}

// A turf may have to wait for its turn in the answer's bytes; if all of them wait, the hub has
// nothing to say.
void Session::take_turfs(std::vector<protocol::PulledTurf> turfs) {
    bool moved = false, more = false;
    for (protocol::PulledTurf& pulled : turfs) {
        // Only what was asked for: else a hub could keep the conversation going for ever.
        const auto asked = more_.find(pulled.turf);
        if (asked == more_.end() || !asked->second) return stop(Trouble::nonsense);
        moved = take_turf(pulled) || moved;
        if (report_.trouble != Trouble::none || stage_ == Stage::prove) return;
        more = more || more_[pulled.turf];
    }
    if (more && !moved) stop(Trouble::nonsense);
}

// Whether it brought us further.
bool Session::take_turf(protocol::PulledTurf& pulled) {
    const TurfNumber turf = workspace_.number_of(pulled.turf);
    more_[pulled.turf] = false;
    if (pulled.outcome == protocol::PullOutcome::not_granted) {
        if (!hub_lacks_roster()) denied_.insert(pulled.turf);
        lacks_grant_ = true;
        return true;
    }
    const auto head = protocol::parse_stream_head(pulled.head.head);
    const auto& hub = workspace_.roster().hub();
    const protocol::WorkspaceId& workspace = workspace_.roster().workspace();
    if (!head || head->turf != pulled.turf) return stop(Trouble::nonsense), false;
    if (!hub || !protocol::verify_stream_head(
                    workspace, pulled.head.head, pulled.head.signature, hub->signing_key)) {
        return stop(Trouble::hub_contradicts), false;
    }
    if (pulled.outcome == protocol::PullOutcome::cursor_unknown)
        return shows_older_stream(turf, *head) || (start_stream_anew(turf, head->hub_epoch), true);

    const auto cursor = workspace_.store().cursor(turf);
    if (!follows(pulled, *head, cursor) || has_dropped(pulled, *head))
        return contradicts(pulled.turf), false;
    std::vector<BlockOpener::Job> jobs;
    for (protocol::ServedBlock& served : pulled.blocks)
        jobs.push_back({std::move(served.block), served.leaf, false});
    receive_blocks(std::move(jobs));
    move_on(pulled, *head);
    return head->turf_seq != (cursor ? cursor->turf_seq : 0);
}

void Session::receive_blocks(std::vector<BlockOpener::Job> jobs) {
    report_.pulled_blocks += jobs.size();
    const protocol::Incarnation before = workspace_.identity().incarnation;
    const Workspace::Received received = workspace_.receive(std::move(jobs), opener_);
    report_.pulled_entries += received.entries;
    report_.refused_blocks += received.refused;
    report_.forks += received.forks;
    report_.unread_blocks += received.unread;
    report_.damaged_blocks += received.damaged;
    report_.new_incarnation =
        report_.new_incarnation || workspace_.identity().incarnation != before;
}

// Past what was spoilt on its way, too: its place is remembered, and asked for by itself.
void Session::move_on(const protocol::PulledTurf& pulled, const protocol::StreamHead& head) {
    LogStore& store = workspace_.store();
    const TurfNumber turf = workspace_.number_of(pulled.turf);
    Transaction transaction(store.database());
    store.set_cursor(
        turf, {pulled.turf, head.hub_epoch, head.turf_seq, head.turf_chain}, pulled.head);
    store.hub_places().forget_given(turf, head.turf_seq);
    transaction.commit();
    auto& given = given_[pulled.turf];
    given.erase(given.begin(), given.upper_bound(head.turf_seq));
    more_[pulled.turf] = pulled.more;
}

// The leaves of what was served, and of what was pushed before, must lead from where we stood to
// what the hub signed. So a hub cannot forget a leaf that it gave, either.
bool Session::follows(
    const protocol::PulledTurf& pulled, const protocol::StreamHead& head,
    const std::optional<protocol::PullCursor>& cursor) const {
    const protocol::WorkspaceId& workspace = workspace_.roster().workspace();
    std::uint64_t seq = cursor ? cursor->turf_seq : 0;
    protocol::ChainHash chain =
        cursor ? cursor->turf_chain : protocol::chain_start(workspace, head.hub_epoch, pulled.turf);
    const auto given = given_.find(pulled.turf);
    const auto pass_own = [&] {
        if (given == given_.end()) return;
        for (auto leaf = given->second.find(seq + 1);
             leaf != given->second.end() && leaf->first == seq + 1 && seq < head.turf_seq; ++leaf) {
            chain = protocol::chain_next(chain, leaf->second);
            ++seq;
        }
    };
    for (const protocol::ServedBlock& served : pulled.blocks) {
        if (served.leaf.stream_seq != seq + 1) pass_own();
        const auto parsed = protocol::parse_block(workspace, served.block);
        if (!parsed || parsed->core.turf != pulled.turf) return false;
        if (served.leaf.stream_seq != seq + 1) return false;
        chain = protocol::chain_next(chain, with_place(leaf_of(workspace, *parsed), served.leaf));
        ++seq;
    }
    pass_own();
    return seq == head.turf_seq && chain == head.turf_chain;
}

// Another hub epoch, or a stream that is not the one we followed: read it from its beginning, and
// offer all we have.
void Session::start_stream_anew(TurfNumber turf, std::uint64_t hub_epoch) {
    LogStore& store = workspace_.store();
    const bool is_first = anew_.insert(store.turf(turf)).second;
    if (!store.cursor(turf) || !is_first) return stop(Trouble::hub_contradicts);
    start_offering(hub_epoch);
    Transaction transaction(store.database());
    store.forget_cursor(turf);
    store.hub_places().forget_given(turf, protocol::seq_max);
    given_.erase(store.turf(turf));
    more_[store.turf(turf)] = true;
    transaction.commit();
}

// A hub was restored, and a turf has no cursor, as after damage: nothing here tells whether that
// was before this laptop read it last.
bool Session::may_not_know_epoch() {
    if (hub_epoch_ <= 1) return false;
    const auto turfs = workspace_.roster().turfs_of(workspace_.identity().keys.device());
    return std::ranges::any_of(turfs, [this](const protocol::TurfId& turf) {
        return !workspace_.store().cursor(workspace_.number_of(turf));
    });
}

// Once for each epoch, all of it or nothing: a second restore begins the offer again.
void Session::start_offering(std::uint64_t hub_epoch) {
    LogStore& store = workspace_.store();
    const std::string epoch = std::to_string(hub_epoch);
    const auto offering = store.meta(offering_name);
    if (offering && std::ranges::equal(*offering, as_bytes(epoch))) return;
    offer_everything_ = true;
    Transaction transaction(store.database());
    store.put_meta(offering_name, as_bytes(epoch));
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) store.set_pushed({log}, 0);
    transaction.commit();
    offer_again_what_waits();
    stage_ = Stage::push;
}

}  // namespace vereda::engine::sync
