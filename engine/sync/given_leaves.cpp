#include "engine/sync/given_leaves.h"

#include "protocol/limits.h"

namespace vereda::engine::sync {

void GivenLeaves::note(
    TurfNumber turf, std::uint64_t epoch, std::uint64_t seq, const protocol::LeafBytes& leaf) {
    given_[workspace_.store().turf(turf)][seq] = leaf;
    if (epoch != 0) workspace_.store().hub_places().note_given(turf, seq, epoch, leaf);
}

void GivenLeaves::recall(const protocol::TurfId& turf, std::uint64_t epoch) {
    LogStore& store = workspace_.store();
    const TurfNumber number = workspace_.number_of(turf);
    const auto cursor = store.cursor(number);
    given_[turf].merge(store.hub_places().given(number, cursor ? cursor->hub_epoch : epoch));
}

std::vector<protocol::LeafRange> GivenLeaves::after(
    const protocol::TurfId& turf, std::uint64_t seq) const {
    std::vector<protocol::LeafRange> held;
    const auto given = given_.find(turf);
    if (given == given_.end()) return held;
    for (auto leaf = given->second.upper_bound(seq); leaf != given->second.end(); ++leaf) {
        if (!held.empty() && held.back().last + 1 == leaf->first) {
            held.back().last = leaf->first;
        } else if (held.size() < protocol::pull_held_max) {
            held.push_back({leaf->first, leaf->first});
        }
    }
    return held;
}

bool GivenLeaves::has_after(const protocol::TurfId& turf, const protocol::StreamHead& head) const {
    const auto given =
        workspace_.store().hub_places().given(workspace_.number_of(turf), head.hub_epoch);
    return !given.empty() && given.rbegin()->first > head.turf_seq;
}

void GivenLeaves::pass(const protocol::TurfId& turf, std::uint64_t seq) {
    workspace_.store().hub_places().forget_given(workspace_.number_of(turf), seq);
    BySeq& given = given_[turf];
    given.erase(given.begin(), given.upper_bound(seq));
}

void GivenLeaves::forget(const protocol::TurfId& turf) {
    workspace_.store().hub_places().forget_given(workspace_.number_of(turf), protocol::seq_max);
    given_.erase(turf);
}

void GivenLeaves::forget_from(LogOrdinal log, std::uint64_t block_no, std::uint64_t epoch) {
    LogStore& store = workspace_.store();
    const TurfNumber turf = store.info(log).turf;
    for (const auto& [seq, bytes] : store.hub_places().given(turf, epoch)) {
        const auto leaf = protocol::parse_leaf(bytes);
        const auto place = leaf ? store.find_block({leaf->object_hash}) : std::nullopt;
        if (!place || place->log != log || place->block_no < block_no) continue;
        store.hub_places().forget_given_at(turf, seq);
        given_[store.turf(turf)].erase(seq);
    }
}

}  // namespace vereda::engine::sync
