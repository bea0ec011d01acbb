#pragma once

#include <string>
#include <vector>

#include "tests/sim/chronicle.h"

namespace vereda::sim {

/// What people do with contacts, by the dice: new ones, edits of the same fields of the same
/// people, visits, consents, sheets, mistakes taken back. Every action goes through the product's
/// own door and is told to the chronicle beside it.
class FieldWork {
  public:
    FieldWork(World& world, Chronicle& chronicle) : world_(world), chronicle_(chronicle) {}

    void act(Laptop& laptop);

  private:
    struct Subject {  // a record that somebody is about to act on
        Laptop& laptop;
        engine::LocalDot id;
        protocol::TurfId turf;
        Sight sight;
    };
    template <class Action>
    bool witness(const Subject& subject, const Told& told, Action action);

    void change_contact(Laptop& laptop, engine::LocalDot contact);
    void change_interaction(Laptop& laptop, engine::LocalDot interaction);
    void add_contact(Laptop& laptop);
    void import_sheet(Laptop& laptop);
    void edit(const Subject& contact);
    void edit_sets(const Subject& contact, engine::ContactChange& change);
    void change_consent(const Subject& contact);
    void hide_or_show(const Subject& contact);
    void settle(const Subject& contact);
    void visit(const Subject& contact);
    void correct(const Subject& interaction);

    [[nodiscard]] std::vector<engine::LocalDot> ids(Laptop& laptop, const char* sql);
    [[nodiscard]] Subject subject(Laptop& laptop, engine::LocalDot id);
    [[nodiscard]] std::string some_value(const std::string& field);
    [[nodiscard]] engine::FieldText some_text(const std::string& field);

    World& world_;
    Chronicle& chronicle_;
};

}  // namespace vereda::sim
