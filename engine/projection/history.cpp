#include "engine/projection/history.h"

namespace vereda::engine {

History::History(Database& database)
    : insert_action_(database, "INSERT INTO actions(id, contact, prev) VALUES (?1, ?2, ?3)"),
      delete_heads_(database, "DELETE FROM history_heads"),
      insert_head_(database, "INSERT INTO history_heads(contact, last) VALUES (?1, ?2)"),
      select_heads_(database, "SELECT contact, last FROM history_heads") {}

LocalDot History::link(LocalDot contact, LocalDot dot) {
    std::int64_t& head = heads_[contact.value];
    return {std::exchange(head, dot.value)};
}

LocalDot History::head(LocalDot contact) const {
    const auto found = heads_.find(contact.value);
    return found == heads_.end() ? LocalDot{} : LocalDot{found->second};
}

void History::add_action(LocalDot contact, LocalDot dot) {
    const LocalDot previous = link(contact, dot);
    insert_action_.run(dot, contact, previous);
}

void History::save_heads() {
    delete_heads_.run();
    for (const auto& [contact, last] : heads_) insert_head_.run(contact, last);
}

void History::load_heads() {
    heads_.clear();
    for (const Row& row : select_heads_.query()) heads_[row.integer(0)] = row.integer(1);
}

}  // namespace vereda::engine
