#pragma once

#include <string>

/// Why an action is not done.
namespace vereda::engine {

enum class ActionProblem {
    unknown_field,
    unknown_value,    ///< Not a word of that vocabulary, no date, not UTF-8, empty where it may not
                      ///< be.
    rounded_number,   ///< A telephone number or key of which a spreadsheet has forgotten digits:
                      ///< 5.73E+11.
    given_twice,      ///< Two values for a field that holds one.
    unknown_channel,  ///< No channel of consent that is known or that the contact has.
    no_content,       ///< A contact of whom nothing is said.
    other_kind,       ///< A contact with that key is here, as a person, organisation or household.
    not_a_set,        ///< `add` or `remove` of a field that holds one value.
    no_such_contact,
    no_such_interaction,
    no_such_turf,
    contact_not_here,  ///< Of an interaction whose contact has not arrived, or never was.
    contact_lost,      ///< Of one whose contact a disk destroyed: it can only be hidden.
    unknown_entry,     ///< What was seen is not here, or says nothing of this record.
    read_only,         ///< An entry of a later version binds the record; `about` is who wrote that.
    no_authority,      ///< The roster does not let this device write this here.
    too_long,          ///< More than an entry holds.
    withdrawn,         ///< Consent was withdrawn: it comes back by `lift_consent` only.
    not_withdrawn,     ///< Nothing to lift.
    no_evidence,       ///< A lift says how it is known.
    no_such_element,   ///< `remove` of what is not in the set.
    not_among_values,  ///< Of a field that no program knows, a value that does not show.
    no_conflict,       ///< To be settled, and there is one value or none.
    keeps_all,         ///< To be settled, and a set: it keeps what everybody wrote.
    nothing_to_change,  ///< It stands like that already.
    no_effect,  ///< Written, and yet it does not show: the one problem that changes the log.
};

struct ActionError {
    ActionProblem problem{};
    std::string about;  ///< The field, value or channel it is about, as it was typed; may be empty.
};

}  // namespace vereda::engine
