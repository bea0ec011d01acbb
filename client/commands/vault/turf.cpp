#include "client/api/status_json.h"
#include "client/commands/commands.h"
#include "client/commands/vault/synchronise.h"
#include "client/desk/lookup.h"
#include "client/desk/names.h"
#include "client/desk/problems/action_problem.h"
#include "client/desk/problems/client_problem.h"
#include "client/line/hub_problem.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"
#include "engine/actions/actions.h"
#include "protocol/text_id.h"

namespace vereda::client {

void declare_turf(Verb& program, Chosen& chosen) {
    Verb family = program.verb("turf", "Turfs: who works where, each with a key of its own");
    family.examples("  vereda turf add \"Barrio Norte\"\n  vereda turf list");
    declare<TurfAddCommand>(
        family, chosen, "add", "Cut a new turf (coordinators)", [](Verb& verb, TurfAddCommand& c) {
            verb.text("NAME", c.name, "Its name", Need::required)
                .examples("  vereda turf add \"Barrio Norte\"");
        });
    declare<TurfListCommand>(
        family, chosen, "list", "The turfs that this laptop holds",
        [](Verb& verb, TurfListCommand&) { verb.examples("  vereda turf list"); });
}

namespace {

// Cuts the turf on the roster, keeps its key and names it for everyone.
Or<protocol::TurfId> cut_turf(
    engine::Workspace& workspace, const std::string& name, HubLine* line) {
    std::optional<engine::TurfMade> made;
    engine::sync::RosterChange change(
        workspace,
        [&made](const engine::RosterWriter& writer)
            -> std::expected<engine::sync::ChangeOffer, engine::RosterWriteError> {
            auto turf = writer.create_turf();
            if (!turf) return std::unexpected(turf.error());
            made = std::move(*turf);
            return engine::sync::ChangeOffer{.entries = made->entries};
        });
    if (line != nullptr) {
        if (auto done = line->run(change); !done) return std::unexpected(done.error());
    } else {
        change.apply_alone();
        if (!change.is_done()) {
            return std::unexpected(
                problem_of(change.trouble(), change.refusal(), change.write_error()));
        }
    }
    // False only when a sync in between has fetched the key already.
    static_cast<void>(workspace.add_key(made->turf, {1}, made->key.view()));
    const auto named =
        engine::People(workspace).name(protocol::Profile::Kind::turf, made->turf.view(), name);
    if (!named) return std::unexpected(problem_of(named.error()));
    return made->turf;
}

Or<protocol::TurfId> add_on_hub(
    Application& application, engine::Workspace& workspace, const std::string& name) {
    auto line = HubLine::to_hub_of(workspace);
    if (!line) return std::unexpected(line.error());
    if (workspace.beginnings().founding || workspace.beginnings().joining) {
        if (auto begun = converse(application, workspace, *line); !begun) {
            return std::unexpected(begun.error());
        }
    }
    auto turf = cut_turf(workspace, name, &*line);
    if (!turf) return turf;
    // The turf is there for good; its name reaches the others now or with the next sync.
    if (auto told = converse(application, workspace, *line); !told) {
        application.report().note(Sentence{"remark.turf_name_follows"});
    }
    return turf;
}

}  // namespace

Outcome run(Application& application, const TurfAddCommand& command) {
    const auto name = read_name(command.name);
    if (!name) return std::unexpected(name.error());
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        if (!engine::Queries(workspace).find_turfs(*name).empty()) {
            return std::unexpected(problem_of(ClientProblem::turf_exists, *name));
        }
        const auto turf = workspace.roster().hub() || workspace.beginnings().joining
                              ? add_on_hub(application, workspace, *name)
                              : cut_turf(workspace, *name, nullptr);
        if (!turf) return std::unexpected(when_nothing_was_made(turf.error()));
        const std::string id = protocol::text_id(turf->view());
        application.report().answer(
            json_of(TurfRow{id, *name}), catalogue().say("answer.turf_cut", {{"turf", *name}}));
        return Exit::ok;
    });
}

Outcome run(Application& application, const TurfListCommand&) {
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto turfs = desk.read(ListTurfs{});
        if (!turfs) return std::unexpected(turfs.error());
        Table table({{column_heading("column.turf")}, Table::of_ids(column_heading("column.id"))});
        for (const TurfRow& turf : *turfs) table.add({turf.name, turf.id});
        Report& report = application.report();
        report.answer(
            json_of(*turfs),
            table.empty() ? catalogue().say("answer.no_turfs") : table.text(report.terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
