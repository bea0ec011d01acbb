#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/sim/hand.h"
#include "tests/sim/reference_model.h"

namespace vereda::sim {

/// What several hands write about some contacts, true and untrue: they take away what nobody has
/// written yet, claim blocks that do not exist or are somebody else's, name their own later
/// entries. The reference model is told of all of it and knows from docs/protocol.md alone what
/// counts.
class HandStory {
  public:
    /// The last of the hands writes into another turf.
    HandStory(World& world, Laptop& author, std::size_t hands);

    void write(std::size_t blocks);

    [[nodiscard]] const model::ReferenceModel& model() const { return model_; }
    [[nodiscard]] std::vector<Bytes> blocks() const;
    [[nodiscard]] model::Dot global(Laptop& laptop, engine::LocalDot dot) const;
    /// Blocks with an untrue row, and removals that count for nothing because of one.
    [[nodiscard]] std::size_t lies() const { return lies_; }

  private:
    struct Draft;
    [[nodiscard]] std::string name_of(std::size_t hand) const;
    [[nodiscard]] model::Dot some_dot();
    [[nodiscard]] model::Dot some_contact();
    [[nodiscard]] std::vector<model::Dot> some_dots();
    void say(Draft& draft, std::uint64_t seq);
    void close(Draft& draft);
    [[nodiscard]] protocol::TableRow row_for(std::size_t hand, std::uint64_t seq, bool& truthful);
    [[nodiscard]] Bytes encoded(const Draft& draft, const model::Entry& entry) const;

    World& world_;
    std::deque<Hand> hands_;
    model::ReferenceModel model_;
    std::vector<model::Dot> contacts_;
    std::vector<model::Entry> told_;
    std::size_t lies_ = 0;
};

}  // namespace vereda::sim
