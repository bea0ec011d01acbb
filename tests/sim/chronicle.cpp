#include "tests/sim/chronicle.h"

#include <algorithm>

#include "protocol/domain.h"
#include "tests/sim/comparison.h"

namespace vereda::sim {

using engine::LocalDot;
using engine::LogOrdinal;
using model::Dot;
using model::Entry;

void Chronicle::complain(const std::string& what) {
    if (complaint_.empty()) complaint_ = what;
}

int Chronicle::number_of(const protocol::TurfId& turf) const {
    const auto found = std::find(world_.turfs.begin(), world_.turfs.end(), turf);
    return 1 + static_cast<int>(found - world_.turfs.begin());
}

protocol::TurfId Chronicle::turf_of(Laptop& laptop, LocalDot record) {
    engine::LogStore& store = laptop.workspace().store();
    return store.turf(store.info(record.log()).turf);
}

Dot Chronicle::global(Laptop& laptop, LocalDot dot) const {
    const auto name = names_.find(laptop.workspace().store().info(dot.log()).log);
    return {name == names_.end() ? "a log of nobody" : name->second, dot.seq().value};
}

// ---- what lies on a laptop

Chronicle::Place Chronicle::end_of_own_log(Laptop& laptop, const protocol::TurfId& turf) {
    engine::Workspace& workspace = laptop.workspace();
    const engine::Identity& identity = workspace.identity();
    Place place{
        .log = protocol::log_id(
            identity.workspace, identity.keys.device(), turf, identity.incarnation),
        .seen = seen_by(laptop)};
    const auto log = workspace.store().find_log(place.log);
    if (!log) return place;
    if (const auto& head = workspace.store().head(*log)) place.end = head->last_seq.value;
    const auto open = workspace.store().open_entries(*log);
    if (!open.empty()) place.end = open.back().dot.seq().value;
    return place;
}

model::Frontier Chronicle::seen_by(Laptop& laptop) {
    engine::LogStore& store = laptop.workspace().store();
    model::Frontier seen;
    for (const auto& [id, name] : names_) {
        const auto log = store.find_log(id);
        if (!log) continue;
        if (const auto& head = store.head(*log)) seen[name] = head->last_seq.value;
    }
    for (const LogOrdinal own : laptop.workspace().writer().own_logs()) {
        const auto name = names_.find(store.info(own).log);
        const auto open = store.open_entries(own);
        if (name != names_.end() && !open.empty()) seen[name->second] = open.back().dot.seq().value;
    }
    return seen;
}

Sight Chronicle::look(Laptop& laptop, LocalDot record) {
    const Dot dot = global(laptop, record);
    const auto sight = Sight::of(model_, seen_by(laptop), dot);
    if (sight) return *sight;
    complain(laptop.name() + " shows what nobody made: " + Sight::describe(dot));
    return {};
}

std::optional<Sight> Chronicle::look_for_key(
    Laptop& laptop, const protocol::TurfId& turf, const engine::RowKey& key) {
    const model::Frontier seen = seen_by(laptop);
    for (const auto& [dot, entry] : model_.entries()) {
        const bool is_it = entry.kind == Entry::Kind::create_contact &&
                           entry.turf == number_of(turf) && entry.key &&
                           *entry.key == std::pair(key.source, key.key);
        if (is_it && model::covers(seen, dot)) return Sight::of(model_, seen, dot);
    }
    return std::nullopt;
}

// ---- what was written

void Chronicle::tell(
    Laptop& laptop, const protocol::TurfId& turf, const std::vector<Told>& told,
    const Place& place) {
    // Short enough for a string to hold without memory of its own: there are many of them.
    const std::string name = laptop.name() + "/" + std::to_string(number_of(turf));
    names_[place.log] = name;
    model_.set_turf(name, number_of(turf));
    std::uint64_t seq = place.end;
    for (const Told& each : told) {
        if (!each) continue;
        Entry entry = *each;
        entry.dot = {name, ++seq};
        entry.turf = number_of(turf);
        const bool creates = entry.kind == Entry::Kind::create_contact ||
                             entry.kind == Entry::Kind::create_interaction;
        if (creates) entry.record = entry.dot;
        seen_[entry.dot] = place.seen;
        model_.apply(entry);
    }
}

void Chronicle::note_written(
    Laptop& laptop, const protocol::TurfId& turf, const std::vector<Told>& told, const Place& place,
    bool wrote) {
    const auto expected = static_cast<std::uint64_t>(
        std::count_if(told.begin(), told.end(), [](const Told& each) { return each.has_value(); }));
    const std::uint64_t written = end_of_own_log(laptop, turf).end - place.end;
    if (wrote != (expected != 0) || written != expected) {
        complain(
            laptop.name() + " wrote " + std::to_string(written) + " entries, not " +
            std::to_string(expected) + ", after entry " + std::to_string(place.end) + " of turf " +
            std::to_string(number_of(turf)));
        return;
    }
    if (expected == 0) {
        ++refusals_;
        return;
    }
    tell(laptop, turf, told, place);
    for (std::uint64_t i = 1; i <= expected; ++i)
        laptop.acknowledged.push_back({place.log, {place.end + i}});
}

void Chronicle::note_survivors(
    Laptop& laptop, const protocol::TurfId& turf, const std::vector<Told>& told,
    const Place& place) {
    if (laptop.workspace().opening().new_incarnation)
        return complain(laptop.name() + " took a power loss for a copied vault");
    const Place now = end_of_own_log(laptop, turf);
    if (now.end == place.end) return;
    const auto expected = static_cast<std::uint64_t>(
        std::count_if(told.begin(), told.end(), [](const Told& each) { return each.has_value(); }));
    if (now.end != place.end + expected)
        return complain(laptop.name() + " wrote a part of one action");
    tell(laptop, turf, told, place);
}

std::string Chronicle::difference() const {
    if (!complaint_.empty()) return complaint_;
    const Expected expected(model_);
    for (const auto& laptop : world_.laptops) {
        const model::GlobalDot name = [&](LocalDot dot) { return global(*laptop, dot); };
        const std::string differs = first_difference(*laptop, name, expected, world_.turfs);
        if (!differs.empty()) return laptop->name() + ": " + differs;
    }
    return {};
}

}  // namespace vereda::sim
