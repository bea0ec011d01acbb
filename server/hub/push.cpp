#include <algorithm>

#include "server/hub/messages.h"

namespace vereda::server {
namespace {

using protocol::BlockRefusal;
using protocol::BlockVerdict;
using protocol::Core;
using protocol::LogTip;
using protocol::ParsedBlock;
using protocol::PushOutcome;
using protocol::PushWait;

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

BlockVerdict not_yet(PushWait wait, std::uint64_t again_after_ms = 0) {
    BlockVerdict verdict;
    verdict.outcome = PushOutcome::not_yet;
    verdict.wait = wait;
    verdict.again_after_ms = std::min(again_after_ms, protocol::push_wait_ms_max);
    return verdict;
}

/// "Send it later", to a laptop of before that outcome: its own predecessor is named as the tip, so
/// it finds itself asked for what it just sent, and stops for today.
BlockVerdict in_first_form(BlockVerdict verdict, const ParsedBlock& block) {
    if (verdict.reason == BlockRefusal::turf_never_held) {
        verdict.reason = BlockRefusal::turf_unknown;
    }
    if (verdict.outcome != PushOutcome::not_yet) return verdict;
    const Core& core = block.core;
    if (core.block_no == 0) return predecessor_unknown(std::nullopt);
    return predecessor_unknown(
        LogTip{block.log, core.block_no - 1, core.previous, core.first_seq.before()});
}

/// Judges and stores the blocks of one push, one by one. What the roster says of a block is judged
/// at the position that the block names: so nothing that has happened since, to its device or to
/// this hub, makes an honest one wrong.
class Pusher {
  public:
    explicit Pusher(Occasion& on) : on_(on) {}

    BlockVerdict push(const PreparedBlock& block) {
        if (block.reason != BlockRefusal::none) return refused(block.reason);
        const ParsedBlock& parsed = block.parsed;
        const engine::RosterDevice* device = roster().find(parsed.core.device);
        if (device == nullptr) {
            return knows_roster_of(parsed.core) ? refused(BlockRefusal::device_unknown)
                                                : not_yet(PushWait::roster);
        }
        const DailyQuota quota = quota_of(*device);
        DeviceLogs& logs = on_.workspace.logs_of(parsed.core.device, quota, on_.now);
        if (const auto leaf = leaf_of(parsed, logs)) {
            return taken(PushOutcome::already_had, *leaf);
        }
        if (!knows_roster_of(parsed.core)) return not_yet(PushWait::roster);
        if (roster().find(parsed.core.turf) == nullptr) return refused(BlockRefusal::turf_unknown);
        if (!roster().ever_held(
                parsed.core.device, parsed.core.turf, parsed.core.roster_position)) {
            return refused(BlockRefusal::turf_never_held);
        }
        return place(parsed, logs, quota);
    }

  private:
    [[nodiscard]] const engine::Roster& roster() const { return on_.workspace.roster(); }

    bool knows_roster_of(const Core& core) const {
        return roster().hash_at(core.roster_position) == core.roster_hash;
    }

    DailyQuota quota_of(const engine::RosterDevice& device) const {
        const std::uint64_t bytes =
            device.ended ? on_.limits.ended_bytes_per_day : on_.limits.device_bytes_per_day;
        return {bytes * on_.quota_times, on_.limits.evidence_per_day * on_.quota_times};
    }

    static bool follows(const ParsedBlock& block, const std::optional<LogTip>& tip) {
        return tip && block.core.block_no == tip->block_no + 1 && block.core.previous == tip->block;
    }

    /// The leaf that this very block got before. What follows the tip cannot have one.
    std::optional<protocol::Acceptance> leaf_of(const ParsedBlock& block, const DeviceLogs& logs) {
        const auto log = logs.logs.find(block.log);
        if (log == logs.logs.end() || follows(block, log->second.tip)) return std::nullopt;
        const auto there = on_.workspace.store().logs().find_place(
            log->second.no, block.core.block_no, block.hash);
        return there ? std::optional(there->leaf) : std::nullopt;
    }

    BlockVerdict place(const ParsedBlock& block, DeviceLogs& logs, const DailyQuota& quota) {
        const auto known = logs.logs.find(block.log);
        if (known == logs.logs.end()) {
            if (block.core.block_no != 0) return predecessor_unknown(std::nullopt);
            return store(block, logs, quota, false);
        }
        const LogState& log = known->second;
        if (follows(block, log.tip)) {
            const bool is_next = block.core.first_seq == log.tip->last_seq.next();
            return is_next ? store(block, logs, quota, false) : refused(BlockRefusal::malformed);
        }
        return beside(block, logs, log, quota);
    }

    /// Not the next block of the branch that the hub holds to: another branch, or too early.
    BlockVerdict beside(
        const ParsedBlock& block, DeviceLogs& logs, const LogState& log, const DailyQuota& quota) {
        if (block.core.block_no != 0) {
            const auto before = on_.workspace.store().logs().find_place(
                log.no, block.core.block_no - 1, block.core.previous);
            if (!before) return predecessor_unknown(log.tip);
            if (block.core.first_seq != before->last_seq.next()) {
                return refused(BlockRefusal::malformed);
            }
        }
        return store(block, logs, quota, true);
    }

    BlockVerdict store(
        const ParsedBlock& block, DeviceLogs& logs, const DailyQuota& quota, bool evidence) {
        const std::uint64_t size = block.wire.size();
        const std::uint64_t wait_ms = std::max(
            logs.bytes.wait_ms(size, on_.now, quota.bytes),
            evidence ? logs.evidence.wait_ms(1, on_.now, quota.evidence) : 0);
        if (wait_ms != 0) return not_yet(PushWait::quota, wait_ms);
        const auto leaf = on_.workspace.put(block, logs.logs[block.log], evidence, on_.now);
        logs.bytes.use(size, on_.now, quota.bytes);
        if (evidence) logs.evidence.use(1, on_.now, quota.evidence);
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
        BlockVerdict verdict = pusher.push(block);
        if (verdict.outcome == PushOutcome::not_yet) on.counts.not_yet += 1;
        const bool is_old = request.version == 0;
        answer.verdicts.push_back(is_old ? in_first_form(verdict, block.parsed) : verdict);
    }
    return answer;
}

}  // namespace vereda::server
