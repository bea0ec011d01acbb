#include "tests/sim/sight.h"

#include <map>

namespace vereda::sim {

using model::Dot;
using model::Entry;
using model::Value;
using model::Write;

std::optional<Sight> Sight::of(
    const model::ReferenceModel& everything, const model::Frontier& read, const Dot& record) {
    const model::ReferenceModel here = everything.as_read(read);
    const auto state = here.record(record);
    if (!state) return std::nullopt;
    Sight sight;
    sight.record_ = record;
    sight.contact_ = here.entries().at(record).contact;
    sight.state_ = *state;
    for (const auto& [dot, entry] : here.entries()) {
        if (state->members.contains(entry.record)) sight.entries_.push_back(entry);
    }
    return sight;
}

std::set<std::string> Sight::shown(int field) const {
    std::set<std::string> shown;
    for (const Value& value : state_.values) {
        if (value.field == field && value.live) shown.insert(value.value + value.element);
    }
    return shown;
}

std::vector<int> Sight::fields_in_conflict() const { return sim::fields_in_conflict(state_); }

std::vector<int> fields_in_conflict(const model::Record& record) {
    std::map<int, std::set<std::string>> values;
    for (const Value& value : record.values) {
        if (value.live && value.element.empty()) values[value.field].insert(value.value);
    }
    std::vector<int> fields;
    for (const auto& [field, texts] : values) {
        if (texts.size() > 1) fields.push_back(field);
    }
    return fields;
}

template <class Wanted>
std::vector<Dot> Sight::dots_where(Wanted wanted) const {
    std::vector<Dot> dots;
    for (const Entry& entry : entries_) {
        for (const Write& write : entry.writes) {
            if (!wanted(write)) continue;
            dots.push_back(entry.dot);
            break;
        }
    }
    return dots;
}

std::vector<Dot> Sight::writers(int field) const {
    return dots_where([field](const Write& write) {
        return write.kind == Write::Kind::set && write.field == field;
    });
}

std::vector<Dot> Sight::adders(int field, const std::string& element) const {
    return dots_where([&](const Write& write) {
        return write.kind == Write::Kind::add && write.field == field && write.value == element;
    });
}

std::vector<Dot> Sight::withdrawals(const std::string& channel) const {
    return dots_where([&](const Write& write) {
        return write.kind == Write::Kind::consent && write.value == channel && write.withdrawn;
    });
}

std::vector<Dot> Sight::retractions() const {
    std::vector<Dot> dots;
    for (const Entry& entry : entries_) {
        if (entry.kind == Entry::Kind::retract) dots.push_back(entry.dot);
    }
    return dots;
}

std::vector<Value> Sight::said_by(const std::string& source, int field) const {
    std::vector<Value> said;
    for (const Value& value : state_.values) {
        if (value.field == field && value.source == source) said.push_back(value);
    }
    return said;
}

}  // namespace vereda::sim
