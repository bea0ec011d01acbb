#include "tests/sim/census.h"

#include <algorithm>
#include <set>

namespace vereda::sim {

using model::Dot;
using model::Entry;
using model::Record;
using model::Value;
using model::Write;

namespace {

const std::string refused = "refused, or nothing to change";

const std::vector<std::string> wanted{
    refused, "contact added", "contact added with a key", "interaction added", "register written",
    "register cleared", "element added", "element removed", "consent given", "consent withdrawn",
    "consent lifted", "contact retracted", "contact restored", "interaction corrected",
    "interaction retracted", "interaction restored", "row of a sheet changed its contact",
    // met
    "conflict of a contact", "conflict of an interaction", "equal values written apart",
    "conflict settled", "conflict of a sheet with a person", "sheet's value kept as its baseline",
    "contacts of two laptops read as one", "withdrawn in spite of a consent given apart",
    "withdrawn in spite of a lift that had not seen it", "withdrawn twice, ended by one lift",
    "element kept that was added apart from its removal", "element gone with its removal",
    "element added twice, gone with one removal",
    "hidden in spite of a restore that had not seen it"};

const std::vector<std::string> rarer{
    "conflict of an interaction", "withdrawn twice, ended by one lift",
    "element added twice, gone with one removal"};
constexpr std::uint64_t runs_for_usual_things = 100, runs_for_rare_things = 1000;

bool writes(const Entry& entry, const Write& wanted_write) {
    return std::any_of(entry.writes.begin(), entry.writes.end(), [&](const Write& write) {
        return write.kind == wanted_write.kind && write.field == wanted_write.field &&
               write.value == wanted_write.value && write.withdrawn == wanted_write.withdrawn;
    });
}

bool is_live(const Record& record, const Dot& dot, int field, const std::string& element) {
    return std::any_of(record.values.begin(), record.values.end(), [&](const Value& value) {
        return value.live && value.dot == dot && value.field == field && value.element == element;
    });
}

}  // namespace

/// A record as it ended, with everything that was written about it.
struct Census::Subject {
    const Record& record;
    std::vector<const Entry*> entries;
};

void Census::count(const Chronicle& chronicle) {
    for (const auto& [dot, entry] : chronicle.model().entries()) count_entry(entry);
    if (chronicle.refusals() != 0) times_[refused] += chronicle.refusals();
    for (const auto& [dot, record] : chronicle.model().contacts()) {
        if (dot != *record.members.begin()) continue;
        if (!fields_in_conflict(record).empty()) ++times_["conflict of a contact"];
        if (record.members.begin()->log != record.members.rbegin()->log)
            ++times_["contacts of two laptops read as one"];
        count_record(record);
        count_all_about(chronicle, record);
    }
    for (const auto& [dot, record] : chronicle.model().interactions()) {
        if (!fields_in_conflict(record).empty()) ++times_["conflict of an interaction"];
        count_all_about(chronicle, record);
    }
}

void Census::count_all_about(const Chronicle& chronicle, const Record& record) {
    Subject subject{record, {}};
    for (const auto& [dot, entry] : chronicle.model().entries()) {
        if (record.members.contains(entry.record)) subject.entries.push_back(&entry);
    }
    count_ends(chronicle, subject);
    count_meetings(chronicle, subject);
}

void Census::count_entry(const Entry& entry) {
    const std::string what = entry.contact ? "interaction " : "contact ";
    switch (entry.kind) {
        case Entry::Kind::create_contact:
            ++times_[entry.key ? "contact added with a key" : "contact added"];
            break;
        case Entry::Kind::create_interaction:
            ++times_["interaction added"];
            break;
        case Entry::Kind::edit:
            if (entry.contact) ++times_["interaction corrected"];
            if (!entry.source.empty()) ++times_["row of a sheet changed its contact"];
            break;
        case Entry::Kind::retract:
            ++times_[what + "retracted"];
            break;
        case Entry::Kind::restore:
            ++times_[what + "restored"];
            break;
        case Entry::Kind::lift:
            ++times_["consent lifted"];
            break;
    }
    count_writes(entry);
}

void Census::count_writes(const Entry& entry) {
    for (const Write& write : entry.writes) {
        switch (write.kind) {
            case Write::Kind::set:
                ++times_[write.value.empty() ? "register cleared" : "register written"];
                break;
            case Write::Kind::add:
                ++times_["element added"];
                break;
            case Write::Kind::remove:
                ++times_["element removed"];
                break;
            case Write::Kind::consent:
                ++times_[write.withdrawn ? "consent withdrawn" : "consent given"];
                break;
        }
    }
}

void Census::count_record(const Record& record) {
    std::map<int, std::vector<const Value*>> live;
    for (const Value& value : record.values) {
        if (!value.live) ++times_["sheet's value kept as its baseline"];
        if (value.live && value.element.empty()) live[value.field].push_back(&value);
    }
    for (const auto& [field, values] : live) {
        for (const Value* other : values) {
            const Value& first = *values.front();
            if (other == &first) continue;
            if (other->value == first.value)
                ++times_["equal values written apart"];
            else if (other->source != first.source)
                ++times_["conflict of a sheet with a person"];
        }
    }
}

// What a write put an end to, as its author saw it.
void Census::count_ends(const Chronicle& chronicle, const Subject& subject) {
    for (const Entry* entry : subject.entries) {
        const model::ReferenceModel seen =
            chronicle.model().as_read(chronicle.seen_before(entry->dot));
        const auto before = seen.record(entry->record);
        if (!before) continue;  // it was made here
        const auto withdrawals = before->lift_over.find(entry->channel);
        if (entry->kind == Entry::Kind::lift && withdrawals->second.size() > 1)
            ++times_["withdrawn twice, ended by one lift"];
        for (const Write& write : entry->writes) count_end(write, *before, subject.record);
    }
}

void Census::count_end(const Write& write, const Record& before, const Record& after) {
    if (write.kind == Write::Kind::remove) {
        std::size_t adds = 0;
        for (const Dot& dot : write.over) adds += is_live(before, dot, write.field, write.value);
        const bool gone = std::none_of(write.over.begin(), write.over.end(), [&](const Dot& dot) {
            return is_live(after, dot, write.field, write.value);
        });
        if (gone) ++times_["element gone with its removal"];
        if (gone && adds > 1) ++times_["element added twice, gone with one removal"];
    }
    const std::vector<int> conflicts = fields_in_conflict(before);
    if (write.kind == Write::Kind::set && !write.over.empty() &&
        std::count(conflicts.begin(), conflicts.end(), write.field) != 0)
        ++times_["conflict settled"];
}

void Census::count_meetings(const Chronicle& chronicle, const Subject& subject) {
    for (const Entry* one : subject.entries) {
        for (const Entry* other : subject.entries) {
            const bool apart = one->dot.log != other->dot.log &&
                               !model::covers(chronicle.seen_before(one->dot), other->dot) &&
                               !model::covers(chronicle.seen_before(other->dot), one->dot);
            if (apart) count_meeting(*one, *other, subject);
        }
    }
}

// Neither had seen the other.
void Census::count_meeting(const Entry& one, const Entry& other, const Subject& subject) {
    for (const Write& write : other.writes) {
        if (write.kind == Write::Kind::consent && write.withdrawn) {
            const auto ended = subject.record.lift_over.find(write.value);
            const bool stands =
                ended != subject.record.lift_over.end() && ended->second.contains(other.dot);
            if (stands && writes(one, {Write::Kind::consent, 0, write.value, false, {}}))
                ++times_["withdrawn in spite of a consent given apart"];
            if (stands && one.kind == Entry::Kind::lift && one.channel == write.value)
                ++times_["withdrawn in spite of a lift that had not seen it"];
        }
        if (write.kind == Write::Kind::add &&
            writes(one, {Write::Kind::remove, write.field, write.value, false, {}}) &&
            is_live(subject.record, other.dot, write.field, write.value))
            ++times_["element kept that was added apart from its removal"];
    }
    if (one.kind != Entry::Kind::restore || other.kind != Entry::Kind::retract) return;
    const bool ended =
        std::any_of(subject.entries.begin(), subject.entries.end(), [&](const Entry* entry) {
            return entry->kind == Entry::Kind::restore &&
                   std::count(entry->over.begin(), entry->over.end(), other.dot) != 0;
        });
    if (!ended) ++times_["hidden in spite of a restore that had not seen it"];
}

std::vector<std::string> Census::missing(std::uint64_t runs) const {
    std::vector<std::string> missing;
    if (runs < runs_for_usual_things) return missing;
    for (const std::string& name : wanted) {
        const bool rare = std::find(rarer.begin(), rarer.end(), name) != rarer.end();
        const bool due = !rare || runs >= runs_for_rare_things;
        if (due && !times_.contains(name)) missing.push_back(name);
    }
    return missing;
}

std::string Census::summary() const {
    std::string text;
    for (const auto& [name, count] : times_) text += std::to_string(count) + "  " + name + "\n";
    return text;
}

}  // namespace vereda::sim
