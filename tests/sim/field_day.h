#pragma once

#include "tests/sim/field_work.h"

namespace vereda::sim {

/// A day in the field, by the dice: somebody does something, somebody finds a link, power fails.
class FieldDay {
  public:
    FieldDay(World& world, Chronicle& chronicle) : world_(world), work_(world, chronicle) {}

    /// `steps` actions or conversations, each on a laptop of the dice's choice.
    void run(std::size_t steps);

  private:
    void power_fails(Laptop& laptop);

    World& world_;
    FieldWork work_;
};

}  // namespace vereda::sim
