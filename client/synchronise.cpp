#include "client/synchronise.h"

#include <algorithm>
#include <set>

#include "client/hidden_notice.h"
#include "client/lost_work_answer.h"
#include "client/set_aside_answer.h"
#include "client/words.h"

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

// How many of the places that were damaged are whole now.
std::size_t tell_of_healing(Report& report, engine::Workspace& workspace, const Places& damaged) {
    if (damaged.empty()) return 0;
    const Places whole = places_that_are(workspace, engine::Mishap::Kind::healed);
    const auto healed = static_cast<std::size_t>(std::ranges::count_if(
        damaged, [&whole](const auto& place) { return whole.contains(place); }));
    if (healed != 0) {
        report.note(
            "This sync has healed what the disk had damaged: " +
            counted(healed, "place is whole again.", "places are whole again."));
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
    auto hidden = tell_of_hidden_work(application.report(), workspace);
    auto lost = tell_of_lost_work(application.report(), workspace);
    const std::size_t healed = tell_of_healing(application.report(), workspace, damaged);
    return SyncResult{*report, std::move(hidden), line->close(), std::move(lost), healed};
}

namespace {

// "5 minutes", "3 hours": rounded up, so that nobody comes too early.
std::string rough_wait(std::int64_t ms) {
    constexpr std::int64_t minute = 60'000, hour = 60 * minute;
    const auto up = [ms](std::int64_t unit) {
        return static_cast<std::size_t>(std::max<std::int64_t>(1, (ms + unit - 1) / unit));
    };
    return ms < 2 * hour ? counted(up(minute), "minute") : counted(up(hour), "hour");
}

// "3 hours", "12 years": the largest unit that fits.
std::string rough_duration(std::int64_t ms) {
    constexpr std::int64_t hour = 3'600'000, day = 24 * hour, year = 365 * day;
    const auto in = [ms](std::int64_t unit, std::string_view name) {
        return counted(static_cast<std::size_t>(ms / unit), name);
    };
    if (ms >= 2 * year) return in(year, "year");
    return ms >= 2 * day ? in(day, "day") : in(hour, "hour");
}

void tell_of_waits(Report& report, const engine::sync::HubWaitCount& waits, protocol::Millis now) {
    if (waits.roster != 0) {
        report.note(
            counted(waits.roster, "entry waits", "entries wait") +
            " for the roster: the hub lacks a change of it by which they were written. They stay "
            "here, and each sync offers them again; nothing is lost.");
    }
    if (waits.quota != 0) {
        const auto wait_ms = waits.come_again ? waits.come_again->value - now.value : 0;
        report.note(
            counted(waits.quota, "entry waits", "entries wait") +
            ": what one laptop may send the hub in a day is used up. A sync in " +
            rough_wait(wait_ms) + " goes on with them; nothing is lost.");
    }
}

void tell_of_clock(Report& report, std::int64_t ahead_ms) {
    constexpr std::int64_t tolerated_ms = 3'600'000;
    if (std::abs(ahead_ms) < tolerated_ms) return;
    report.note(
        "This laptop's clock is " + rough_duration(std::abs(ahead_ms)) +
        (ahead_ms > 0 ? " ahead of" : " behind") +
        " the hub's. Nothing is lost by that, but what is recorded here bears wrong times: set "
        "it.");
}

}  // namespace

void tell_oddities(Report& report, const engine::sync::Report& session, protocol::Millis now) {
    tell_of_clock(report, session.clock_ahead_ms);
    if (session.new_incarnation) {
        report.note(
            "The hub has newer work of this very laptop: the vault was restored from a copy. " +
            std::string(goes_on_in_new_log) +
            " What was recorded after that copy was made and not synced is gone. Use only one of "
            "the two.");
    }
    if (session.left_open != 0) {
        report.note(
            counted(session.left_open, "entry", "entries") +
            " stayed here: the newest key of their turf has not reached this laptop. A "
            "coordinator's next sync brings it.");
    }
    if (session.refused_blocks != 0) {
        report.note(
            counted(session.refused_blocks, "block") +
            " refused: `vereda audit verify` and your coordinator tell more.");
    }
    tell_of_waits(report, session.waits, now);
    if (session.roster_given != 0) {
        report.note(
            "The hub was put back to an older copy: it has got " +
            counted(session.roster_given, "roster entry", "roster entries") +
            " back from this laptop, and everything else that it lacks.");
    }
    if (session.hub_went_back) {
        report.note(
            "The hub's machine was put back to an older state; this laptop has shown it. It gets "
            "back what it lacks.");
    }
    if (session.roster_behind != 0) {
        report.note(
            "The hub lacks " + counted(session.roster_behind, "roster entry", "roster entries") +
            " that this laptop has, and does not take them back: an older copy of it is running. "
            "Sync again in a moment; if this note stays, its host has to start it with "
            "`vereda-hub serve --restored`.");
    }
    if (session.wanted_blocks != 0) {
        report.note(
            counted(session.wanted_blocks, "block") +
            " came damaged, or too early in too large a number: every sync asks for them again.");
    }
    if (session.offered_again != 0) {
        report.note(
            "The hub once took " + counted(session.offered_again, "block") +
            " of this laptop and does not have them: they are sent again. Tell its host.");
    }
    if (session.unread_blocks != 0) {
        report.note(
            counted(session.unread_blocks, "block") +
            " of a log with more branches than are read: kept, and not shown. Was a vault copied "
            "very often? Ask your coordinator.");
    }
    if (session.forks != 0) {
        report.note(
            counted(session.forks, "block") +
            " met with another one in the same place; both are read. Was a vault copied?");
    }
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
    if (report.pushed_entries == 0 && report.pulled_entries == 0) {
        return "Nothing new, here or there.";
    }
    return "Sent " + counted(report.pushed_entries, "entry", "entries") + ", received " +
           counted(report.pulled_entries, "entry", "entries") + " (" +
           counted(result.bytes.up, "byte") + " up, " + counted(result.bytes.down, "byte") +
           " down).";
}

}  // namespace vereda::client
