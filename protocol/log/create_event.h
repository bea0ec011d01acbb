#pragma once

#include "protocol/log/event_parts.h"

/// Events that create a record: a contact, or an interaction with one. Source:
/// docs/protocol/events.md.
namespace vereda::protocol {

enum class ContactKind : std::uint64_t { person = 1, organisation = 2, household = 3 };

/// The name of a record in the sheet or system that it came from.
struct ExternalKey {
    std::string_view source;
    std::string_view key;
};

/// One field of a new contact; a set's elements come one by one.
struct InitialValue {
    std::uint64_t field = 0;
    bool element = false;
    ValueItem value;
};

struct ContactCreate {
    std::uint64_t kind = 1;  ///< A ContactKind, or one that a later version knows.
    std::vector<InitialValue> values;
    std::optional<ExternalKey> key;
    std::vector<ConsentMark> consents;
};

struct InteractionCreate {
    CodeOrText kind;
    CodeOrText outcome;
    std::optional<std::string_view> note;
    /// When it happened, after the entry's time; absent: then.
    std::optional<std::int64_t> at_offset_ms;
};

[[nodiscard]] std::expected<ContactCreate, EventError> parse_contact_create(ByteView body);
[[nodiscard]] std::expected<InteractionCreate, EventError> parse_interaction_create(ByteView body);
[[nodiscard]] Bytes encode(const ContactCreate& event);
[[nodiscard]] Bytes encode(const InteractionCreate& event);

}  // namespace vereda::protocol
