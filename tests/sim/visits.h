#pragma once

#include <map>
#include <string>

#include "tests/sim/world.h"

namespace vereda::sim {

/// People who add contacts of the first turf, write to them and visit them, by the dice; and what
/// every laptop has to show of that in the end: each visit's note, and the name of whom it was paid
/// to. For stories in which nobody can say what an author had seen.
class Visits {
  public:
    explicit Visits(World& world) : world_(world) {}

    void add_people(Laptop& laptop, int count);
    /// New people too, and writes to people whom others have added.
    void act(Laptop& laptop);
    /// Why some laptop that holds the turf shows something else than was done, or than another one;
    /// before and after its projection is read again. Empty when all is well.
    [[nodiscard]] std::string disagreement();

  private:
    using Notes = std::map<std::string, std::string>;
    [[nodiscard]] engine::LocalDot someone(Laptop& laptop);
    [[nodiscard]] static Notes notes_of(engine::Workspace& workspace);

    World& world_;
    Notes notes_;
};

}  // namespace vereda::sim
