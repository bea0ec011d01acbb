#include <algorithm>

#include "server/hub/messages.h"
#include "server/hub/stream_head.h"

namespace vereda::server {
namespace {

using protocol::LeafRange;
using protocol::PullCursor;
using protocol::PulledTurf;
using protocol::PullOutcome;

/// Bytes that a served block takes beside the block itself: array head, null and leaf.
constexpr std::size_t served_overhead = 24;

/// The leaves of one stream that the caller has: the hub passes them over.
class PassedOver {
  public:
    explicit PassedOver(std::vector<LeafRange> ranges) : ranges_(std::move(ranges)) {
        std::ranges::sort(ranges_);
    }
    /// The last leaf of those that follow `seq` without a gap; `seq` when there is none.
    [[nodiscard]] std::uint64_t end_after(std::uint64_t seq) const {
        for (const LeafRange& range : ranges_) {
            if (range.first <= seq + 1) seq = std::max(seq, range.last);
        }
        return seq;
    }
    /// The first of them after leaf `seq`, or `otherwise`.
    [[nodiscard]] std::uint64_t next_after(std::uint64_t seq, std::uint64_t otherwise) const {
        const auto next = std::ranges::upper_bound(ranges_, seq, {}, &LeafRange::first);
        return next == ranges_.end() ? otherwise : std::min(next->first, otherwise);
    }

  private:
    std::vector<LeafRange> ranges_;
};

/// What the same message has pushed into a turf, one leaf each.
void add_pushed(
    std::vector<LeafRange>& ranges, const protocol::TurfId& turf, const PreparedPush& push,
    const protocol::PushAnswer& pushed) {
    for (std::size_t i = 0; i < pushed.verdicts.size(); ++i) {
        const std::uint64_t seq = pushed.verdicts[i].leaf.stream_seq;  // 0 of what was not taken
        if (seq != 0 && push.blocks[i].parsed.core.turf == turf) ranges.push_back({seq, seq});
    }
}

/// Serves the turfs of one pull from one budget of bytes.
class Puller {
  public:
    Puller(Occasion& on, std::uint64_t bytes_max)
        : on_(on), left_(std::min<std::uint64_t>(bytes_max, protocol::chunk_size_max)) {}

    PulledTurf pull(const PullCursor& cursor, const PassedOver& passed_over, bool is_granted) {
        if (!is_granted) {
            PulledTurf none;
            none.turf = cursor.turf;
            return none;
        }
        const StreamEnd& end = on_.workspace.stream(cursor.turf);
        return is_known(cursor, end) ? chunk(cursor, passed_over, end) : anew(cursor.turf, end);
    }

  private:
    bool is_known(const PullCursor& cursor, const StreamEnd& end) {
        if (cursor.hub_epoch == 0 && cursor.turf_seq == 0) return true;
        if (cursor.hub_epoch != on_.workspace.epoch() || cursor.turf_seq > end.seq) return false;
        if (cursor.turf_seq == end.seq) return cursor.turf_chain == end.chain;
        return streams().chain_at(end.no, cursor.turf_seq) == cursor.turf_chain;
    }

    PulledTurf anew(const protocol::TurfId& turf, const StreamEnd& end) {
        PulledTurf pulled;
        pulled.turf = turf;
        pulled.outcome = PullOutcome::cursor_unknown;
        pulled.head = head_at(turf, on_.workspace.epoch(), end.seq, end.chain, on_.now);
        return pulled;
    }

    PulledTurf chunk(
        const PullCursor& cursor, const PassedOver& passed_over, const StreamEnd& end) {
        PulledTurf pulled;
        pulled.turf = cursor.turf;
        pulled.outcome = PullOutcome::chunk;
        std::uint64_t seq = cursor.turf_seq;
        protocol::ChainHash chain = cursor.turf_chain;
        if (seq == 0)
            chain = protocol::chain_start(on_.workspace.id(), on_.workspace.epoch(), cursor.turf);
        take_blocks(pulled, passed_over, end, seq, chain);
        pulled.more = seq < end.seq;
        pulled.head = head_at(cursor.turf, on_.workspace.epoch(), seq, chain, on_.now);
        return pulled;
    }

    /// Goes on until the stream's end or until the bytes are used up.
    void take_blocks(
        PulledTurf& pulled, const PassedOver& passed_over, const StreamEnd& end, std::uint64_t& seq,
        protocol::ChainHash& chain) {
        for (bool has_room = true; has_room && seq < end.seq;) {
            const std::uint64_t had = std::min(passed_over.end_after(seq), end.seq);
            if (had != seq) chain = had == end.seq ? end.chain : *streams().chain_at(end.no, had);
            seq = had;
            const std::uint64_t before = passed_over.next_after(seq, end.seq + 1);
            serve(pulled, end.no, before, seq, chain);
            has_room = seq + 1 == before;
        }
    }

    void serve(
        PulledTurf& pulled, StreamNo stream, std::uint64_t before, std::uint64_t& seq,
        protocol::ChainHash& chain) {
        auto blocks =
            streams().blocks_after(stream, seq, before, left_, served_overhead, !has_served_);
        for (StoredBlock& stored : blocks) {
            left_ -= std::min(left_, stored.block.size() + served_overhead);
            has_served_ = true;
            seq = stored.leaf.stream_seq;
            chain = stored.chain;
            pulled.blocks.push_back({std::move(stored.block), {}, stored.leaf});
        }
        on_.counts.served_blocks += blocks.size();
    }

    Streams& streams() { return on_.workspace.store().streams(); }

    Occasion& on_;
    std::size_t left_;
    bool has_served_ = false;
};

}  // namespace

std::vector<PulledTurf> pull(
    Occasion& on, const protocol::DeviceId& caller, const protocol::PullRequest& request,
    const PreparedPush& push, const protocol::PushAnswer& pushed) {
    Puller puller(on, request.bytes_max);
    std::vector<PulledTurf> turfs;
    for (const PullCursor& cursor : request.cursors) {
        const bool is_granted = on.workspace.roster().holds_turf(caller, cursor.turf);
        std::vector<LeafRange> held = cursor.held;
        add_pushed(held, cursor.turf, push, pushed);
        turfs.push_back(puller.pull(cursor, PassedOver(std::move(held)), is_granted));
    }
    return turfs;
}

}  // namespace vereda::server
