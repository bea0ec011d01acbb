#include <algorithm>

#include "server/leaves.h"
#include "server/messages.h"

namespace vereda::server {
namespace {

using protocol::PullCursor;
using protocol::PulledTurf;
using protocol::PullOutcome;

/// Bytes that a served block takes beside the block itself: array head, null and leaf.
constexpr std::size_t served_overhead = 24;

/// Serves the turfs of one pull from one budget of bytes.
class Puller {
  public:
    Puller(Occasion& on, std::uint64_t bytes_max)
        : on_(on), left_(std::min<std::uint64_t>(bytes_max, protocol::chunk_size_max)) {}

    PulledTurf pull(const PullCursor& cursor, bool is_granted) {
        if (!is_granted) {
            PulledTurf none;
            none.turf = cursor.turf;
            return none;
        }
        const StreamEnd& end = on_.workspace.stream(cursor.turf);
        return is_known(cursor, end) ? chunk(cursor, end) : anew(cursor.turf, end);
    }

  private:
    bool is_known(const PullCursor& cursor, const StreamEnd& end) {
        if (cursor.hub_epoch == 0 && cursor.turf_seq == 0) return true;
        if (cursor.hub_epoch != store().hub_epoch() || cursor.turf_seq > end.seq) return false;
        if (cursor.turf_seq == end.seq) return cursor.turf_chain == end.chain;
        return store().chain_at(end.no, cursor.turf_seq) == cursor.turf_chain;
    }

    PulledTurf anew(const protocol::TurfId& turf, const StreamEnd& end) {
        PulledTurf pulled;
        pulled.turf = turf;
        pulled.outcome = PullOutcome::cursor_unknown;
        pulled.head = head_at(turf, store().hub_epoch(), end.seq, end.chain, on_.now);
        return pulled;
    }

    PulledTurf chunk(const PullCursor& cursor, const StreamEnd& end) {
        PulledTurf pulled;
        pulled.turf = cursor.turf;
        pulled.outcome = PullOutcome::chunk;
        std::uint64_t seq = cursor.turf_seq;
        protocol::ChainHash chain = cursor.turf_chain;
        if (seq == 0) chain = first_chain(on_.workspace.id(), store().hub_epoch(), cursor.turf);
        if (seq < end.seq) take_blocks(pulled, end.no, seq, chain);
        pulled.more = seq < end.seq;
        pulled.head = head_at(cursor.turf, store().hub_epoch(), seq, chain, on_.now);
        return pulled;
    }

    void take_blocks(
        PulledTurf& pulled, StreamNo stream, std::uint64_t& seq, protocol::ChainHash& chain) {
        auto blocks = store().blocks_after(stream, seq, left_, served_overhead, !has_served_);
        for (StoredBlock& stored : blocks) {
            left_ -= std::min(left_, stored.block.size() + served_overhead);
            has_served_ = true;
            seq = stored.leaf.stream_seq;
            chain = stored.chain;
            pulled.blocks.push_back({std::move(stored.block), {}, stored.leaf});
        }
        on_.counts.served_blocks += pulled.blocks.size();
    }

    Store& store() { return on_.workspace.store(); }

    Occasion& on_;
    std::size_t left_;
    bool has_served_ = false;
};

}  // namespace

protocol::PullAnswer pull(
    Occasion& on, const protocol::DeviceId& caller, const protocol::PullRequest& request) {
    Puller puller(on, request.bytes_max);
    protocol::PullAnswer answer;
    for (const PullCursor& cursor : request.cursors) {
        const bool is_granted = on.workspace.roster().holds_turf(caller, cursor.turf);
        answer.turfs.push_back(puller.pull(cursor, is_granted));
    }
    return answer;
}

}  // namespace vereda::server
