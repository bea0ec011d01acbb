#include "engine/sync/push_talk.h"

#include <algorithm>
#include <utility>

namespace vereda::engine::sync {
namespace {

using protocol::PushOutcome;

constexpr int idle_pushes_max = 8;

// A block that the disk has damaged is for the hub to refuse: no leaf will come of it.
protocol::Leaf stored_leaf(const protocol::WorkspaceId& workspace, ByteView bytes) {
    const auto parsed = protocol::parse_block(workspace, bytes);
    return parsed ? leaf_of(workspace, *parsed) : protocol::Leaf{};
}

}  // namespace

std::optional<Message> PushTalk::next() {
    protocol::PushRequest request{.version = version_};
    sent_.clear();
    sent_bytes_ = 0;
    const std::vector<LogOrdinal> logs = talk_.offering.logs();
    const bool is_last =
        std::ranges::all_of(logs, [&](LogOrdinal log) { return add_blocks_of(log, request); });
    if (request.blocks.empty()) return std::nullopt;
    if (is_last && talk_.plan.pull) {
        pull_.ask_for_all_turfs();
        request.pull = pull_.request();
    }
    return Message{protocol::MessageName::push, protocol::encode(request)};
}

bool PushTalk::add_blocks_of(LogOrdinal log, protocol::PushRequest& request) {
    LogStore& store = talk_.store();
    const std::optional<BlockHead>& head = store.head(log);
    if (!head || talk_.offering.holds(log)) return true;
    for (std::uint64_t block_no = store.pushed(log); block_no <= head->block_no; ++block_no) {
        std::optional<StoredBlock> block = store.block(log, block_no);
        if (!block) throw StorageFailure(StorageFault::corrupt, "a block in the middle of a log");
        if (block->state == BlockState::damaged) {  // for nobody to refuse
            talk_.offering.hold(log);
            return true;
        }
        if (!add_block(*std::move(block), request)) return false;
    }
    return true;
}

bool PushTalk::add_block(StoredBlock block, protocol::PushRequest& request) {
    const bool is_full = sent_bytes_ + block.bytes.size() > talk_.plan.push_bytes_max ||
                         request.blocks.size() == protocol::push_blocks_max;
    if (is_full && !request.blocks.empty()) return false;
    sent_bytes_ += block.bytes.size();
    sent_.push_back(
        {block.log, block.block_no, block.count,
         stored_leaf(talk_.roster().workspace(), block.bytes)});
    request.blocks.push_back(std::move(block.bytes));
    return true;
}

void PushTalk::receive(ByteView body) {
    auto answer = protocol::parse_push_answer(body);
    if (!answer || answer->verdicts.size() != sent_.size()) return talk_.stop(Trouble::nonsense);
    const std::size_t before = leaves_given_ + talk_.offering.held();
    Transaction transaction(talk_.store().database());
    for (std::size_t i = 0; i < sent_.size(); ++i) take_verdict(sent_[i], answer->verdicts[i]);
    transaction.commit();
    // A hub that goes on knowing no predecessor is not offered more for ever.
    const bool is_idle = leaves_given_ + talk_.offering.held() == before;
    if (is_idle && ++idle_ == idle_pushes_max) talk_.plan.push = false;
    pull_.take(std::move(answer->turfs));
}

void PushTalk::take_verdict(const Sent& sent, const protocol::BlockVerdict& verdict) {
    if (talk_.offering.holds(sent.log)) return;
    if (verdict.leaf.stream_seq != 0 && !may_have_given(sent, verdict.leaf)) {
        talk_.is_doubtful = true;
        return talk_.offering.hold(sent.log);
    }
    switch (verdict.outcome) {
        case PushOutcome::evidence:
        case PushOutcome::accepted:
        case PushOutcome::already_had:
            return note_taken(sent, verdict);
        case PushOutcome::predecessor_unknown:
            return step_back(sent, verdict);
        case PushOutcome::refused:
            ++talk_.report.refused_blocks;
            return talk_.offering.hold(sent.log);
        case PushOutcome::not_yet:
            return take_not_yet(sent, verdict);
    }
}

void PushTalk::note_taken(const Sent& sent, const protocol::BlockVerdict& verdict) {
    LogStore& store = talk_.store();
    if (verdict.outcome == PushOutcome::evidence) ++talk_.report.forks;
    if (verdict.outcome != PushOutcome::already_had) {
        talk_.report.pushed_entries += sent.entries;
        ++talk_.report.pushed_blocks;
    }
    talk_.workspace.note_acceptance(sent.log, sent.block_no, verdict.leaf);
    store.set_pushed(sent.log, sent.block_no + 1);
    talk_.offering.waits().forget(store.info(sent.log).log);
    ++leaves_given_;
    talk_.given.note(
        store.info(sent.log).turf, talk_.hub_epoch, verdict.leaf.stream_seq,
        protocol::encode_leaf(sent.leaf, verdict.leaf));
}

// Only ever backwards: a hub that asks for what it was just sent is not asked again today.
void PushTalk::step_back(const Sent& sent, const protocol::BlockVerdict& verdict) {
    LogStore& store = talk_.store();
    const std::uint64_t from = verdict.head ? verdict.head->block_no + 1 : 0;
    if (from >= sent.block_no || sent.block_no == store.first_block(sent.log))
        talk_.offering.hold(sent.log);
    store.set_pushed(sent.log, std::min(from, sent.block_no));
}

// The log's later blocks follow this one, so they wait with it. Nothing is wrong with them, and
// nothing else waits for them: the rest of the sync goes on.
void PushTalk::take_not_yet(const Sent& sent, const protocol::BlockVerdict& verdict) {
    talk_.offering.hold(sent.log);
    talk_.offering.waits().note(
        talk_.store().info(sent.log).log, verdict.wait, talk_.workspace.environment().clock.now(),
        verdict.again_after_ms);
    const bool is_ours_to_give = verdict.wait == protocol::PushWait::roster && has_roster_of(sent);
    if (is_ours_to_give) lacks_our_roster_.insert(sent.log);
}

bool PushTalk::has_roster_of(const Sent& sent) {
    const auto stored = talk_.store().block(sent.log, sent.block_no);
    if (!stored) return false;
    const Roster& roster = talk_.roster();
    const auto block = protocol::parse_block(roster.workspace(), stored->bytes);
    return block && roster.hash_at(block->core.roster_position) == block->core.roster_hash;
}

// A leaf behind the cursor is that of a block which was read there. A hub that was put back, and is
// about to be shown so, may give one twice.
bool PushTalk::may_have_given(const Sent& sent, const protocol::Acceptance& place) {
    LogStore& store = talk_.store();
    const auto cursor = store.cursor(store.info(sent.log).turf);
    const bool is_behind =
        cursor && cursor->hub_epoch == talk_.hub_epoch && place.stream_seq <= cursor->turf_seq;
    if (!is_behind) return true;
    const auto stored = store.block(sent.log, sent.block_no);
    return stored && stored->acceptance && stored->acceptance->stream_seq == place.stream_seq;
}

bool PushTalk::falls_back(protocol::Refusal refusal) {
    if (version_ == 0 || refusal != protocol::Refusal::malformed) return false;
    version_ = 0;
    return true;
}

bool PushTalk::must_give_roster() {
    const bool can_help =
        !lacks_our_roster_.empty() && !talk_.is_split && talk_.report.roster_behind == 0;
    if (!can_help || std::exchange(gave_for_blocks_, true)) return false;
    for (const LogOrdinal log : lacks_our_roster_) talk_.offering.release(log);
    return true;
}

void PushTalk::end() {
    if (talk_.plan.push) talk_.offering.end();
    talk_.report.waits = talk_.offering.waits().count(talk_.store());
    talk_.offering.waits().save(talk_.store());
}

}  // namespace vereda::engine::sync
