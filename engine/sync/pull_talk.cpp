#include "engine/sync/pull_talk.h"

#include <algorithm>
#include <utility>

#include "engine/sync/went_back.h"

namespace vereda::engine::sync {

void PullTalk::ask_for_all_turfs() {
    if (std::exchange(asked_, true)) return;
    for (const protocol::TurfId& turf : talk_.own_turfs()) {
        more_[turf] = true;
        talk_.given.recall(turf, talk_.hub_epoch);
    }
}

void PullTalk::begin() {
    ask_for_all_turfs();
    for (const protocol::TurfId& turf : talk_.own_turfs()) more_.try_emplace(turf, true);
}

void PullTalk::start_over() {
    more_.clear();
    asked_ = false;
}

std::optional<protocol::PullRequest> PullTalk::request() {
    protocol::PullRequest request;
    for (const auto& [turf, more] : more_) {
        if (!more || request.cursors.size() == protocol::pull_turfs_max) continue;
        auto cursor = talk_.store().cursor(talk_.workspace.number_of(turf));
        if (!cursor) cursor = protocol::PullCursor{.turf = turf};
        cursor->held = talk_.given.after(turf, cursor->turf_seq);
        request.cursors.push_back(std::move(*cursor));
    }
    if (request.cursors.empty()) return std::nullopt;
    return request;
}

std::optional<Message> PullTalk::next() {
    const auto asked = request();
    if (!asked) return std::nullopt;
    return Message{protocol::MessageName::pull, protocol::encode(*asked)};
}

void PullTalk::receive(ByteView body) {
    auto answer = protocol::parse_pull_answer(body);
    if (!answer || answer->turfs.empty()) return talk_.stop(Trouble::nonsense);
    take(std::move(answer->turfs));
}

// A turf may have to wait for its turn in the answer's bytes; if all of them wait, the hub has
// nothing to say.
void PullTalk::take(std::vector<protocol::PulledTurf> turfs) {
    bool moved = false, more = false;
    for (protocol::PulledTurf& pulled : turfs) {
        // Only what was asked for: else a hub could keep the conversation going for ever.
        const auto asked = more_.find(pulled.turf);
        if (asked == more_.end() || !asked->second) return talk_.stop(Trouble::nonsense);
        moved = take_turf(pulled) || moved;
        if (talk_.is_interrupted()) return;
        more = more || more_[pulled.turf];
    }
    if (more && !moved) talk_.stop(Trouble::nonsense);
}

// Whether it brought us further.
bool PullTalk::take_turf(protocol::PulledTurf& pulled) {
    more_[pulled.turf] = false;
    if (pulled.outcome == protocol::PullOutcome::not_granted) {
        if (!talk_.hub_lacks_roster()) denied_.insert(pulled.turf);
        lacks_grant_ = true;
        return true;
    }
    const auto head = head_of(pulled);
    if (!head) return false;
    const TurfNumber turf = talk_.workspace.number_of(pulled.turf);
    if (pulled.outcome != protocol::PullOutcome::cursor_unknown)
        return take_chunk(pulled, *head, turf);
    if (!shows_older_stream(talk_, turf, *head)) start_stream_again(turf, head->hub_epoch);
    return true;
}

std::optional<protocol::StreamHead> PullTalk::head_of(const protocol::PulledTurf& pulled) {
    const auto head = protocol::parse_stream_head(pulled.head.head);
    if (!head || head->turf != pulled.turf) return talk_.stop(Trouble::nonsense), std::nullopt;
    const auto& hub = talk_.roster().hub();
    const bool is_signed = hub && protocol::verify_stream_head(
                                      talk_.roster().workspace(), pulled.head.head,
                                      pulled.head.signature, hub->signing_key);
    if (!is_signed) return talk_.stop(Trouble::hub_contradicts), std::nullopt;
    return *head;
}

bool PullTalk::take_chunk(
    protocol::PulledTurf& pulled, const protocol::StreamHead& head, TurfNumber turf) {
    const auto cursor = talk_.store().cursor(turf);
    const bool has_dropped = !pulled.more && talk_.given.has_after(pulled.turf, head);
    if (!follows(pulled, head, cursor) || has_dropped) return contradicts(pulled.turf), false;
    std::vector<BlockOpener::Job> jobs;
    for (protocol::ServedBlock& served : pulled.blocks)
        jobs.push_back({std::move(served.block), served.leaf, false});
    talk_.receive_blocks(std::move(jobs));
    move_on(pulled, head);
    return head.turf_seq != (cursor ? cursor->turf_seq : 0);
}

// Past what was spoilt on its way, too: its place is remembered, and asked for by itself.
void PullTalk::move_on(const protocol::PulledTurf& pulled, const protocol::StreamHead& head) {
    Transaction transaction(talk_.store().database());
    talk_.store().set_cursor(
        talk_.workspace.number_of(pulled.turf),
        {pulled.turf, head.hub_epoch, head.turf_seq, head.turf_chain}, pulled.head);
    talk_.given.pass(pulled.turf, head.turf_seq);
    transaction.commit();
    more_[pulled.turf] = pulled.more;
}

namespace {

/// How far leaves lead from where a stream stood.
struct Walk {
    std::uint64_t seq = 0;
    protocol::ChainHash chain;

    void step(const protocol::LeafBytes& leaf) {
        chain = protocol::chain_next(chain, leaf);
        ++seq;
    }
    /// Over what was pushed, as far as the hub's head goes.
    void pass(const GivenLeaves::BySeq& given, std::uint64_t end) {
        for (auto leaf = given.find(seq + 1);
             leaf != given.end() && leaf->first == seq + 1 && seq < end; ++leaf)
            step(leaf->second);
    }
};

}  // namespace

// The leaves of what was served, and of what was pushed before, must lead from where we stood to
// what the hub signed. So a hub cannot forget a leaf that it gave, either.
bool PullTalk::follows(
    const protocol::PulledTurf& pulled, const protocol::StreamHead& head,
    const std::optional<protocol::PullCursor>& cursor) {
    const protocol::WorkspaceId& workspace = talk_.roster().workspace();
    const GivenLeaves::BySeq& given = talk_.given.of(pulled.turf);
    Walk walk{0, protocol::chain_start(workspace, head.hub_epoch, pulled.turf)};
    if (cursor) walk = {cursor->turf_seq, cursor->turf_chain};
    for (const protocol::ServedBlock& served : pulled.blocks) {
        if (served.leaf.stream_seq != walk.seq + 1) walk.pass(given, head.turf_seq);
        const auto parsed = protocol::parse_block(workspace, served.block);
        if (!parsed || parsed->core.turf != pulled.turf) return false;
        if (served.leaf.stream_seq != walk.seq + 1) return false;
        walk.step(protocol::encode_leaf(leaf_of(workspace, *parsed), served.leaf));
    }
    walk.pass(given, head.turf_seq);
    return walk.seq == head.turf_seq && walk.chain == head.turf_chain;
}

// Another hub epoch, or a stream that is not the one we followed: read it from its beginning, and
// offer all we have.
void PullTalk::start_stream_again(TurfNumber turf, std::uint64_t hub_epoch) {
    LogStore& store = talk_.store();
    const bool is_first = begun_again_.insert(store.turf(turf)).second;
    if (!store.cursor(turf) || !is_first) return talk_.stop(Trouble::hub_contradicts);
    talk_.offering.start(hub_epoch);
    Transaction transaction(store.database());
    store.forget_cursor(turf);
    talk_.given.forget(store.turf(turf));
    more_[store.turf(turf)] = true;
    transaction.commit();
}

// The hub shows another history than it signed. What it once took in the turf is offered to it
// again: then a mishap heals, and a lie costs the liar more than us.
void PullTalk::contradicts(const protocol::TurfId& turf) {
    LogStore& store = talk_.store();
    Transaction transaction(store.database());
    for (const auto& [seq, bytes] : talk_.given.of(turf)) {
        const auto leaf = protocol::parse_leaf(bytes);
        const auto place = leaf ? store.find_block({leaf->object_hash}) : std::nullopt;
        if (!place || !place->is_read || store.pushed(place->log) <= place->block_no) continue;
        talk_.report.offered_again += store.pushed(place->log) - place->block_no;
        store.set_pushed(place->log, place->block_no);
    }
    talk_.given.forget(turf);
    transaction.commit();
    talk_.stop(Trouble::hub_contradicts);
}

bool PullTalk::must_read_roster_again() {
    if (denied_.empty() || std::exchange(has_read_again_, true)) return false;
    lacks_grant_ = false;
    for (const protocol::TurfId& turf : std::exchange(denied_, {})) more_.erase(turf);
    return true;
}

bool PullTalk::has_read_every_stream() const {
    const bool has_more = std::ranges::any_of(more_, [](const auto& turf) { return turf.second; });
    return talk_.plan.pull && !has_more && !lacks_grant_;
}

}  // namespace vereda::engine::sync
