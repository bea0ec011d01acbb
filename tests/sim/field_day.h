#pragma once

#include <map>

#include "tests/sim/world.h"

namespace vereda::sim {

/// What people do on a day in the field, by the dice: new contacts, edits of the same fields of the
/// same people, visits, consents, mistakes taken back; power fails, links break.
class FieldDay {
  public:
    explicit FieldDay(World& world) : world_(world) {}

    /// `steps` actions or conversations, each on a laptop of the dice's choice.
    void run(std::size_t steps);

  private:
    void act(Laptop& laptop);
    void do_something(Laptop& laptop);
    void power_fails(Laptop& laptop);
    [[nodiscard]] std::optional<engine::LocalDot> some_contact(Laptop& laptop);
    [[nodiscard]] std::string some_value();
    void add_contact(Laptop& laptop);
    void edit_contact(Laptop& laptop, engine::LocalDot contact);
    void change_consent(Laptop& laptop, engine::LocalDot contact);
    void visit(Laptop& laptop, engine::LocalDot contact);

    World& world_;
};

}  // namespace vereda::sim
