#pragma once

#include <string>
#include <vector>

#include "tests/sim/world.h"

namespace vereda::sim {

/// Everything that people are shown of a turf, as text: lists, contacts with every value and its
/// author, visits, histories, conflicts, what search finds, counts. Records and entries stand by
/// their text ids, so two laptops can be compared.
[[nodiscard]] std::string shown_of(Laptop& laptop, const protocol::TurfId& turf);

/// The first line that two laptops with the turf show otherwise, both of them; empty when all show
/// the same.
[[nodiscard]] std::string first_shown_otherwise(World& world);

}  // namespace vereda::sim
