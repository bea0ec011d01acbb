#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "protocol/cbor.h"
#include "protocol/log/entry.h"

/// What several events have in common: what a write replaces, values, words, consents. Source:
/// docs/protocol/events.md. Parsed values borrow from the entry's bytes.
namespace vereda::protocol {

enum class EventError { malformed };

/// Writes, marks or dots in one event.
inline constexpr std::size_t event_items_max = 4096;

/// The dots that a write replaces: just the one that created the record, or those listed.
struct Over {
    bool creating = false;
    std::vector<Reference> dots;
};

/// A value of a field: one encoded CBOR item, kept as received and compared byte by byte.
using ValueItem = ByteView;

/// A known code, or the words of one that has none.
struct CodeOrText {
    std::uint64_t code = 0;
    std::string_view text;
    [[nodiscard]] bool is_text() const { return !text.empty(); }
};

enum class ConsentState : std::uint64_t { given = 1, withdrawn = 2 };

struct ConsentMark {
    CodeOrText channel;
    std::uint64_t purpose = 0;  ///< 0: any.
    ConsentState state = ConsentState::given;
};

// ---- reading and writing: a reader that fails remembers it

/// over = 0 | [[index, seq], …]
[[nodiscard]] Over read_over(CborReader& reader);
void write_over(CborWriter& writer, const Over& over);
[[nodiscard]] CodeOrText read_code_or_text(CborReader& reader);
void write_code_or_text(CborWriter& writer, const CodeOrText& value);
/// A field's number, within 31 bits.
[[nodiscard]] std::uint64_t read_field(CborReader& reader);
/// One scalar: what a field can hold.
[[nodiscard]] ValueItem read_value(CborReader& reader);
/// [channel, purpose, state], its array head already taken.
[[nodiscard]] ConsentMark read_consent(CborReader& reader);
void write_consent(CborWriter& writer, const ConsentMark& mark);
/// A text, or null for none.
[[nodiscard]] std::optional<std::string_view> read_text_or_null(CborReader& reader);
void write_text_or_null(CborWriter& writer, std::optional<std::string_view> text);

template <class Event>
std::expected<Event, EventError> whole_event(const CborReader& reader, Event&& event) {
    if (!reader.finished()) return std::unexpected(EventError::malformed);
    return std::forward<Event>(event);
}

// ---- values of fields as CBOR items

[[nodiscard]] Bytes text_value(std::string_view utf8);
/// A field written empty.
[[nodiscard]] Bytes null_value();
/// A kind or outcome as an edit writes it: its code, or its words.
[[nodiscard]] Bytes term_value(const CodeOrText& term);
/// The text of a value; empty when it is null or no text.
[[nodiscard]] std::string_view text_of(ValueItem value);
[[nodiscard]] bool is_null(ValueItem value);

}  // namespace vereda::protocol
