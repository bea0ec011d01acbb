#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/sim/engine_record.h"
#include "tests/sim/world.h"

namespace vereda::sim {

/// What every laptop has to show when all is told.
struct Expected {
    explicit Expected(const model::ReferenceModel& model);

    struct OneRecord {
        int turf = 0;
        model::Record state;
        std::size_t interactions = 0;  ///< Of a contact: those that hang on it and show.
    };
    std::map<model::Dot, OneRecord> contacts;
    std::map<model::Dot, OneRecord> interactions;
};

/// Compares everything that a laptop holds with it: every record, every value of it, what is hidden
/// and what is not, and what people are shown of it. In words, the first that differs; else empty.
[[nodiscard]] std::string first_difference(
    Laptop& laptop, const model::GlobalDot& global, const Expected& expected,
    const std::vector<protocol::TurfId>& turfs);

}  // namespace vereda::sim
