#include "tests/sim/shown.h"

#include <algorithm>
#include <sstream>

#include "engine/audit/history.h"
#include "engine/queries/record_ids.h"
#include "engine/replay/state_counts.h"

namespace vereda::sim {
namespace {

using engine::LocalDot;

/// Writes down one turf as one laptop shows it.
class Showing {
  public:
    Showing(Laptop& laptop, engine::TurfNumber turf)
        : workspace_(laptop.workspace()), turf_(turf), ids_(workspace_), queries_(workspace_) {}

    std::string all() {
        for (const bool retracted : {false, true}) {
            for (const auto& line : queries_.contacts({.turf = turf_, .retracted = retracted})) {
                text_ << (retracted ? "hidden " : "list ") << id(line.id) << " " << line.name
                      << "\n";
                contact(line.id);
            }
        }
        conflicts();
        for (const std::string word : {"ana", "bo", "person", "555"}) search(word);
        counts();
        return text_.str();
    }

  private:
    std::string id(LocalDot dot) { return ids_.text_of(dot); }

    void value(const engine::ValueView& value) {
        text_ << " \"" << value.text << "\" " << id(value.dot) << " at " << value.at.value << " "
              << value.author.member << " " << value.author.device << " " << value.source;
    }

    void contact(LocalDot contact) {
        const auto view = queries_.contact(contact);
        VEREDA_ASSERT(view);
        text_ << "contact " << id(view->id) << " " << view->kind << " " << view->name << " "
              << view->created.value << (view->retracted ? " retracted" : "") << " visits "
              << view->interactions;
        for (const LocalDot member : view->members) text_ << " " << id(member);
        for (const engine::RowKey& key : view->keys) text_ << " " << key.source << "/" << key.key;
        for (const engine::ConsentView& consent : view->consents)
            text_ << " " << consent.channel << (consent.given ? "+" : "-");
        text_ << "\n";
        for (const engine::FieldView& field : view->fields) {
            text_ << "field " << field.name << (field.conflict ? " conflict" : "");
            for (const engine::ValueView& each : field.values) value(each);
            text_ << "\n";
        }
        visits(contact);
        history(contact);
    }

    void visits(LocalDot contact) {
        for (const engine::InteractionLine& line : queries_.interactions_of(contact, true)) {
            text_ << "visit " << id(line.what.id) << " " << line.what.kind << " "
                  << line.what.outcome << " " << line.what.note << " " << line.what.at_ms << " "
                  << line.author.member << (line.what.retracted ? " retracted" : "");
            for (const std::uint32_t code : line.what.conflicts) text_ << " conflict " << code;
            text_ << "\n";
        }
    }

    void history(LocalDot contact) {
        engine::ActionHistory history(workspace_);
        for (const engine::ActionView& action : history.of_contact(contact)) {
            text_ << "action " << id(action.entry) << " " << id(action.record) << " " << action.type
                  << " " << action.at.value << " " << action.author.member << " "
                  << static_cast<int>(action.status) << " " << action.source;
            for (const engine::Step& step : action.steps) {
                text_ << " " << step.field << " " << step.action << " " << step.value;
                for (const std::string& replaced : step.replaced) text_ << " was " << replaced;
            }
            text_ << "\n";
        }
    }

    void conflicts() {
        for (const engine::ConflictView& conflict : queries_.conflicts(turf_)) {
            text_ << "conflict " << id(conflict.interaction.value_or(conflict.contact)) << " "
                  << conflict.contact_name << " " << conflict.field
                  << (conflict.waits ? " waits" : "");
            for (const engine::ValueView& each : conflict.values) value(each);
            text_ << "\n";
        }
    }

    void search(const std::string& word) {
        for (const engine::ContactLine& line : queries_.search(word)) {
            if (line.turf == turf_) text_ << "found by " << word << " " << id(line.id) << "\n";
        }
    }

    void counts() {
        const engine::StateCounts counts =
            engine::count_state(workspace_.projection(), workspace_.store(), turf_);
        text_ << "counts " << counts.contacts << " " << counts.interactions << " "
              << counts.conflicts << "\n";
    }

    engine::Workspace& workspace_;
    engine::TurfNumber turf_;
    engine::RecordIds ids_;
    engine::Queries queries_;
    std::ostringstream text_;
};

std::string first_difference(const std::string& one, const std::string& other) {
    std::istringstream lines_of_one(one), lines_of_other(other);
    std::string a, b;
    while (true) {
        const bool has_a = static_cast<bool>(std::getline(lines_of_one, a));
        const bool has_b = static_cast<bool>(std::getline(lines_of_other, b));
        if (!has_a && !has_b) return {};
        if (!has_a || !has_b || a != b)
            return (has_a ? a : "(nothing)") + "\n" + (has_b ? b : "(nothing)");
    }
}

}  // namespace

std::string shown_of(Laptop& laptop, const protocol::TurfId& turf) {
    const auto number = laptop.turf(turf);
    VEREDA_ASSERT(number);
    return Showing(laptop, *number).all();
}

std::string first_shown_otherwise(World& world) {
    for (const protocol::TurfId& turf : world.turfs) {
        const Laptop* first = nullptr;
        std::string expected;
        for (const auto& laptop : world.laptops) {
            if (!laptop->turf(turf)) continue;
            std::string shown = shown_of(*laptop, turf);
            if (first == nullptr) {
                first = laptop.get();
                expected = std::move(shown);
                continue;
            }
            const std::string differs = first_difference(expected, shown);
            if (!differs.empty()) return first->name() + ", " + laptop->name() + ":\n" + differs;
        }
    }
    return {};
}

}  // namespace vereda::sim
