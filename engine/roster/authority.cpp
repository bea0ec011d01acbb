#include "engine/roster/authority.h"

#include "protocol/log/event.h"

namespace vereda::engine {

using protocol::EventType;
using protocol::Role;

bool may_write(Role role, EventType type, WritePlace place) {
    if (place == WritePlace::elsewhere) return false;
    const bool in_common = place == WritePlace::common;
    switch (type) {
        case EventType::profile:
            return in_common;
        case EventType::void_entry:
            // Fills the author's own slot after an order: whoever may write there at all.
            return in_common || role != Role::auditor;
        case EventType::contact_create:
        case EventType::interaction_create:
        case EventType::edit:
        case EventType::retract:
        case EventType::restore:
        case EventType::consent_lift:
            // People live in turfs; in `common` everybody would read them.
            return !in_common && role != Role::auditor;
        case EventType::critical_lift:
            return !in_common && role == Role::coordinator;
    }
    return false;
}

bool may_name(Role role, ProfileSubject subject) {
    return role == Role::coordinator || subject == ProfileSubject::oneself;
}

}  // namespace vereda::engine
