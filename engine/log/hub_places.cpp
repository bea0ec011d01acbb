#include "engine/log/hub_places.h"

#include <algorithm>

namespace vereda::engine {

namespace {

std::int64_t count_wanted(Database& database) {
    return Statement(database, "SELECT count(*) FROM wanted").query_integer().value_or(0);
}

}  // namespace

HubPlaces::HubPlaces(Database& database) : database_(&database), wanted_(count_wanted(database)) {}

void HubPlaces::want(
    TurfNumber turf, const protocol::Acceptance& place, const protocol::BlockHash& hash,
    const protocol::DeviceId& device) {
    if (wants(hash)) return;
    Statement(
        *database_,
        "INSERT INTO wanted(turf, turf_seq, accepted, hash, device, times) VALUES (?1, ?2, ?3, ?4, "
        "?5, 0) ON CONFLICT DO UPDATE SET accepted = ?3, hash = ?4, device = ?5, times = 0")
        .run(turf, place.stream_seq, place.accepted, hash, device);
    wanted_ = count_wanted(*database_);
}

std::int64_t HubPlaces::wanted_in(TurfNumber turf) {
    if (wanted_ == 0) return 0;
    return Statement(*database_, "SELECT count(*) FROM wanted WHERE turf = ?1")
        .query_integer(turf)
        .value_or(0);
}

bool HubPlaces::wants(const protocol::BlockHash& hash) {
    if (wanted_ == 0) return false;
    return Statement(*database_, "SELECT 1 FROM wanted WHERE hash = ?1")
        .query_integer(hash)
        .has_value();
}

void HubPlaces::want_no_more(const protocol::BlockHash& hash) {
    if (wanted_ == 0) return;
    Statement(*database_, "DELETE FROM wanted WHERE hash = ?1").run(hash);
    wanted_ -= database_->changes();
}

void HubPlaces::note_asked(const protocol::BlockHash& hash) {
    Statement(*database_, "UPDATE wanted SET times = times + 1 WHERE hash = ?1").run(hash);
}

std::map<TurfNumber, std::vector<WantedBlock>> HubPlaces::next_wanted(std::size_t count) {
    std::map<TurfNumber, std::vector<WantedBlock>> next;
    if (wanted_ == 0) return next;
    Statement select(
        *database_,
        "SELECT turf, turf_seq, accepted, hash FROM (SELECT *, row_number() OVER (PARTITION BY "
        "device ORDER "
        "BY times, turf, turf_seq) AS turn FROM wanted) ORDER BY turn, times, turf, turf_seq LIMIT "
        "?1");
    for (const Row& row : select.query(count)) {
        next[{static_cast<std::uint32_t>(row.integer(0))}].push_back(
            {{static_cast<std::uint64_t>(row.integer(1)), {row.integer(2)}},
             row.id<protocol::BlockHash>(3)});
    }
    const auto place = [](const WantedBlock& block) { return block.place.stream_seq; };
    for (auto& [turf, blocks] : next) std::ranges::sort(blocks, {}, place);
    return next;
}

void HubPlaces::note_given(
    TurfNumber turf, std::uint64_t turf_seq, std::uint64_t hub_epoch,
    const protocol::LeafBytes& leaf) {
    Statement(
        *database_,
        "INSERT INTO given(turf, turf_seq, hub_epoch, leaf) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO UPDATE SET hub_epoch = ?3, leaf = ?4")
        .run(turf, turf_seq, hub_epoch, ByteView(leaf));
}

std::map<std::uint64_t, protocol::LeafBytes> HubPlaces::given(
    TurfNumber turf, std::uint64_t hub_epoch) {
    std::map<std::uint64_t, protocol::LeafBytes> found;
    Statement select(
        *database_, "SELECT turf_seq, leaf FROM given WHERE turf = ?1 AND hub_epoch = ?2");
    for (const Row& row : select.query(turf, hub_epoch)) {
        protocol::LeafBytes leaf{};
        const ByteView kept = row.blob(1);
        if (kept.size() != leaf.size()) continue;  // rotten: what it would have proven is lost
        std::ranges::copy(kept, leaf.begin());
        found[static_cast<std::uint64_t>(row.integer(0))] = leaf;
    }
    return found;
}

void HubPlaces::forget_given(TurfNumber turf, std::uint64_t turf_seq) {
    Statement(*database_, "DELETE FROM given WHERE turf = ?1 AND turf_seq <= ?2")
        .run(turf, turf_seq);
}

void HubPlaces::forget_given_at(TurfNumber turf, std::uint64_t turf_seq) {
    Statement(*database_, "DELETE FROM given WHERE turf = ?1 AND turf_seq = ?2")
        .run(turf, turf_seq);
}

}  // namespace vereda::engine
