#include "tests/sim/field_day.h"

namespace vereda::sim {

void FieldDay::run(std::size_t steps) {
    for (std::size_t step = 0; step < steps; ++step) {
        world_.clock.advance_ms(static_cast<std::int64_t>(world_.dice.up_to(600'000)));
        Laptop& laptop = *world_.laptops[world_.dice.up_to(world_.laptops.size())];
        if (world_.weather.laptop_power_loss != 0 &&
            world_.dice.one_in(world_.weather.laptop_power_loss)) {
            power_fails(laptop);
        } else if (world_.dice.one_in(16)) {
            static_cast<void>(world_.sync(laptop));
        } else {
            work_.act(laptop);
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
    work_.act(laptop);
    if (laptop.disk().has_power()) static_cast<void>(world_.sync(laptop));
    laptop.lose_power(torn);
}

}  // namespace vereda::sim
