#include "engine/actions/actions.h"
#include "engine/schema/channels.h"
#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

std::string quoted(const std::string& about) { return "\u201C" + about + "\u201D"; }

// What is wrong with a value, by the name of its field or, where there is none, by itself.
std::string unfit_value(const std::string& about) {
    if (about.empty()) return "a value is empty or not text";
    if (about == "kind") return "an interaction needs a kind, such as door, call or meeting";
    const Field* field = find_field(FieldOwner::contact, about);
    if (field == nullptr) return quoted(about) + " is not a value that fits here";
    if (field->form == ValueForm::date)
        return quoted(about) + " wants a day that the calendar has, written as 1990-12-31";
    return "the value of " + quoted(about) + " is empty, or is not a line of text";
}

}  // namespace

std::string describe(const ActionError& error) {
    const std::string it = quoted(error.about);
    switch (error.problem) {
        case ActionProblem::unknown_field:
            return "there is no field " + it;
        case ActionProblem::unknown_value:
            return unfit_value(error.about);
        case ActionProblem::rounded_number:
            return it + " is a number that a spreadsheet has rounded: its last digits are gone";
        case ActionProblem::given_twice:
            return it + " holds one value, and two were given: say which";
        case ActionProblem::unknown_channel:
            return it + " is no channel of consent: " + channels_known(error.about);
        case ActionProblem::no_content:
            return "nothing is said of the contact: a name, a telephone number or another field "
                   "is needed, with something in it to see";
        case ActionProblem::other_kind:
            return "a contact with that key is here already, of the kind " + it +
                   ": a kind does not change";
        case ActionProblem::not_a_set:
            return it + " holds one value: set it instead of adding or removing";
        case ActionProblem::no_such_contact:
            return "there is no such contact";
        case ActionProblem::no_such_interaction:
            return "there is no such interaction";
        case ActionProblem::no_such_turf:
            return "there is no turf " + it;
        case ActionProblem::contact_not_here:
            return "the contact that it is with is not here: it has not arrived yet, or nobody "
                   "ever wrote it";
        case ActionProblem::contact_lost:
            return "the contact that it is with is lost: a disk destroyed it before anybody else "
                   "had it";
        case ActionProblem::unknown_entry:
            return "what was seen of " + it +
                   " is not here under that id, or says nothing of this record";
        case ActionProblem::read_only:
            return "an entry of a later version of this program, by " + it +
                   ", keeps this record from being changed: update the program, or ask a "
                   "coordinator to release it";
        case ActionProblem::no_authority:
            return "your role does not let you write this here: ask a coordinator";
        case ActionProblem::too_long:
            return "this is more than one action can hold (32 KiB): split it";
        case ActionProblem::withdrawn:
            return "consent for " + it +
                   " was withdrawn: it comes back only by \u201Cconsent lift\u201D, with evidence";
        case ActionProblem::not_withdrawn:
            return "consent for " + it + " was not withdrawn: there is nothing to lift";
        case ActionProblem::no_evidence:
            return "say how it is known that the person agreed again";
        case ActionProblem::no_such_element:
            return it + " is not there to be removed";
        case ActionProblem::not_among_values:
            return "no program here knows the field " + it + ": it takes only a value that shows";
        case ActionProblem::no_conflict:
            return "there is no conflict in " + it + ": nothing to settle";
        case ActionProblem::keeps_all:
            return it + " keeps what everybody wrote: there is nothing to settle";
        case ActionProblem::nothing_to_change:
            return "it stands like that already";
        case ActionProblem::no_effect:
            return "it was written and does not show: an entry that was here before names it as "
                   "replaced in advance, which no sound program writes";
    }
    return "it cannot be done";
}

}  // namespace vereda::engine
