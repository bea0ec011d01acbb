#include "client/commands/vault/synchronise.h"

#include <algorithm>
#include <set>

#include "client/answers/set_aside_answer.h"
#include "client/answers/sync_answer.h"
#include "client/desk/problems/problem.h"
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
    const protocol::Millis now = workspace.environment().clock.now();
    for (const Sentence& remark : remarks_on(session.report(), now))
        application.report().note(remark);
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

// Of the places that were damaged.
std::uint64_t count_healed(engine::Workspace& workspace, const Places& damaged) {
    const Places whole = places_that_are(workspace, engine::Mishap::Kind::healed);
    return static_cast<std::uint64_t>(std::ranges::count_if(
        damaged, [&whole](const auto& place) { return whole.contains(place); }));
}

}  // namespace

Or<SyncDone> synchronise(
    Application& application, engine::Workspace& workspace, engine::sync::Plan plan) {
    auto line = HubLine::to_hub_of(workspace);
    if (!line) return std::unexpected(line.error());
    const Places damaged = places_that_are(workspace, engine::Mishap::Kind::damaged);
    auto report = converse(application, workspace, *line, plan);
    if (!report) return std::unexpected(report.error());
    SyncNews news = Desk(workspace).take_news();
    tell(application.report(), news, workspace.environment().clock.now());
    const std::uint64_t healed = count_healed(workspace, damaged);
    if (healed != 0) application.report().note(Sentence{"remark.healed", {{"count", healed}}});
    const ByteCount bytes = line->close();
    return SyncDone{*report, bytes.up, bytes.down, std::move(news), healed};
}

}  // namespace vereda::client
