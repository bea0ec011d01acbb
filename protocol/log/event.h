#pragma once

#include <expected>
#include <span>
#include <vector>

#include "protocol/log/create_event.h"
#include "protocol/log/edit_event.h"
#include "protocol/log/lift_event.h"
#include "protocol/log/profile_event.h"

/// What an entry says: the types of docs/protocol/events.md, a file a family, and one table of
/// them. Parsed values borrow from the entry's bytes.
namespace vereda::protocol {

enum class EventType : std::uint64_t {
    contact_create = 1,
    interaction_create = 2,
    edit = 3,
    retract = 4,
    restore = 5,
    consent_lift = 6,
    void_entry = 7,
    critical_lift = 10,
    profile = 20,
};

/// False for a type that a later version made.
[[nodiscard]] bool is_known(EventType type);

/// The references in the body of an event of `type`, in order, for renumbering when a block is
/// closed. Types that carry none, and unknown ones, have none.
[[nodiscard]] std::expected<std::vector<Reference>, EventError> references_of(
    EventType type, ByteView body);

/// The same event with its references replaced, in the order of `references_of`.
/// The caller passes exactly as many as there were.
[[nodiscard]] std::expected<Bytes, EventError> with_references(
    EventType type, ByteView body, std::span<const Reference> references);

}  // namespace vereda::protocol
