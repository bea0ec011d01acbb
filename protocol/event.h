#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "protocol/log/entry.h"

/// What an entry says: the bodies of docs/protocol/events.md. Parsed values borrow from the entry's
/// bytes.
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

enum class EventError { malformed };

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

enum class ContactKind : std::uint64_t { person = 1, organisation = 2, household = 3 };
enum class ConsentState : std::uint64_t { given = 1, withdrawn = 2 };

struct ConsentMark {
    CodeOrText channel;
    std::uint64_t purpose = 0;  ///< 0: any.
    ConsentState state = ConsentState::given;
};

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

struct Profile {
    enum class Kind : std::uint64_t { member = 1, device = 2, turf = 3, workspace = 4 };
    std::uint64_t kind = 1;
    ByteView id;
    std::string_view name;
    Over over;
};

[[nodiscard]] std::expected<ContactCreate, EventError> parse_contact_create(ByteView body);
[[nodiscard]] std::expected<InteractionCreate, EventError> parse_interaction_create(ByteView body);
[[nodiscard]] std::expected<Edit, EventError> parse_edit(ByteView body);
[[nodiscard]] std::expected<Restore, EventError> parse_restore(ByteView body);
[[nodiscard]] std::expected<ConsentLift, EventError> parse_consent_lift(ByteView body);
[[nodiscard]] std::expected<CriticalLift, EventError> parse_critical_lift(ByteView body);
[[nodiscard]] std::expected<Profile, EventError> parse_profile(ByteView body);
/// A retract's body is empty.
[[nodiscard]] bool is_retract_body(ByteView body);

[[nodiscard]] Bytes encode(const ContactCreate& event);
[[nodiscard]] Bytes encode(const InteractionCreate& event);
[[nodiscard]] Bytes encode(const Edit& event);
[[nodiscard]] Bytes encode(const Restore& event);
[[nodiscard]] Bytes encode(const ConsentLift& event);
[[nodiscard]] Bytes encode(const CriticalLift& event);
[[nodiscard]] Bytes encode(const Profile& event);
[[nodiscard]] Bytes encode_retract();
/// Of a void entry whose author could not close what they had written there: no order named it.
[[nodiscard]] Bytes encode_void();

/// Values of fields as CBOR items.
[[nodiscard]] Bytes text_value(std::string_view utf8);
/// A field written empty.
[[nodiscard]] Bytes null_value();
/// A kind or outcome as an edit writes it: its code, or its words.
[[nodiscard]] Bytes term_value(const CodeOrText& term);
/// The text of a value; empty when it is null or no text.
[[nodiscard]] std::string_view text_of(ValueItem value);
[[nodiscard]] bool is_null(ValueItem value);

/// The references in the body of an event of `type`, in order, for renumbering when a block is
/// closed. Types that carry none, and unknown ones, have none.
[[nodiscard]] std::expected<std::vector<Reference>, EventError> references_of(
    EventType type, ByteView body);

/// The same event with its references replaced, in the order of `references_of`.
/// The caller passes exactly as many as there were.
[[nodiscard]] std::expected<Bytes, EventError> with_references(
    EventType type, ByteView body, std::span<const Reference> references);

}  // namespace vereda::protocol
