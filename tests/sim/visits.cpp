#include "tests/sim/visits.h"

#include "engine/replay/digest.h"

namespace vereda::sim {
namespace {

std::string name_of(engine::Workspace& workspace, engine::LocalDot contact) {
    const auto view = engine::Queries(workspace).contact(contact);
    return view && !view->fields.empty() ? view->fields[0].values[0].text : std::string();
}

}  // namespace

void Visits::add_people(Laptop& laptop, int count) {
    const auto turf = laptop.turf(world_.turfs[0]);
    for (int i = 0; i < count; ++i) {
        const std::string name = "Person " + std::to_string(i);
        VEREDA_ASSERT(laptop.people().add_contact(*turf, {.set = {{"given_name", name}}}));
    }
}

engine::LocalDot Visits::someone(Laptop& laptop) {
    engine::Statement select(
        laptop.workspace().projection().database(),
        "SELECT id FROM contacts WHERE root = id AND kind IS NOT NULL AND turf > 0 ORDER BY id");
    std::vector<engine::LocalDot> found;
    for (const engine::Row& row : select.query()) found.push_back({row.integer(0)});
    return world_.dice.pick(found);
}

void Visits::act(Laptop& laptop) {
    engine::People people = laptop.people();
    const std::string unique = "note " + std::to_string(notes_.size());
    if (world_.dice.one_in(2)) {
        const auto turf = laptop.turf(world_.turfs[0]);
        VEREDA_ASSERT(people.add_contact(*turf, {.set = {{"given_name", unique}}}));
    } else if (world_.dice.one_in(2)) {
        VEREDA_ASSERT(people.edit_contact(someone(laptop), {.set = {{"district", unique}}}));
    }
    const engine::InteractionDraft visit{"door", "spoke", unique, std::nullopt};
    const engine::LocalDot visited = someone(laptop);
    VEREDA_ASSERT(people.add_interaction(visited, visit));
    notes_[unique] = name_of(laptop.workspace(), visited);
}

Visits::Notes Visits::notes_of(engine::Workspace& workspace) {
    Notes notes;
    engine::Statement select(
        workspace.projection().database(),
        "SELECT note, contact FROM interactions WHERE contact IS NOT NULL");
    for (const engine::Row& row : select.query())
        notes[std::string(row.text(0))] = name_of(workspace, {row.integer(1)});
    return notes;
}

std::string Visits::disagreement() {
    std::optional<engine::StateDigest> first;
    for (const auto& laptop : world_.laptops) {
        engine::Workspace& workspace = laptop->workspace();
        const auto turf = laptop->turf(world_.turfs[0]);
        if (!turf) return laptop->name() + " lacks the turf";
        const auto digest = [&] {
            return engine::digest_of_turf(workspace.projection(), workspace.store(), *turf);
        };
        if (!first) first = digest();
        if (digest() != *first) return laptop->name() + " has another state";
        if (notes_of(workspace) != notes_) return laptop->name() + " shows other visits";
        workspace.rebuild();
        if (digest() != *first) return laptop->name() + " has another state after a rebuild";
    }
    return {};
}

}  // namespace vereda::sim
