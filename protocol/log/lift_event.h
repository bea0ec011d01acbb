#pragma once

#include "protocol/log/event_parts.h"

/// Events that hide a record, or end what others said: retract, restore, lifts, void. Source:
/// docs/protocol/events.md.
namespace vereda::protocol {

struct Restore {
    Over over;
};

struct ConsentLift {
    CodeOrText channel;
    std::uint64_t purpose = 0;
    Over over;
    std::string_view evidence;
};

/// Ends what entries of a later version, marked critical, hold a record to.
struct CriticalLift {
    Over over;
};

[[nodiscard]] std::expected<Restore, EventError> parse_restore(ByteView body);
[[nodiscard]] std::expected<ConsentLift, EventError> parse_consent_lift(ByteView body);
[[nodiscard]] std::expected<CriticalLift, EventError> parse_critical_lift(ByteView body);
/// A retract's body is empty.
[[nodiscard]] bool is_retract_body(ByteView body);

[[nodiscard]] Bytes encode(const Restore& event);
[[nodiscard]] Bytes encode(const ConsentLift& event);
[[nodiscard]] Bytes encode(const CriticalLift& event);
[[nodiscard]] Bytes encode_retract();
/// Of a void entry whose author could not close what they had written there: no order named it.
[[nodiscard]] Bytes encode_void();

}  // namespace vereda::protocol
