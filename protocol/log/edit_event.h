#pragma once

#include "protocol/log/event_parts.h"

/// The event that changes a record: writes to its fields, sets and consents. Source:
/// docs/protocol/events.md.
namespace vereda::protocol {

struct Write {
    enum class Kind : std::uint64_t {
        set_register = 0,
        add_element = 1,
        remove_element = 2,
        consent = 3
    };
    Kind kind = Kind::set_register;
    std::uint64_t field = 0;  ///< Not for consent.
    ValueItem value;          ///< Not for consent.
    ConsentMark consent;      ///< Only for consent.
    Over over;                ///< Only for set_register and remove_element.
};

struct Edit {
    std::vector<Write> writes;
    std::optional<std::string_view> source;  ///< Set when an import made it.
};

[[nodiscard]] std::expected<Edit, EventError> parse_edit(ByteView body);
[[nodiscard]] Bytes encode(const Edit& event);

}  // namespace vereda::protocol
