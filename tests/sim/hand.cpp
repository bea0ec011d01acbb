#include "tests/sim/hand.h"

#include <algorithm>

#include "protocol/domain.h"

namespace vereda::sim {

using protocol::Seq;

Hand::Hand(Laptop& laptop, const protocol::TurfId& turf, std::uint64_t seed)
    : laptop_(laptop), turf_(turf), entropy_(seed) {
    incarnation_ = {entropy_.bytes<16>()};
    const engine::Identity& identity = laptop.workspace().identity();
    log_ = protocol::log_id(identity.workspace, identity.keys.device(), turf, incarnation_);
}

const Hand::Block& Hand::close(
    const std::vector<Bytes>& entries, const std::vector<protocol::TableRow>& table) {
    engine::Workspace& workspace = laptop_.workspace();
    const engine::Roster& roster = workspace.roster();
    protocol::Preamble preamble{.base = {hour_ms}, .table = table};
    if (turf_ == roster.common()) preamble.heads.emplace();
    const auto epoch = roster.current_epoch(turf_);
    VEREDA_ASSERT(epoch);
    const protocol::BlockDraft draft{
        .workspace = roster.workspace(),
        .turf = turf_,
        .incarnation = incarnation_,
        .block_no = blocks_.size(),
        .first_seq = {last() + 1},
        .previous = blocks_.empty() ? protocol::BlockHash{} : blocks_.back().hash,
        .epoch = *epoch,
        .roster_position = roster.last_position(),
        .roster_hash = roster.last_hash(),
        .preamble = protocol::encode_preamble(preamble),
        .entries = entries};
    protocol::ClosedBlock closed = protocol::close_block(
        draft, *workspace.keyring().find(turf_, *epoch), workspace.identity().keys.signing,
        entropy_.bytes<16>(), protocol::default_compression_level);
    return blocks_.emplace_back(
        Block{std::move(closed.wire), closed.hash, draft.first_seq, {last() + entries.size()}});
}

void Hand::forget_last() { blocks_.pop_back(); }

const Hand::Block* Hand::holding(std::uint64_t seq) const {
    const auto found = std::ranges::find_if(blocks_, [seq](const Block& block) {
        return block.first.value <= seq && seq <= block.last.value;
    });
    return found == blocks_.end() ? nullptr : &*found;
}

protocol::TableRow Hand::row(std::uint64_t seq) const {
    const Block* const block = holding(seq);
    VEREDA_ASSERT(block != nullptr);
    return {log_, {seq}, start_of(block->hash)};
}

Bytes Hand::entry(
    protocol::EventType type, const protocol::Reference& record,
    const std::optional<protocol::Reference>& parent, ByteView body, bool critical) {
    return protocol::encode_entry(
        {.type = static_cast<std::uint64_t>(type),
         .critical = critical,
         .record = record,
         .parent = parent,
         .body = body});
}

protocol::BlockHashStart start_of(const protocol::BlockHash& hash) {
    protocol::BlockHashStart start{};
    std::copy_n(hash.bytes.begin(), start.size(), start.begin());
    return start;
}

void hand_to(Laptop& laptop, const std::vector<Bytes>& blocks) {
    std::vector<engine::BlockOpener::Job> jobs;
    for (const Bytes& wire : blocks) jobs.push_back({wire, std::nullopt, false});
    engine::DirectOpener opener;
    static_cast<void>(laptop.workspace().receive(std::move(jobs), opener));
}

}  // namespace vereda::sim
