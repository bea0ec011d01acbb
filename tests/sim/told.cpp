#include "tests/sim/told.h"

#include <algorithm>
#include <map>

#include "crypto/assert.h"

namespace vereda::sim {

using model::Entry;
using model::Value;
using model::Write;

namespace {

const std::map<std::string, int> numbers{
    {"given_name", 1}, {"family_name", 2}, {"phone", 5},  {"phones", 6},    {"region", 11},
    {"district", 14},  {"tags", 19},       {"notes", 20}, {"outcome", 102}, {"note", 103}};
constexpr int kind_number = 101, at_number = 104;

bool is_set(int field) { return field == 6 || field == 19; }

std::set<std::string> texts_of(const std::vector<Value>& values) {
    std::set<std::string> texts;
    for (const Value& value : values) texts.insert(value.value + value.element);
    return texts;
}

std::vector<model::Dot> dots_of(const std::vector<Value>& values) {
    std::vector<model::Dot> dots;
    for (const Value& value : values) dots.push_back(value.dot);
    return dots;
}

Entry entry_about(const Sight& sight, Entry::Kind kind) {
    return {.kind = kind, .record = sight.record(), .contact = sight.contact()};
}

Told unless_empty(Entry entry) {
    return entry.writes.empty() ? std::nullopt : Told(std::move(entry));
}

// A register that stands like that already is not written again.
void write_register(Entry& entry, const Sight& sight, int field, const std::string& value) {
    const std::set<std::string> shown = sight.shown(field);
    const bool nothing_there = shown.empty() && value.empty();
    if (nothing_there || shown == std::set{value}) return;
    entry.writes.push_back({Write::Kind::set, field, value, false, sight.writers(field)});
}

void write_removal(Entry& entry, const Sight& sight, int field, const std::string& element) {
    entry.writes.push_back(
        {Write::Kind::remove, field, element, false, sight.adders(field, element)});
}

// What a set is to be afterwards, if somebody says so, and what is to come and to go.
struct WantedSet {
    std::optional<std::set<std::string>> exactly;
    std::set<std::string> added;
    std::set<std::string> removed;
};

void write_set(Entry& entry, const Sight& sight, int field, const WantedSet& wanted) {
    const std::set<std::string> shown = sight.shown(field);
    for (const std::string& element : wanted.exactly.value_or(wanted.added)) {
        if (!shown.contains(element)) entry.writes.push_back({Write::Kind::add, field, element});
    }
    for (const std::string& element : shown) {
        const bool goes =
            wanted.exactly ? !wanted.exactly->contains(element) : wanted.removed.contains(element);
        if (goes) write_removal(entry, sight, field, element);
    }
}

// False: an element is to go that is not there.
bool read_sets(
    const Sight& sight, const engine::ContactChange& change, std::map<int, WantedSet>& sets) {
    for (const auto& [name, value] : change.set) {
        const int field = field_number(name);
        if (!is_set(field)) continue;
        if (!sets[field].exactly) sets[field].exactly.emplace();
        if (!value.empty()) sets[field].exactly->insert(value);
    }
    for (const auto& [name, value] : change.add) {
        WantedSet& wanted = sets[field_number(name)];
        (wanted.exactly ? *wanted.exactly : wanted.added).insert(value);
    }
    for (const auto& [name, value] : change.remove) {
        WantedSet& wanted = sets[field_number(name)];
        if (!sight.shown(field_number(name)).contains(value)) return false;
        (wanted.exactly ? *wanted.exactly : wanted.added).erase(value);
        wanted.removed.insert(value);
    }
    return true;
}

// False: nobody gives back by an edit what was withdrawn.
bool write_consents(
    Entry& entry, const Sight& sight, const std::vector<engine::ConsentText>& consents) {
    for (const auto& [channel, given] : consents) {
        const auto known = sight.state().withdrawn.find(channel);
        const bool is_known = known != sight.state().withdrawn.end();
        if (is_known && known->second && given) return false;
        if (is_known && !known->second && given) continue;  // a no is always said again
        entry.writes.push_back({Write::Kind::consent, 0, channel, !given, {}});
    }
    return true;
}

Entry told_new_row(const std::string& source, const SheetLine& row) {
    return *told(engine::ContactDraft{.set = row.cells, .key = engine::RowKey{source, row.key}});
}

}  // namespace

int field_number(const std::string& name) { return numbers.at(name); }

std::string field_word(int number) {
    for (const auto& [word, code] : numbers) {
        if (code == number) return word;
    }
    return "field " + std::to_string(number);
}

Told told(const engine::ContactDraft& draft) {
    Entry entry{.kind = Entry::Kind::create_contact};
    std::map<int, std::set<std::string>> elements;
    for (const auto& [name, value] : draft.set) {
        const int field = field_number(name);
        if (is_set(field))
            elements[field].insert(value);
        else
            entry.writes.push_back({Write::Kind::set, field, value});
    }
    for (const auto& [name, value] : draft.add) elements[field_number(name)].insert(value);
    for (const auto& [field, values] : elements) {
        for (const std::string& value : values)
            entry.writes.push_back({Write::Kind::add, field, value});
    }
    for (const auto& [channel, given] : draft.consents)
        entry.writes.push_back({Write::Kind::consent, 0, channel, !given, {}});
    if (draft.key) {
        entry.source = draft.key->source;
        entry.key = {draft.key->source, draft.key->key};
    }
    return entry;
}

// As an import says it, but no element goes.
Told told(const std::optional<Sight>& sight, const engine::ContactDraft& draft) {
    if (!sight) return told(draft);
    Entry entry = entry_about(*sight, Entry::Kind::edit);
    entry.source = draft.key->source;
    for (const auto& [name, value] : draft.set) {
        const std::vector<Value> said = sight->said_by(entry.source, field_number(name));
        if (texts_of(said) == std::set{value}) continue;
        entry.writes.push_back({Write::Kind::set, field_number(name), value, false, dots_of(said)});
    }
    for (const auto& [name, value] : draft.add) {
        const int field = field_number(name);
        const bool said = texts_of(sight->said_by(entry.source, field)).contains(value);
        if (said || sight->shown(field).contains(value)) continue;
        entry.writes.push_back({Write::Kind::add, field, value});
    }
    return unless_empty(std::move(entry));
}

Told told(const Sight& sight, const engine::ContactChange& change) {
    Entry entry = entry_about(sight, Entry::Kind::edit);
    std::map<int, WantedSet> sets;
    if (!read_sets(sight, change, sets)) return std::nullopt;
    for (const auto& [name, value] : change.set) {
        if (!is_set(field_number(name))) write_register(entry, sight, field_number(name), value);
    }
    for (const auto& [field, wanted] : sets) write_set(entry, sight, field, wanted);
    if (!write_consents(entry, sight, change.consents)) return std::nullopt;
    return unless_empty(std::move(entry));
}

Told told_lift(const Sight& sight, const std::string& channel) {
    const auto known = sight.state().withdrawn.find(channel);
    if (known == sight.state().withdrawn.end() || !known->second) return std::nullopt;
    Entry entry = entry_about(sight, Entry::Kind::lift);
    entry.channel = channel;
    entry.over = sight.withdrawals(channel);
    return entry;
}

Told told_settled(const Sight& sight, int field, const std::string& value) {
    Entry entry = entry_about(sight, Entry::Kind::edit);
    write_register(entry, sight, field, value);
    return unless_empty(std::move(entry));
}

Told told_retracted(const Sight& sight) {
    if (sight.state().retracted) return std::nullopt;
    return entry_about(sight, Entry::Kind::retract);
}

Told told_restored(const Sight& sight) {
    if (!sight.state().retracted) return std::nullopt;
    Entry entry = entry_about(sight, Entry::Kind::restore);
    entry.over = sight.retractions();
    return entry;
}

Told told(const model::Dot& contact, const engine::InteractionDraft& draft, protocol::Millis now) {
    Entry entry{.kind = Entry::Kind::create_interaction, .contact = contact};
    const std::int64_t at = draft.at.value_or(now).value;
    entry.writes = {
        {Write::Kind::set, kind_number, draft.kind},
        {Write::Kind::set, field_number("outcome"), draft.outcome},
        {Write::Kind::set, at_number, std::to_string(at)}};
    if (!draft.note.empty())
        entry.writes.push_back({Write::Kind::set, field_number("note"), draft.note});
    return entry;
}

Told told(const Sight& sight, const engine::InteractionChange& change) {
    Entry entry = entry_about(sight, Entry::Kind::edit);
    if (change.outcome) write_register(entry, sight, field_number("outcome"), *change.outcome);
    if (change.note) write_register(entry, sight, field_number("note"), *change.note);
    return unless_empty(std::move(entry));
}

Told told(const std::optional<Sight>& sight, const std::string& source, const SheetLine& row) {
    if (!sight) return told_new_row(source, row);
    Entry entry = entry_about(*sight, Entry::Kind::edit);
    entry.source = source;
    for (const auto& [name, value] : row.cells) {
        const int field = field_number(name);
        const std::vector<Value> said = sight->said_by(source, field);
        const std::set<std::string> before = texts_of(said);
        if (before == std::set{value}) continue;
        if (!is_set(field)) {
            entry.writes.push_back({Write::Kind::set, field, value, false, dots_of(said)});
            continue;
        }
        if (!before.contains(value)) entry.writes.push_back({Write::Kind::add, field, value});
        for (const std::string& element : before) {
            if (element == value) continue;
            std::vector<Value> those;
            std::copy_if(
                said.begin(), said.end(), std::back_inserter(those),
                [&](const Value& each) { return each.element == element; });
            entry.writes.push_back({Write::Kind::remove, field, element, false, dots_of(those)});
        }
    }
    return unless_empty(std::move(entry));
}

}  // namespace vereda::sim
