#include "engine/log/block_opening.h"

namespace vereda::engine {

OpenedBlock open_block(
    const protocol::WorkspaceId& workspace, const Keyring& keys, Bytes wire,
    std::optional<protocol::Acceptance> acceptance, bool signature_known) {
    OpenedBlock opened{.wire = std::move(wire), .acceptance = acceptance};
    auto parsed = protocol::parse_block(workspace, opened.wire);
    if (!parsed) return opened;
    opened.parsed = std::move(*parsed);
    if (!signature_known && !protocol::verify_block(workspace, *opened.parsed)) return opened;
    opened.verdict = OpenedBlock::Verdict::no_key;
    const protocol::EpochKeys* epoch =
        keys.find(opened.parsed->core.turf, opened.parsed->core.epoch);
    if (epoch == nullptr) return opened;
    auto payload = protocol::open_payload(*opened.parsed, *epoch, workspace);
    opened.verdict = payload ? OpenedBlock::Verdict::open : OpenedBlock::Verdict::closed;
    if (payload) opened.payload = std::move(*payload);
    return opened;
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

}  // namespace vereda::engine
