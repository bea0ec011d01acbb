#pragma once

#include <string>
#include <vector>

#include "client/api/json_text.h"
#include "client/desk/shown_names.h"
#include "client/terminal/style.h"
#include "engine/queries/queries.h"

/// How a contact's visits and calls are shown.
namespace vereda::client {

/// A contact's interactions, latest first: those that show, and those that were retracted.
struct ContactVisits {
    engine::LocalDot contact;  ///< What the contact is shown under, of several records read as one.
    std::vector<engine::InteractionLine> shown;
    std::vector<engine::InteractionLine> retracted;
    bool list_retracted = false;  ///< Asked for: otherwise they are only counted.
};
[[nodiscard]] ContactVisits visits_of(
    engine::Workspace& workspace, engine::LocalDot contact, bool list_retracted);

[[nodiscard]] std::vector<std::string> conflicts_of(const engine::InteractionLine& visit);

/// [{"id":…,"contact":…,"kind":…,"outcome":…,"note":…,"at":…,"member":…,"member_id":…,"device":…,
/// "device_id":…,"retracted":…,"conflicts":[NAME…]}…]: those that show, and those that were
/// retracted if they are to be listed.
[[nodiscard]] Json json_of(engine::Workspace& workspace, const ContactVisits& visits);
/// A table of each, and how many are hidden; empty when there are none. Begins with an empty line.
[[nodiscard]] std::string text_of(
    engine::Workspace& workspace, const ContactVisits& visits, ShownNames& names,
    const Terminal& terminal);

}  // namespace vereda::client
