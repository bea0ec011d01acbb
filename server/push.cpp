#include "server/messages.h"

namespace vereda::server {
namespace {

using protocol::BlockRefusal;
using protocol::BlockVerdict;
using protocol::LogTip;
using protocol::ParsedBlock;
using protocol::PushOutcome;

BlockVerdict refused(BlockRefusal reason) {
    BlockVerdict verdict;
    verdict.reason = reason;
    return verdict;
}

BlockVerdict taken(PushOutcome outcome, const protocol::Acceptance& leaf) {
    BlockVerdict verdict;
    verdict.outcome = outcome;
    verdict.leaf = leaf;
    return verdict;
}

BlockVerdict predecessor_unknown(const std::optional<LogTip>& tip) {
    BlockVerdict verdict;
    verdict.outcome = PushOutcome::predecessor_unknown;
    verdict.head = tip;
    return verdict;
}

/// Blocks in one place of a log: so many copies of a laptop nobody makes, and each new one is held
/// against all of them.
constexpr std::size_t siblings_max = 16;

/// Judges and stores the blocks of one push, one by one.
class Pusher {
  public:
    explicit Pusher(Occasion& on) : on_(on) {}

    BlockVerdict push(const PreparedBlock& block) {
        if (block.reason != BlockRefusal::none) return refused(block.reason);
        const ParsedBlock& parsed = block.parsed;
        const engine::Roster& roster = on_.workspace.roster();
        if (roster.find(parsed.core.device) == nullptr) {
            return refused(BlockRefusal::device_unknown);
        }
        if (roster.find(parsed.core.turf) == nullptr) return refused(BlockRefusal::turf_unknown);
        return place(parsed);
    }

  private:
    BlockVerdict place(const ParsedBlock& block) {
        DeviceLogs& logs = on_.workspace.logs_of(block.core.device);
        const auto known = logs.logs.find(block.log);
        if (known == logs.logs.end()) {
            if (block.core.block_no != 0) return predecessor_unknown(std::nullopt);
            return store(block, logs, false);
        }
        const LogState& log = known->second;
        if (log.tip && block.core.block_no == log.tip->block_no + 1 &&
            block.core.previous == log.tip->block) {
            if (block.core.first_seq != log.tip->last_seq.next()) {
                return refused(BlockRefusal::malformed);
            }
            return store(block, logs, false);
        }
        return beside(block, logs, log);
    }

    /// Not the next block of the branch that the hub holds to: the same again, another branch, or
    /// too early.
    BlockVerdict beside(const ParsedBlock& block, DeviceLogs& logs, const LogState& log) {
        const auto siblings = on_.workspace.store().blocks_at(log.no, block.core.block_no);
        for (const StoredBlock& stored : siblings) {
            if (hash_of(stored) == block.hash) {
                return taken(PushOutcome::already_had, stored.leaf);
            }
        }
        if (siblings.size() >= siblings_max) return refused(BlockRefusal::over_quota);
        if (!follows_a_stored_block(block, log)) return predecessor_unknown(log.tip);
        return store(block, logs, true);
    }

    bool follows_a_stored_block(const ParsedBlock& block, const LogState& log) {
        if (block.core.block_no == 0) return true;
        for (const StoredBlock& stored :
             on_.workspace.store().blocks_at(log.no, block.core.block_no - 1)) {
            const auto before = protocol::parse_block(on_.workspace.id(), stored.block);
            if (before && before->hash == block.core.previous) {
                return block.core.first_seq == before->core.last_seq().next();
            }
        }
        return false;
    }

    protocol::BlockHash hash_of(const StoredBlock& stored) const {
        const auto parsed = protocol::parse_block(on_.workspace.id(), stored.block);
        return parsed ? parsed->hash : protocol::BlockHash{};
    }

    bool has_room(const ParsedBlock& block, const DeviceLogs& logs, bool evidence) const {
        const std::uint64_t size = block.wire.size();
        const engine::RosterDevice* device = on_.workspace.roster().find(block.core.device);
        if (logs.bytes + size > on_.limits.device_bytes_max) return false;
        if (device->ended && logs.bytes_since_end + size > on_.limits.ended_bytes_max) return false;
        return !evidence || logs.evidence_bytes + size <= on_.limits.evidence_bytes_max;
    }

    BlockVerdict store(const ParsedBlock& block, DeviceLogs& logs, bool evidence) {
        if (!has_room(block, logs, evidence)) return refused(BlockRefusal::over_quota);
        const auto leaf = on_.workspace.put(block, logs.logs[block.log], evidence, on_.now);
        logs.bytes += block.wire.size();
        logs.bytes_since_end += block.wire.size();
        if (evidence) logs.evidence_bytes += block.wire.size();
        on_.counts.blocks += 1;
        on_.counts.entries += block.core.count;
        on_.counts.evidence += evidence ? 1 : 0;
        return taken(evidence ? PushOutcome::evidence : PushOutcome::accepted, leaf);
    }

    Occasion& on_;
};

}  // namespace

protocol::PushAnswer push(Occasion& on, const PreparedPush& request) {
    Pusher pusher(on);
    protocol::PushAnswer answer;
    for (const PreparedBlock& block : request.blocks) {
        answer.verdicts.push_back(pusher.push(block));
    }
    return answer;
}

}  // namespace vereda::server
