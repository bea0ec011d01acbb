#include "tests/sim/comparison.h"

#include <set>

#include "tests/sim/told.h"

namespace vereda::sim {

using engine::LocalDot;
using model::Dot;
using model::Record;
using model::Value;

Expected::Expected(const model::ReferenceModel& model) {
    std::map<Dot, std::size_t> shown;  // by the record that they hang on
    for (const auto& [dot, state] : model.interactions()) {
        const model::Entry& entry = model.entries().at(dot);
        interactions[dot] = {entry.turf, state};
        if (!state.retracted) ++shown[*entry.contact];
    }
    for (const auto& [dot, state] : model.contacts()) {
        OneRecord& one = contacts[dot] = {model.entries().at(dot).turf, state};
        for (const Dot& member : state.members) one.interactions += shown[member];
    }
}

namespace {

std::string words(const Value& value) {
    const std::string from = value.source.empty() ? "" : " from " + value.source;
    return field_word(value.field) + " \"" + value.value + value.element + "\"" + from +
           (value.live ? "" : ", not shown") + " (" + Sight::describe(value.dot) + ")";
}

std::string words(const std::pair<const std::string, bool>& consent) {
    return consent.first + (consent.second ? " withdrawn" : " given");
}

std::string words(const Dot& member) { return "read as one with " + Sight::describe(member); }

std::string words(const std::pair<const std::string, std::set<Dot>>& withdrawals) {
    std::string all = withdrawals.first + " withdrawn by";
    for (const Dot& dot : withdrawals.second) all += " " + Sight::describe(dot);
    return all;
}

// What one side has and the other has not.
template <class Items>
std::string only_in_one(const Items& found, const Items& expected) {
    for (const auto& item : found) {
        if (std::find(expected.begin(), expected.end(), item) == expected.end())
            return "has " + words(item);
    }
    for (const auto& item : expected) {
        if (std::find(found.begin(), found.end(), item) == found.end())
            return "lacks " + words(item);
    }
    return {};
}

std::string compare_states(const Record& found, const Record& expected) {
    if (auto differs = only_in_one(found.members, expected.members); !differs.empty())
        return differs;
    if (auto differs = only_in_one(found.values, expected.values); !differs.empty()) return differs;
    if (auto differs = only_in_one(found.withdrawn, expected.withdrawn); !differs.empty())
        return differs;
    if (auto differs = only_in_one(found.lift_over, expected.lift_over); !differs.empty())
        return differs;
    if (found.retracted != expected.retracted)
        return found.retracted ? "is hidden" : "is not hidden";
    return {};
}

/// One laptop against what it has to show.
class Comparison {
  public:
    Comparison(Laptop& laptop, const model::GlobalDot& global, const Expected& expected)
        : laptop_(laptop), global_(global), expected_(expected), queries_(laptop.workspace()) {}

    std::string of_turf(const protocol::TurfId& id, int turf) {
        number_ = laptop_.turf(id);
        if (!number_) return {};
        if (auto differs = all_of("contacts", turf); !differs.empty()) return differs;
        return all_of("interactions", turf);
    }

  private:
    std::string all_of(const std::string& table, int turf) {
        const bool contacts = table == "contacts";
        std::set<Dot> found;
        for (const LocalDot id : ids_in(table)) {
            const Dot dot = global_(id);
            found.insert(dot);
            const auto& there = contacts ? expected_.contacts : expected_.interactions;
            const auto expected = there.find(dot);
            const std::string name =
                (contacts ? "contact " : "interaction ") + Sight::describe(dot);
            if (expected == there.end()) return name + " was made by nobody";
            const std::string differs =
                contacts ? contact(id, expected->second) : interaction(id, expected->second);
            if (!differs.empty()) return name + " " + differs;
        }
        for (const auto& [dot, one] : contacts ? expected_.contacts : expected_.interactions) {
            if (one.turf == turf && !found.contains(dot))
                return Sight::describe(dot) + " is missing";
        }
        return {};
    }

    // In the turf at hand, whatever was created here.
    std::vector<LocalDot> ids_in(const std::string& table) {
        engine::Workspace& workspace = laptop_.workspace();
        engine::Statement select(
            workspace.projection().database(),
            table == "contacts"
                ? "SELECT id FROM contacts WHERE kind IS NOT NULL ORDER BY id"
                : "SELECT id FROM interactions WHERE contact IS NOT NULL ORDER BY id");
        std::vector<LocalDot> ids;
        for (const engine::Row& row : select.query()) {
            const LocalDot id{row.integer(0)};
            if (workspace.store().info(id.log()).turf == *number_) ids.push_back(id);
        }
        return ids;
    }

    std::string contact(LocalDot id, const Expected::OneRecord& expected) {
        engine::Contacts& contacts = laptop_.workspace().projection().contacts();
        const auto row = contacts.load(id);
        Record found = model::record_of(row->state, global_);
        for (const LocalDot member : contacts.members_of(row->root))
            found.members.insert(global_(member));
        const std::string differs = compare_states(found, expected.state);
        return differs.empty() && row->root == id ? shown_contact(id, expected) : differs;
    }

    // What people are told of it.
    std::string shown_contact(LocalDot id, const Expected::OneRecord& expected) {
        const auto view = queries_.contact(id);
        if (!view) return "is shown to nobody";
        if (view->interactions != expected.interactions)
            return "shows " + std::to_string(view->interactions) + " interactions, not " +
                   std::to_string(expected.interactions);
        if (view->retracted != expected.state.retracted) return "is shown as hidden or is not";
        std::vector<int> conflicts;
        for (const engine::FieldView& field : view->fields) {
            if (field.conflict) conflicts.push_back(static_cast<int>(field.code));
        }
        if (conflicts != fields_in_conflict(expected.state)) return "shows other conflicts";
        std::map<std::string, bool> withdrawn;
        for (const engine::ConsentView& consent : view->consents)
            withdrawn[consent.channel] = !consent.given;
        return only_in_one(withdrawn, expected.state.withdrawn);
    }

    std::string interaction(LocalDot id, const Expected::OneRecord& expected) {
        const auto row = laptop_.workspace().projection().interactions().load(id);
        Record found = model::record_of(row->state, global_);
        found.members = {global_(id)};
        return compare_states(found, expected.state);
    }

    Laptop& laptop_;
    const model::GlobalDot& global_;
    const Expected& expected_;
    engine::Queries queries_;
    std::optional<engine::TurfNumber> number_;
};

}  // namespace

std::string first_difference(
    Laptop& laptop, const model::GlobalDot& global, const Expected& expected,
    const std::vector<protocol::TurfId>& turfs) {
    Comparison comparison(laptop, global, expected);
    for (std::size_t i = 0; i < turfs.size(); ++i) {
        const std::string differs = comparison.of_turf(turfs[i], static_cast<int>(i) + 1);
        if (!differs.empty()) return differs;
    }
    return {};
}

}  // namespace vereda::sim
