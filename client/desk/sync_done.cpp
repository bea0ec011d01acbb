#include "client/desk/sync_done.h"

#include <algorithm>

namespace vereda::client {
namespace {

using Remarks = std::vector<Sentence>;

struct Duration {
    std::string_view unit;
    std::int64_t time = 0;
};

// Minutes or hours, rounded up, so that nobody comes too early.
Duration rough_wait(std::int64_t ms) {
    constexpr std::int64_t minute = 60'000, hour = 60 * minute;
    const auto up = [ms](std::int64_t unit) {
        return std::max<std::int64_t>(1, (ms + unit - 1) / unit);
    };
    return ms < 2 * hour ? Duration{"minute", up(minute)} : Duration{"hour", up(hour)};
}

// In the largest unit that fits.
Duration rough_duration(std::int64_t ms) {
    constexpr std::int64_t hour = 3'600'000, day = 24 * hour, year = 365 * day;
    if (ms >= 2 * year) return {"year", ms / year};
    return ms >= 2 * day ? Duration{"day", ms / day} : Duration{"hour", ms / hour};
}

void on_waits(Remarks& remarks, const engine::HubWaitCount& waits, protocol::Millis now) {
    if (waits.roster != 0)
        remarks.push_back(Sentence{"remark.waits_for_roster", {{"count", waits.roster}}});
    if (waits.quota == 0) return;
    const Duration wait = rough_wait(waits.come_again ? waits.come_again->value - now.value : 0);
    remarks.push_back(Sentence{
        "remark.waits_for_quota",
        {{"count", waits.quota}, {"unit", wait.unit}, {"time", wait.time}}});
}

void on_clock(Remarks& remarks, std::int64_t ahead_ms) {
    constexpr std::int64_t tolerated_ms = 3'600'000;
    if (std::abs(ahead_ms) < tolerated_ms) return;
    const auto [unit, time] = rough_duration(std::abs(ahead_ms));
    if (ahead_ms > 0)
        remarks.push_back(Sentence{"remark.clock_ahead", {{"unit", unit}, {"time", time}}});
    else
        remarks.push_back(Sentence{"remark.clock_behind", {{"unit", unit}, {"time", time}}});
}

void on_entries(Remarks& remarks, const engine::sync::Report& session) {
    if (session.left_open != 0)
        remarks.push_back(Sentence{"remark.entries_left_open", {{"count", session.left_open}}});
    if (session.refused_blocks != 0)
        remarks.push_back(Sentence{"remark.blocks_refused", {{"count", session.refused_blocks}}});
}

void on_hub(Remarks& remarks, const engine::sync::Report& session) {
    if (session.roster_given != 0)
        remarks.push_back(Sentence{"remark.hub_restored", {{"count", session.roster_given}}});
    if (session.hub_went_back) remarks.push_back(Sentence{"remark.hub_went_back"});
    if (session.roster_behind != 0)
        remarks.push_back(Sentence{"remark.hub_behind", {{"count", session.roster_behind}}});
}

void on_blocks(Remarks& remarks, const engine::sync::Report& session) {
    if (session.wanted_blocks != 0)
        remarks.push_back(Sentence{"remark.blocks_damaged", {{"count", session.wanted_blocks}}});
    if (session.offered_again != 0)
        remarks.push_back(
            Sentence{"remark.blocks_offered_again", {{"count", session.offered_again}}});
    if (session.unread_blocks != 0)
        remarks.push_back(Sentence{"remark.blocks_unread", {{"count", session.unread_blocks}}});
    if (session.forks != 0)
        remarks.push_back(Sentence{"remark.blocks_forked", {{"count", session.forks}}});
}

}  // namespace

std::vector<Sentence> remarks_on(const engine::sync::Report& session, protocol::Millis now) {
    Remarks remarks;
    on_clock(remarks, session.clock_ahead_ms);
    if (session.new_incarnation) remarks.push_back(Sentence{"remark.new_log.hub_has_newer"});
    on_entries(remarks, session);
    on_waits(remarks, session.waits, now);
    on_hub(remarks, session);
    on_blocks(remarks, session);
    return remarks;
}

}  // namespace vereda::client
