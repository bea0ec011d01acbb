#include "engine/sync/session.h"
#include "protocol/sync/leaf.h"

/// What the hub gave a leaf to, it has to have at that place: here, and in later conversations.
namespace vereda::engine::sync {

// A leaf behind the cursor is that of a block which was read there. A hub that was put back, and is
// about to be shown so, may give one twice.
bool Session::may_have_given(const Sent& sent, const protocol::Acceptance& place) {
    LogStore& store = workspace_.store();
    const auto cursor = store.cursor(store.info(sent.log).turf);
    const bool is_behind =
        cursor && cursor->hub_epoch == hub_epoch_ && place.stream_seq <= cursor->turf_seq;
    if (!is_behind) return true;
    const auto stored = store.block(sent.log, sent.block_no);
    return stored && stored->acceptance && stored->acceptance->stream_seq == place.stream_seq;
}

// What earlier conversations pushed, when they were cut before they could see it in the stream.
void Session::recall_given(const protocol::TurfId& turf) {
    LogStore& store = workspace_.store();
    const TurfNumber number = workspace_.number_of(turf);
    const auto cursor = store.cursor(number);
    const std::uint64_t epoch = cursor ? cursor->hub_epoch : hub_epoch_;
    given_[turf].merge(store.hub_places().given(number, epoch));
}

// The hub says itself that it has not got these blocks: it need not keep to their leaves.
void Session::forget_given_from(LogOrdinal log, std::uint64_t block_no) {
    LogStore& store = workspace_.store();
    const TurfNumber turf = store.info(log).turf;
    for (const auto& [seq, bytes] : store.hub_places().given(turf, hub_epoch_)) {
        const auto leaf = protocol::parse_leaf(bytes);
        const auto place = leaf ? store.find_block({leaf->object_hash}) : std::nullopt;
        if (!place || place->log != log || place->block_no < block_no) continue;
        store.hub_places().forget_given_at(turf, seq);
        given_[store.turf(turf)].erase(seq);
    }
}

// Whether the stream ends before a leaf that the hub gave.
bool Session::has_dropped(const protocol::PulledTurf& pulled, const protocol::StreamHead& head) {
    if (pulled.more) return false;
    const auto given =
        workspace_.store().hub_places().given(workspace_.number_of(pulled.turf), head.hub_epoch);
    return !given.empty() && given.rbegin()->first > head.turf_seq;
}

// The hub shows another history than it signed. What it once took in the turf is offered to it
// again: then a mishap heals, and a lie costs the liar more than us.
void Session::contradicts(const protocol::TurfId& turf) {
    LogStore& store = workspace_.store();
    Transaction transaction(store.database());
    for (const auto& [seq, bytes] : given_[turf]) {
        const auto leaf = protocol::parse_leaf(bytes);
        const auto place = leaf ? store.find_block({leaf->object_hash}) : std::nullopt;
        if (!place || !place->is_read || store.pushed(place->log) <= place->block_no) continue;
        report_.offered_again += store.pushed(place->log) - place->block_no;
        store.set_pushed(place->log, place->block_no);
    }
    store.hub_places().forget_given(workspace_.number_of(turf), protocol::seq_max);
    transaction.commit();
    given_.erase(turf);
    stop(Trouble::hub_contradicts);
}

}  // namespace vereda::engine::sync
