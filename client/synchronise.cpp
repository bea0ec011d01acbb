#include "client/synchronise.h"

#include <algorithm>
#include <set>

#include "client/hidden_notice.h"
#include "client/lost_work_answer.h"
#include "client/set_aside_answer.h"
#include "client/words.h"
#include "client/words/catalogue.h"

namespace vereda::client {

Or<engine::sync::Report> converse(
    Application& application, engine::Workspace& workspace, HubLine& line,
    engine::sync::Plan plan) {
    const auto bar = application.report().progress("Syncing", 0);
    engine::sync::Session session(workspace, application.opener(), plan);
    auto report = line.run(session, [&bar](const engine::sync::Report& so_far) {
        bar->advance_to(so_far.pushed_entries + so_far.pulled_entries);
    });
    bar->clear();
    tell_oddities(application.report(), session.report(), workspace.environment().clock.now());
    if (session.report().set_aside != 0)
        application.report().note(set_aside_text(workspace, engine::set_aside_of(workspace)));
    return report;
}

namespace {

using Places = std::set<std::pair<std::string, std::string>>;

Places places_that_are(engine::Workspace& workspace, engine::Mishap::Kind kind) {
    Places places;
    for (const engine::Mishap& mishap : workspace.mishaps().all()) {
        if (mishap.kind == kind) places.emplace(mishap.what, mishap.place);
    }
    return places;
}

// Of the places that were damaged.
std::size_t count_healed(engine::Workspace& workspace, const Places& damaged) {
    const Places whole = places_that_are(workspace, engine::Mishap::Kind::healed);
    return static_cast<std::size_t>(std::ranges::count_if(
        damaged, [&whole](const auto& place) { return whole.contains(place); }));
}

}  // namespace

Or<SyncResult> synchronise(
    Application& application, engine::Workspace& workspace, engine::sync::Plan plan) {
    auto line = HubLine::to_hub_of(workspace);
    if (!line) return std::unexpected(line.error());
    const Places damaged = places_that_are(workspace, engine::Mishap::Kind::damaged);
    auto report = converse(application, workspace, *line, plan);
    if (!report) return std::unexpected(report.error());
    auto hidden = tell_of_hidden_work(application.report(), workspace);
    auto lost = tell_of_lost_work(application.report(), workspace);
    const std::size_t healed = count_healed(workspace, damaged);
    if (healed != 0) application.report().note(Sentence{"remark.healed", {{"count", healed}}});
    return SyncResult{*report, std::move(hidden), line->close(), std::move(lost), healed};
}

namespace {

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

void tell_of_waits(Report& report, const engine::HubWaitCount& waits, protocol::Millis now) {
    if (waits.roster != 0)
        report.note(Sentence{"remark.waits_for_roster", {{"count", waits.roster}}});
    if (waits.quota == 0) return;
    const Duration wait = rough_wait(waits.come_again ? waits.come_again->value - now.value : 0);
    report.note(Sentence{
        "remark.waits_for_quota",
        {{"count", waits.quota}, {"unit", wait.unit}, {"time", wait.time}}});
}

void tell_of_clock(Report& report, std::int64_t ahead_ms) {
    constexpr std::int64_t tolerated_ms = 3'600'000;
    if (std::abs(ahead_ms) < tolerated_ms) return;
    const auto [unit, time] = rough_duration(std::abs(ahead_ms));
    if (ahead_ms > 0)
        report.note(Sentence{"remark.clock_ahead", {{"unit", unit}, {"time", time}}});
    else
        report.note(Sentence{"remark.clock_behind", {{"unit", unit}, {"time", time}}});
}

void tell_of_entries(Report& report, const engine::sync::Report& session) {
    if (session.left_open != 0)
        report.note(Sentence{"remark.entries_left_open", {{"count", session.left_open}}});
    if (session.refused_blocks != 0)
        report.note(Sentence{"remark.blocks_refused", {{"count", session.refused_blocks}}});
}

void tell_of_hub(Report& report, const engine::sync::Report& session) {
    if (session.roster_given != 0)
        report.note(Sentence{"remark.hub_restored", {{"count", session.roster_given}}});
    if (session.hub_went_back) report.note(Sentence{"remark.hub_went_back"});
    if (session.roster_behind != 0)
        report.note(Sentence{"remark.hub_behind", {{"count", session.roster_behind}}});
}

void tell_of_blocks(Report& report, const engine::sync::Report& session) {
    if (session.wanted_blocks != 0)
        report.note(Sentence{"remark.blocks_damaged", {{"count", session.wanted_blocks}}});
    if (session.offered_again != 0)
        report.note(Sentence{"remark.blocks_offered_again", {{"count", session.offered_again}}});
    if (session.unread_blocks != 0)
        report.note(Sentence{"remark.blocks_unread", {{"count", session.unread_blocks}}});
    if (session.forks != 0)
        report.note(Sentence{"remark.blocks_forked", {{"count", session.forks}}});
}

}  // namespace

void tell_oddities(Report& report, const engine::sync::Report& session, protocol::Millis now) {
    tell_of_clock(report, session.clock_ahead_ms);
    if (session.new_incarnation) report.note(Sentence{"remark.new_log.hub_has_newer"});
    tell_of_entries(report, session);
    tell_of_waits(report, session.waits, now);
    tell_of_hub(report, session);
    tell_of_blocks(report, session);
}

Json json_of(const SyncResult& result) {
    JsonObject object;
    object.add("pushed", std::uint64_t{result.report.pushed_entries})
        .add("pulled", std::uint64_t{result.report.pulled_entries})
        .add("bytes_up", result.bytes.up)
        .add("bytes_down", result.bytes.down);
    if (result.report.left_open != 0) {
        object.add("left_open", std::uint64_t{result.report.left_open});
    }
    if (result.lost) object.add("lost", *result.lost);
    const auto& waits = result.report.waits;
    if (waits.roster != 0) object.add("waits_for_roster", waits.roster);
    if (waits.quota != 0) object.add("waits_for_quota", waits.quota);
    if (waits.come_again) object.add("come_again_ms", waits.come_again->value);
    const auto add_some = [&object](const char* name, std::size_t count) {
        if (count != 0) object.add(name, std::uint64_t{count});
    };
    add_some("set_aside", result.report.set_aside);
    add_some("wanted", result.report.wanted_blocks);
    add_some("offered_again", result.report.offered_again);
    add_some("unread", result.report.unread_blocks);
    add_some("healed", result.healed);
    if (!result.hidden.empty()) object.add("hidden", json_texts(result.hidden));
    return object.done();
}

std::string text_of(const SyncResult& result) {
    const auto& report = result.report;
    if (report.pushed_entries == 0 && report.pulled_entries == 0)
        return catalogue().say("answer.nothing_new");
    return catalogue().say(
        "answer.synced", {{"sent", report.pushed_entries},
                          {"received", report.pulled_entries},
                          {"up", result.bytes.up},
                          {"down", result.bytes.down}});
}

}  // namespace vereda::client
