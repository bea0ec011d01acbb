#include "tests/sim/field_day.h"

#include <array>

namespace vereda::sim {
namespace {

using engine::LocalDot;

constexpr std::array registers{"given_name", "family_name", "phone", "district", "notes"};
constexpr std::array sets{"phones", "tags"};
constexpr std::array channels{"sms", "email", "door"};

}  // namespace

void FieldDay::run(std::size_t steps) {
    for (std::size_t step = 0; step < steps; ++step) {
        world_.clock.advance_ms(static_cast<std::int64_t>(world_.dice.up_to(600'000)));
        Laptop& laptop = *world_.laptops[world_.dice.up_to(world_.laptops.size())];
        if (world_.weather.laptop_power_loss != 0 &&
            world_.dice.one_in(world_.weather.laptop_power_loss)) {
            power_fails(laptop);
        } else if (world_.dice.one_in(8)) {
            static_cast<void>(world_.sync(laptop));
        } else {
            act(laptop);
        }
    }
}

// In the middle of some disk operation, now or a little later.
void FieldDay::power_fails(Laptop& laptop) {
    const auto torn = world_.dice.one_in(2) ? std::optional(world_.dice.seed()) : std::nullopt;
    if (world_.dice.one_in(2)) {
        laptop.lose_power(torn);
        return;
    }
    laptop.disk().lose_power_at(1 + world_.dice.up_to(12), torn);
    act(laptop);
    if (laptop.disk().has_power()) static_cast<void>(world_.sync(laptop));
    laptop.lose_power(torn);
}

void FieldDay::act(Laptop& laptop) {
    try {
        do_something(laptop);
    } catch (const engine::StorageFailure&) {
        VEREDA_ASSERT(!laptop.disk().has_power());
        laptop.lose_power(std::nullopt);
    }
}

void FieldDay::do_something(Laptop& laptop) {
    const auto contact = some_contact(laptop);
    const std::uint64_t what = world_.dice.up_to(20);
    if (!contact || what < 3) return add_contact(laptop);
    if (what < 9) return edit_contact(laptop, *contact);
    if (what < 12) return change_consent(laptop, *contact);
    if (what < 13) {
        if (const auto done = laptop.people().retract_contact(*contact)) laptop.note(*done);
    } else if (what < 14) {
        if (const auto done = laptop.people().restore_contact(*contact)) laptop.note(*done);
    } else {
        visit(laptop, *contact);
    }
}

std::optional<LocalDot> FieldDay::some_contact(Laptop& laptop) {
    engine::Statement select(
        laptop.workspace().projection().database(),
        "SELECT id FROM contacts WHERE root = id AND kind IS NOT NULL AND turf > 0 ORDER BY id "
        "LIMIT 12");
    std::vector<LocalDot> found;
    for (const engine::Row& row : select.query()) found.push_back({row.integer(0)});
    if (found.empty()) return std::nullopt;
    return world_.dice.pick(found);
}

std::string FieldDay::some_value() { return "value " + std::to_string(world_.dice.up_to(6)); }

void FieldDay::add_contact(Laptop& laptop) {
    const protocol::TurfId& turf = world_.dice.pick(world_.turfs);
    const auto number = laptop.turf(turf);
    if (!number) return;
    engine::ContactDraft draft;
    draft.set = {{"given_name", some_value()}, {"family_name", some_value()}};
    if (world_.dice.one_in(3)) draft.add = {{"tags", some_value()}};
    if (world_.dice.one_in(2))
        draft.key = engine::RowKey{"sheet", std::to_string(world_.dice.up_to(5))};
    const auto done = laptop.people().add_contact(*number, draft);
    VEREDA_ASSERT(done);
    laptop.note(*done);
}

void FieldDay::edit_contact(Laptop& laptop, LocalDot contact) {
    engine::ContactChange change;
    change.set.push_back({world_.dice.pick(registers), some_value()});
    if (world_.dice.one_in(4)) change.set.push_back({"region", some_value()});
    if (world_.dice.one_in(4)) change.add.push_back({world_.dice.pick(sets), some_value()});
    if (world_.dice.one_in(6)) change.remove.push_back({"tags", some_value()});
    if (const auto done = laptop.people().edit_contact(contact, change)) laptop.note(*done);
}

void FieldDay::change_consent(Laptop& laptop, LocalDot contact) {
    const std::string channel = world_.dice.pick(channels);
    if (world_.dice.one_in(3)) {
        if (const auto done = laptop.people().lift_consent(contact, channel, "asked again"))
            laptop.note(*done);
        return;
    }
    engine::ContactChange change;
    change.consents.push_back({channel, world_.dice.one_in(2)});
    if (const auto done = laptop.people().edit_contact(contact, change)) laptop.note(*done);
}

void FieldDay::visit(Laptop& laptop, LocalDot contact) {
    const auto done =
        laptop.people().add_interaction(contact, {"door", "spoke", some_value(), std::nullopt});
    if (!done) return;
    laptop.note(*done);
    if (!world_.dice.one_in(4)) return;
    if (const auto corrected = laptop.people().correct_interaction(*done, {.note = some_value()})) {
        laptop.note(*corrected);
    }
}

}  // namespace vereda::sim
