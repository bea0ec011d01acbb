#include "engine/sync/offering.h"
#include "engine/sync/session.h"
#include "protocol/leaf.h"

namespace vereda::engine::sync {
namespace {

using protocol::MessageName;

protocol::LeafBytes leaf_of(
    const protocol::WorkspaceId& workspace, const protocol::ParsedBlock& block,
    const protocol::Acceptance& leaf) {
    return protocol::encode_leaf(
        {.kind = protocol::LeafKind::block,
         .workspace = workspace,
         .stream = block.core.turf,
         .stream_seq = leaf.stream_seq,
         .accepted = leaf.accepted,
         .object_hash = block.hash.bytes,
         .payload_hash = block.payload_hash});
}

}  // namespace

// ---- push: own blocks that the hub may not have; after a hub's restore, everything

std::optional<Message> Session::push_message() {
    LogStore& store = workspace_.store();
    protocol::PushRequest request;
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
            VEREDA_ASSERT(block);
            const bool full = bytes + block->bytes.size() > plan_.push_bytes_max ||
                              request.blocks.size() == protocol::push_blocks_max;
            if (full && !request.blocks.empty())
                return Message{MessageName::push, protocol::encode(request)};
            bytes += block->bytes.size();
            sent_.push_back({log, block_no, block->count});
            request.blocks.push_back(std::move(block->bytes));
        }
    }
    if (request.blocks.empty()) return std::nullopt;
    return Message{MessageName::push, protocol::encode(request)};
}

void Session::take_pushed(ByteView body) {
    const auto answer = protocol::parse_push_answer(body);
    if (!answer || answer->verdicts.size() != sent_.size()) return stop(Trouble::nonsense);
    Transaction transaction(workspace_.store().database());
    for (std::size_t i = 0; i < sent_.size(); ++i) {
        take_verdict(sent_[i].log, sent_[i].block_no, sent_[i].entries, answer->verdicts[i]);
    }
    transaction.commit();
}

void Session::take_verdict(
    LogOrdinal log, std::uint64_t block_no, std::size_t entries,
    const protocol::BlockVerdict& verdict) {
    LogStore& store = workspace_.store();
    if (stuck_.contains(log)) return;
    switch (verdict.outcome) {
        case protocol::PushOutcome::evidence:
            ++report_.forks;
            [[fallthrough]];
        case protocol::PushOutcome::accepted:
            report_.pushed_entries += entries;
            ++report_.pushed_blocks;
            [[fallthrough]];
        case protocol::PushOutcome::already_had:
            store.set_acceptance(log, block_no, verdict.leaf);
            store.set_pushed(log, block_no + 1);
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
    }
}

void Session::end_offering() {
    if (!offer_everything_ || !stuck_.empty()) return;
    offer_everything_ = false;
    workspace_.store().forget_meta(offering_name);
}

// ---- pull: each turf from its cursor on

std::optional<Message> Session::pull_message() {
    LogStore& store = workspace_.store();
    protocol::PullRequest request;
    for (const auto& [turf, more] : more_) {
        if (!more || request.cursors.size() == protocol::pull_turfs_max) continue;
        const auto cursor = store.cursor(workspace_.number_of(turf));
        request.cursors.push_back(cursor.value_or(protocol::PullCursor{.turf = turf}));
    }
    if (request.cursors.empty()) return std::nullopt;
    return Message{MessageName::pull, protocol::encode(request)};
}

void Session::take_pulled(ByteView body) {
    auto answer = protocol::parse_pull_answer(body);
    if (!answer || answer->turfs.empty()) return stop(Trouble::nonsense);
    for (protocol::PulledTurf& pulled : answer->turfs) {
        if (!more_.contains(pulled.turf)) return stop(Trouble::nonsense);
        take_turf(pulled);
        if (report_.trouble != Trouble::none) return;
    }
}

void Session::take_turf(protocol::PulledTurf& pulled) {
    const TurfNumber turf = workspace_.number_of(pulled.turf);
    more_[pulled.turf] = false;
    if (pulled.outcome == protocol::PullOutcome::not_granted) return;
    const auto head = protocol::parse_stream_head(pulled.head.head);
    const auto& hub = workspace_.roster().hub();
    const protocol::WorkspaceId& workspace = workspace_.roster().workspace();
    if (!head || head->turf != pulled.turf) return stop(Trouble::nonsense);
    if (!hub || !protocol::verify_stream_head(
                    workspace, pulled.head.head, pulled.head.signature, hub->signing_key)) {
        return stop(Trouble::hub_contradicts);
    }
    if (pulled.outcome == protocol::PullOutcome::cursor_unknown) return start_stream_anew(turf);

    // The leaves of what was served must lead from where we stood to what the hub signed.
    const auto cursor = workspace_.store().cursor(turf);
    std::uint64_t seq = cursor ? cursor->turf_seq : 0;
    protocol::ChainHash chain =
        cursor ? cursor->turf_chain
               : protocol::chain_start(workspace, head->hub_epoch, pulled.turf);
    std::vector<BlockOpener::Job> jobs;
    for (protocol::ServedBlock& served : pulled.blocks) {
        const auto parsed = protocol::parse_block(workspace, served.block);
        if (!parsed || served.leaf.stream_seq != seq + 1) return stop(Trouble::hub_contradicts);
        chain = protocol::chain_next(chain, leaf_of(workspace, *parsed, served.leaf));
        seq = served.leaf.stream_seq;
        jobs.push_back({std::move(served.block), served.leaf, false});
    }
    if (seq != head->turf_seq || chain != head->turf_chain) return stop(Trouble::hub_contradicts);
    if (pulled.more && jobs.empty()) return stop(Trouble::nonsense);

    report_.pulled_blocks += jobs.size();
    const protocol::Incarnation before = workspace_.identity().incarnation;
    const Workspace::Received received = workspace_.receive(std::move(jobs), opener_);
    report_.pulled_entries += received.entries;
    report_.refused_blocks += received.refused;
    report_.forks += received.forks;
    report_.new_incarnation =
        report_.new_incarnation || workspace_.identity().incarnation != before;
    report_.damaged_blocks += received.damaged;
    workspace_.store().set_cursor(
        turf, {pulled.turf, head->hub_epoch, head->turf_seq, head->turf_chain}, pulled.head);
    more_[pulled.turf] = pulled.more;
    // What a carrier spoilt is asked for again, next time: the whole stream is idempotent.
    if (received.damaged != 0) spoilt_.insert(pulled.turf);
    if (!pulled.more && spoilt_.contains(pulled.turf)) workspace_.store().forget_cursor(turf);
}

// Another hub epoch, or a stream that is not the one we followed: read it from its beginning, and
// offer all we have.
void Session::start_stream_anew(TurfNumber turf) {
    LogStore& store = workspace_.store();
    const auto cursor = store.cursor(turf);
    if (!cursor) return stop(Trouble::hub_contradicts);
    store.forget_cursor(turf);
    more_[store.turf(turf)] = true;
    if (offer_everything_) return;
    offer_everything_ = true;
    store.put_meta(offering_name, as_bytes("1"));
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) store.set_pushed({log}, 0);
    stage_ = Stage::push;
}

}  // namespace vereda::engine::sync
