#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/people/queries.h"

namespace vereda::engine {

/// One thing that an entry did, as people read it.
struct Step {
    std::string field;   ///< The field's name, "consent sms", "record"; of an interaction its own.
    std::string action;  ///< "set", "add", "remove", "create", "retract", "restore", "given",
                         ///< "withdrawn", "lift", "visit".
    std::string value;
    std::vector<std::string>
        replaced;  ///< The values it wrote over, as far as they are known here.
};

/// One entry about a contact or one of its interactions.
struct ActionView {
    LocalDot entry;
    LocalDot record;      ///< The contact or interaction it is about.
    std::string type;     ///< "contact.create", "interaction.create", "edit", "retract", …
    protocol::Millis at;  ///< As its author's clock said, not after the hub took it.
    Author author;
    std::string source;    ///< Of an import; empty for a person.
    std::string evidence;  ///< Of a consent lift.
    std::string status;    ///< "applied", or why not.
    std::vector<Step> steps;
};

/// Reads entries back from the log, so that every value can be traced to the action that wrote it.
/// Opened blocks are kept for the next question.
class ActionHistory {
  public:
    explicit ActionHistory(Workspace& workspace);
    ~ActionHistory();
    ActionHistory(const ActionHistory&) = delete;
    ActionHistory& operator=(const ActionHistory&) = delete;

    /// Every action on the contact and what hangs on it, oldest first by the times their authors'
    /// clocks said.
    [[nodiscard]] std::vector<ActionView> of_contact(LocalDot contact);

  private:
    class Pages;
    Workspace& workspace_;
    std::unique_ptr<Pages> pages_;
};

}  // namespace vereda::engine
