#include "engine/sync/roster_gifts.h"

#include <algorithm>
#include <utility>

namespace vereda::engine::sync {

void RosterGifts::list(const protocol::StreamHead& hub) {
    const std::string epoch = std::to_string(hub.hub_epoch);
    const auto given_in = talk_.store().meta(roster_given_name);
    const bool is_new_epoch =
        hub.hub_epoch > 1 && !(given_in && std::ranges::equal(*given_in, as_bytes(epoch)));
    const bool has_lost = hub.turf_seq < talk_.roster().size();
    from_ = hub;
    if (is_new_epoch || has_lost) kept_ = talk_.workspace.kept_changes();
    for (const auto& [position, request] : kept_) {
        if (is_new_epoch && position.value < hub.turf_seq) to_give_.push_back(position);
    }
    for (std::uint64_t at = hub.turf_seq; at < talk_.roster().size(); ++at)
        to_give_.push_back({at});
    if (is_new_epoch && to_give_.empty()) note_given();
}

void RosterGifts::note_given() {
    talk_.store().put_meta(roster_given_name, as_bytes(std::to_string(from_.hub_epoch)));
}

Message RosterGifts::next() const {
    const ByteView entry = talk_.roster().wire_at(to_give_.front());
    const auto kept = kept_.find(to_give_.front());
    const protocol::RosterAppendRequest alone{.entry = Bytes(entry.begin(), entry.end())};
    return {
        protocol::MessageName::roster_append,
        kept != kept_.end() ? kept->second : protocol::encode(alone)};
}

void RosterGifts::note_taken() {
    if (to_give_.front().value >= from_.turf_seq) ++talk_.report.roster_given;
    to_give_.pop_front();
}

std::size_t RosterGifts::give_up() { return std::exchange(to_give_, {}).size(); }

}  // namespace vereda::engine::sync
