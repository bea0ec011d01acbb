#include "engine/sync/wanted_talk.h"

#include <algorithm>

namespace vereda::engine::sync {
namespace {

constexpr std::size_t at_once = 64;
constexpr int times_max = 4;

// Beyond every stream's end.
constexpr std::uint64_t no_leaf = std::uint64_t{1} << 62;

// From the stream's beginning, which every hub knows, with everything else called held: so the hub
// serves these blocks and no others.
std::vector<protocol::LeafRange> all_but(const std::vector<WantedBlock>& wanted) {
    std::vector<protocol::LeafRange> held;
    std::uint64_t next = 1;
    for (const WantedBlock& block : wanted) {
        const std::uint64_t place = block.place.stream_seq;
        if (place > next) held.push_back({next, place - 1});
        next = place + 1;
    }
    held.push_back({next, no_leaf});
    return held;
}

}  // namespace

std::optional<Message> WantedTalk::next() {
    if (times_ == times_max) return std::nullopt;
    LogStore& store = talk_.store();
    protocol::PullRequest request;
    wanted_ = store.hub_places().next_wanted(at_once);
    const protocol::DeviceId device = talk_.workspace.identity().keys.device();
    for (const auto& [number, blocks] : wanted_) {
        if (!store.has_turf(number)) continue;  // rotten
        const protocol::TurfId& turf = store.turf(number);
        if (!talk_.roster().holds_turf(device, turf)) {
            for (const WantedBlock& block : blocks) store.hub_places().note_asked(block.hash);
        } else if (request.cursors.size() < protocol::pull_turfs_max) {
            request.cursors.push_back({.turf = turf, .held = all_but(blocks)});
        }
    }
    if (request.cursors.empty()) return std::nullopt;
    return Message{protocol::MessageName::pull, protocol::encode(request)};
}

void WantedTalk::receive(ByteView body) {
    auto answer = protocol::parse_pull_answer(body);
    if (!answer) return talk_.stop(Trouble::nonsense);
    HubPlaces& places = talk_.store().hub_places();
    const std::int64_t before = places.wanted_count();
    for (protocol::PulledTurf& pulled : answer->turfs) {
        const auto turf = talk_.store().find_turf(pulled.turf);
        const auto wanted = turf ? wanted_.find(*turf) : wanted_.end();
        if (wanted == wanted_.end()) return talk_.stop(Trouble::nonsense);
        take(wanted->second, pulled);
    }
    // As long as it helps; what came no better has its turn in the next session.
    const bool helped = places.wanted_count() < before;
    times_ = helped ? times_ + 1 : times_max;
}

bool WantedTalk::is_rotten_there(
    const protocol::ParsedBlock& block, const protocol::Acceptance& place) {
    LogStore& store = talk_.store();
    const auto log = store.find_log(block.log);
    const auto there = log ? store.block(*log, block.core.block_no) : std::nullopt;
    return there && there->state == BlockState::damaged && there->acceptance &&
           there->acceptance->stream_seq == place.stream_seq;
}

// Its hash says it. Where the hash rotted with the block, its place is all there is to know it by.
const WantedBlock* WantedTalk::which(
    const std::vector<WantedBlock>& wanted, const protocol::ServedBlock& served) {
    const auto parsed = protocol::parse_block(talk_.roster().workspace(), served.block);
    if (!parsed) return nullptr;
    auto found = std::ranges::find(wanted, parsed->hash, &WantedBlock::hash);
    if (found == wanted.end() && is_rotten_there(*parsed, served.leaf))
        found = std::ranges::find_if(wanted, [&](const WantedBlock& block) {
            return block.place.stream_seq == served.leaf.stream_seq;
        });
    return found == wanted.end() ? nullptr : &*found;
}

// Where and when a block was taken was in the stream's chain when it was met first, and is not
// asked again.
void WantedTalk::take(const std::vector<WantedBlock>& wanted, protocol::PulledTurf& pulled) {
    std::vector<BlockOpener::Job> jobs;
    std::uint64_t served_to = pulled.more ? 0 : no_leaf;
    for (protocol::ServedBlock& served : pulled.blocks) {
        served_to = std::max(served_to, served.leaf.stream_seq);
        if (const WantedBlock* const block = which(wanted, served))
            jobs.push_back({std::move(served.block), block->place, false});
    }
    talk_.receive_blocks(std::move(jobs));
    HubPlaces& places = talk_.store().hub_places();
    Transaction transaction(talk_.store().database());
    for (const WantedBlock& block : wanted) {
        if (block.place.stream_seq <= served_to && places.wants(block.hash))
            places.note_asked(block.hash);
    }
    transaction.commit();
}

}  // namespace vereda::engine::sync
