#include "client/synchronise.h"

#include "engine/people/hidden_work.h"
#include "engine/people/record_ids.h"

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
    tell_oddities(application.report(), session.report());
    return report;
}

namespace {

std::string hidden_text(const std::vector<std::string>& contacts) {
    constexpr std::size_t shown = 5;
    std::string text = counted(contacts.size(), "contact is", "contacts are") +
                       " hidden by a retraction, and not all who worked on them knew of it:";
    for (std::size_t i = 0; i < std::min(shown, contacts.size()); ++i) text += " " + contacts[i];
    if (contacts.size() > shown) text += " …";
    return text +
           ". Nothing is lost: `vereda history ID` tells who did what, `vereda contact restore ID` "
           "brings one back, `vereda contact list --retracted` shows all that are hidden.";
}

/// Tells of work that a retraction hides, and notes that it did.
std::vector<std::string> tell_of_hidden_work(Report& report, engine::Workspace& workspace) {
    engine::HiddenWork hidden_work(workspace);
    const auto contacts = hidden_work.to_tell();
    if (contacts.empty()) return {};
    std::vector<std::string> ids;
    for (const engine::LocalDot contact : contacts) {
        ids.push_back(engine::RecordIds(workspace).text_of(contact));
    }
    report.note(hidden_text(ids));
    hidden_work.note_told(contacts);
    return ids;
}

/// Tells once of own work that the disk destroyed before anybody else had it.
std::vector<engine::LostWork> tell_of_lost_work(Report& report, engine::Workspace& workspace) {
    std::vector<engine::LostWork> lost = engine::lost_work(workspace);
    std::erase_if(lost, [](const engine::LostWork& work) { return work.told; });
    if (lost.empty()) return lost;
    report.note(
        "The disk has destroyed work of yours before the hub had it; what came after it was sent "
        "under new ids. Lost:\n" +
        text_of(lost) + "Copy the vault to another disk.");
    engine::note_lost_work_told(workspace);
    return lost;
}

}  // namespace

Json json_of(const std::vector<engine::LostWork>& lost) {
    JsonArray list;
    for (const engine::LostWork& work : lost) {
        list.add(JsonObject()
                     .add("where", work.place)
                     .add("entries", work.entries)
                     .add("ids", json_texts(work.ids))
                     .done());
    }
    return list.done();
}

std::string text_of(const std::vector<engine::LostWork>& lost) {
    std::string text;
    for (const engine::LostWork& work : lost) {
        text += work.place + ": " + counted(work.entries, "entry", "entries");
        for (const std::string& id : work.ids) text += " " + id;
        text += work.entries > work.ids.size() ? " …\n" : "\n";
    }
    return text;
}

Or<SyncResult> synchronise(
    Application& application, engine::Workspace& workspace, engine::sync::Plan plan) {
    auto line = HubLine::to_hub_of(workspace);
    if (!line) return std::unexpected(line.error());
    auto report = converse(application, workspace, *line, plan);
    if (!report) return std::unexpected(report.error());
    auto hidden = tell_of_hidden_work(application.report(), workspace);
    auto lost = tell_of_lost_work(application.report(), workspace);
    return SyncResult{*report, std::move(hidden), line->close(), std::move(lost)};
}

namespace {

// "3 hours", "12 years": the largest unit that fits.
std::string rough_duration(std::int64_t ms) {
    constexpr std::int64_t hour = 3'600'000, day = 24 * hour, year = 365 * day;
    const auto in = [ms](std::int64_t unit, std::string_view name) {
        return counted(static_cast<std::size_t>(ms / unit), name);
    };
    if (ms >= 2 * year) return in(year, "year");
    return ms >= 2 * day ? in(day, "day") : in(hour, "hour");
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

void tell_oddities(Report& report, const engine::sync::Report& session) {
    tell_of_clock(report, session.clock_ahead_ms);
    if (session.new_incarnation) {
        report.note(
            "The hub has newer work of this very laptop: the vault was restored from a copy. It "
            "writes under a new name from now on; nothing is lost.");
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
    if (session.damaged_blocks != 0) {
        report.note(
            counted(session.damaged_blocks, "block") +
            " came damaged: the next sync asks for them again.");
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
    if (!result.lost.empty()) object.add("lost", json_of(result.lost));
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
