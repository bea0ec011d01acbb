#pragma once

#include <string>
#include <vector>

#include "engine/queries/entry_pages.h"
#include "engine/queries/entry_steps.h"
#include "engine/queries/queries.h"

namespace vereda::engine {

/// One entry about a contact or one of its interactions.
struct ActionView {
    LocalDot entry;
    LocalDot record;      ///< The contact or interaction it is about.
    std::string type;     ///< "contact.create", "interaction.create", "edit", "retract", …
    protocol::Millis at;  ///< As its author's clock said, not after the hub took it.
    Author author;
    std::string source;    ///< Of an import; empty for a person.
    std::string evidence;  ///< Of a consent lift.
    EntryStatus status{};  ///< Applied, or why not.
    /// Set while something that the entry takes away waits for its proof: the laptop whose block is
    /// missing; empty when nobody here knows it.
    std::optional<std::string> waits_for;
    std::vector<Step> steps;
};

/// Reads entries back from the log, so that every value can be traced to the action that wrote it.
/// Opened blocks are kept for the next question.
class ActionHistory {
  public:
    explicit ActionHistory(Workspace& workspace) : workspace_(workspace), pages_(workspace) {}

    /// Every action on the contact and what hangs on it, oldest first by the times their authors'
    /// clocks said.
    [[nodiscard]] std::vector<ActionView> of_contact(LocalDot contact);

  private:
    [[nodiscard]] std::vector<LocalDot> entries_about(LocalDot contact);
    void find_exceptions(const std::vector<LocalDot>& members, std::vector<LocalDot>& entries);
    [[nodiscard]] std::string device_of(LogOrdinal log) const;
    [[nodiscard]] ActionView view_of(LocalDot dot);

    Workspace& workspace_;
    EntryPages pages_;
};

}  // namespace vereda::engine
