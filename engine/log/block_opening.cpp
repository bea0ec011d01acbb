#include "engine/log/block_opening.h"

#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

constexpr std::size_t honest_expansion_max = 16;

}  // namespace

OpenedBlock open_block(
    const protocol::WorkspaceId& workspace, const Keyring& keys, Bytes wire,
    std::optional<protocol::Acceptance> acceptance, bool signature_known) {
    OpenedBlock opened{.wire = std::move(wire), .acceptance = acceptance};
    auto parsed = protocol::parse_block(workspace, opened.wire);
    if (!parsed) return opened;
    opened.parsed = std::move(*parsed);
    if (!signature_known && !protocol::verify_block(workspace, *opened.parsed)) return opened;
    opened.is_authors = signature_known || protocol::carries_authors_payload(*opened.parsed);
    opened.verdict = OpenedBlock::Verdict::no_key;
    const protocol::EpochKeys* epoch =
        keys.find(opened.parsed->core.turf, opened.parsed->core.epoch);
    if (epoch == nullptr) return opened;
    auto payload = protocol::open_payload(*opened.parsed, *epoch, workspace);
    opened.verdict = payload ? OpenedBlock::Verdict::open : OpenedBlock::Verdict::closed;
    if (payload) opened.payload = std::move(*payload);
    return opened;
}

bool has_withheld(const OpenedBlock& block) {
    return block.payload && !std::ranges::all_of(block.payload->slots, &protocol::Slot::present);
}

bool expands(const OpenedBlock& block) {
    return block.payload && block.payload->plain.size() > honest_expansion_max * block.wire.size();
}

void DirectOpener::submit(const protocol::WorkspaceId& workspace, const Keyring& keys, Job job) {
    queue_.push_back({workspace, &keys, std::move(job)});
}

std::optional<OpenedBlock> DirectOpener::next() {
    if (taken_ == queue_.size()) {
        queue_.clear();
        taken_ = 0;
        return std::nullopt;
    }
    Waiting& next = queue_[taken_++];
    return open_block(
        next.workspace, *next.keys, std::move(next.job.wire), next.job.acceptance,
        next.job.signature_known);
}

void DirectOpener::abandon() {
    queue_.clear();
    taken_ = 0;
}

Bytes encode_waiting(ByteView wire, const std::optional<protocol::Acceptance>& acceptance) {
    Bytes out;
    protocol::CborWriter writer(out);
    writer.array(acceptance ? 3 : 1).byte_string(wire);
    if (acceptance) {
        writer.unsigned_integer(acceptance->stream_seq).integer(acceptance->accepted.value);
    }
    return out;
}

std::optional<BlockOpener::Job> parse_waiting(ByteView kept) {
    protocol::CborReader reader(kept);
    const std::size_t items = reader.array();
    if (items != 1 && items != 3) return std::nullopt;
    const ByteView wire = reader.byte_string();
    BlockOpener::Job job{.wire = Bytes(wire.begin(), wire.end())};
    if (items == 3) {
        const std::uint64_t stream_seq = reader.unsigned_integer();
        job.acceptance = protocol::Acceptance{stream_seq, {reader.integer()}};
    }
    if (!reader.finished()) return std::nullopt;
    return job;
}

}  // namespace vereda::engine
