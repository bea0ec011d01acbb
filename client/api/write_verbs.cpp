#include "client/api/write_verbs.h"

#include <algorithm>

namespace vereda::client {

std::span<const WriteVerb> write_verbs() {
    static const std::vector<WriteVerb> verbs{
        {"contact.add", AddContact{}},
        {"contact.set", ChangeContact{}},
        {"contact.retract", HideContact{}},
        {"contact.restore", HideContact{.contact = {}, .restore = true}},
        {"contact.release", ReleaseContact{}},
        {"interaction.add", AddInteraction{}},
        {"interaction.correct", CorrectInteraction{}},
        {"interaction.retract", HideInteraction{}},
        {"interaction.restore", HideInteraction{.interaction = {}, .restore = true}},
        {"interaction.release", ReleaseInteraction{}},
        {"consent.lift", LiftConsent{}},
        {"conflict.settle", SettleConflict{}},
    };
    return verbs;
}

const WriteVerb* find_write_verb(std::string_view name) {
    const auto found = std::ranges::find(write_verbs(), name, &WriteVerb::name);
    return found == write_verbs().end() ? nullptr : &*found;
}

}  // namespace vereda::client
