#pragma once

#include <string>
#include <vector>

#include "engine/queries/entry_pages.h"

namespace vereda::engine {

/// One thing that an entry did, as people read it.
struct Step {
    std::string field;   ///< The field's name, "consent sms", or "record".
    std::string action;  ///< "create", "set", "add", "remove", "given", "withdrawn", "lifted",
                         ///< "retracted", "restored".
    std::string value;   ///< Empty where the action says it all, or where a field was cleared.
    std::vector<std::string> replaced;  ///< What it wrote over, as far as that is known here.
};

/// "contact.create", "interaction.edit", "consent.lift" …
[[nodiscard]] std::string type_word(const LoggedEntry& logged);

/// What `logged` did, in the order of its body; nothing for a type that this version does not know
/// or a body that is not what its type says. Reads back what was replaced from `pages`.
[[nodiscard]] std::vector<Step> steps_of(const LoggedEntry& logged, EntryPages& pages);

/// The import that made the entry; empty for a person.
[[nodiscard]] std::string source_of(const LoggedEntry& logged);
/// How it is known that the person agreed again, of a consent lift.
[[nodiscard]] std::string evidence_of(const LoggedEntry& logged);

}  // namespace vereda::engine
