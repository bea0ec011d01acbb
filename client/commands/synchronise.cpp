#include "client/commands/synchronise.h"

#include <algorithm>
#include <set>

#include "client/answers/set_aside_answer.h"
#include "client/answers/sync_news.h"
#include "client/api/status_json.h"
#include "client/desk/problem.h"
#include "client/words/catalogue.h"

namespace vereda::client {

Or<engine::sync::Report> converse(
    Application& application, engine::Workspace& workspace, HubLine& line,
    engine::sync::Plan plan) {
    const auto bar = application.report().progress(catalogue().say("progress.syncing"), 0);
    engine::sync::Session session(workspace, application.opener(), plan);
    auto report = line.run(session, [&bar](const engine::sync::Report& so_far) {
        bar->advance_to(so_far.pushed_entries + so_far.pulled_entries);
    });
    bar->clear();
    tell_oddities(application.report(), session.report(), workspace.environment().clock.now());
    if (session.report().set_aside != 0)
        application.report().note(
            set_aside_text(Desk(workspace).set_aside(), workspace.environment().clock.now()));
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

// How many of the places that were damaged are whole now.
std::size_t tell_of_healing(Report& report, engine::Workspace& workspace, const Places& damaged) {
    if (damaged.empty()) return 0;
    const Places whole = places_that_are(workspace, engine::Mishap::Kind::healed);
    const auto healed = static_cast<std::size_t>(std::ranges::count_if(
        damaged, [&whole](const auto& place) { return whole.contains(place); }));
    if (healed != 0) {
        report.note(Sentence{"remark.healed", {{"count", healed}}});
    }
    return healed;
}

}  // namespace

Or<SyncResult> synchronise(
    Application& application, engine::Workspace& workspace, engine::sync::Plan plan) {
    auto line = HubLine::to_hub_of(workspace);
    if (!line) return std::unexpected(line.error());
    const Places damaged = places_that_are(workspace, engine::Mishap::Kind::damaged);
    auto report = converse(application, workspace, *line, plan);
    if (!report) return std::unexpected(report.error());
    SyncNews news = Desk(workspace).take_news();
    tell(application.report(), news, workspace.environment().clock.now());
    const std::size_t healed = tell_of_healing(application.report(), workspace, damaged);
    return SyncResult{*report, line->close(), std::move(news), healed};
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
    if (!result.news.lost.empty()) object.add("lost", json_of(result.news.lost));
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
    std::vector<std::string> hidden = result.news.hidden_contacts;
    const auto& visits = result.news.hidden_visits;
    hidden.insert(hidden.end(), visits.begin(), visits.end());
    if (!hidden.empty()) object.add("hidden", json_texts(hidden));
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
