#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/sim/reference_model.h"
#include "tests/unit/engine/projection/replica.h"

namespace vereda::tests {

/// What several laptops wrote, made up from a seed: far more tangled than people are. Writes name
/// dots that their author may never have seen, keys collide, and some write into other turfs.
struct RandomPlan {
    std::vector<std::string> logs;
    Replica::Turfs turfs;
    std::map<std::string, std::vector<model::Entry>> entries;  ///< By log, in order of seq.
};

[[nodiscard]] RandomPlan make_plan(std::mt19937_64& random);

/// One of the orders in which a laptop may hear of it: every log's own order kept.
struct Step {
    enum class Kind { read, withhold, come_late };
    Kind kind = Kind::read;
    model::Entry entry;
};
[[nodiscard]] std::vector<Step> random_order(const RandomPlan& plan, std::mt19937_64& random);

}  // namespace vereda::tests
