#pragma once

// Lives here: what people ask: lists, one contact, search, ids, status.
// Begin: here; reads only.
// Must not know: how an answer looks, and how anything is written.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/projection/external_key.h"
#include "engine/schema/value_text.h"
#include "engine/workspace/workspace.h"

namespace vereda::engine {

/// Who wrote something: names as `common` gives them, else the text form of their ids.
struct Author {
    std::string member;
    std::string device;
    std::optional<protocol::MemberId> member_id;  ///< None: the roster here does not know it yet.
    std::optional<protocol::DeviceId> device_id;  ///< None: nothing is known of the log yet.
};

/// A value as it shows, and where it came from.
struct ValueView {
    std::string text;  ///< Empty: the field was cleared.
    LocalDot dot;      ///< The entry that wrote it.
    protocol::Millis at;
    Author author;
    std::string source;  ///< The import that wrote it; empty for a person.
};

struct FieldView {
    std::uint32_t code = 0;
    std::string name;
    bool set = false;
    bool conflict = false;
    std::vector<ValueView> values;  ///< The one that shows first; of a set, every element once.
    std::vector<LocalDot> entries;  ///< That wrote them, each: what a write on seeing it replaces.
};

/// The entries that wrote what shows of a field.
struct ShownField {
    std::uint32_t code = 0;
    std::string name;
    std::vector<LocalDot> entries;
};

struct ConsentView {
    std::string channel;  ///< Each once (shown_consent.h).
    bool given = false;
};

struct ContactView {
    LocalDot id;          ///< What it is read under here.
    bool is_here = true;  ///< False of what is left of a contact (missing_contacts.h).
    TurfNumber turf;
    std::string kind;
    std::string name;
    bool retracted = false;
    bool read_only = false;
    protocol::Millis created;
    std::vector<FieldView> fields;  ///< Those that have a value, in the order of the schema.
    std::vector<ConsentView> consents;
    std::vector<RowKey> keys;
    std::vector<LocalDot> members;  ///< Records read as one with it, itself included.
    std::size_t interactions = 0;   ///< Not retracted.
};

struct ContactLine {
    LocalDot id;
    TurfNumber turf;
    std::string name;
};

struct InteractionLine {
    InteractionView what;
    Author author;
    TurfNumber turf;
};

struct ConflictView {
    LocalDot contact;
    std::optional<LocalDot> interaction;  ///< When it is one of the contact's interactions that
                                          ///< differs.
    std::string contact_name;
    std::string field;
    std::vector<ValueView> values;
    /// Somebody has written over some of them, and the block that they had seen is not here yet: it
    /// may settle the conflict when it comes.
    bool waits = false;
};

struct ListQuery {
    std::optional<TurfNumber> turf;
    std::size_t limit = SIZE_MAX;
    bool retracted = false;  ///< Those that are hidden, in place of those that are not.
};

/// What people ask a workspace. Reads only. Statements are made for each call, so a query stays
/// usable when the projection is read again.
class Queries {
  public:
    explicit Queries(Workspace& workspace) : workspace_(workspace) {}

    [[nodiscard]] std::optional<ContactView> contact(LocalDot id);
    [[nodiscard]] bool is_here(LocalDot contact);
    /// What is left of a contact that is not here (missing_contacts.h): it has no kind and no name.
    [[nodiscard]] ContactView missing_contact(LocalDot id);
    /// Channels of consent beside the schema's of which something is known about `contacts`.
    [[nodiscard]] std::set<std::string> other_channels(const std::vector<ContactLine>& contacts);
    /// Whether a contact, or the one that it is read as one with, is hidden.
    [[nodiscard]] bool is_retracted(LocalDot contact);
    /// By name, as a reader of any alphabet sorts it; retracted ones are left out.
    [[nodiscard]] std::vector<ContactLine> contacts(const ListQuery& query);
    /// Contacts that have all the words; the last one may be a beginning, and four digits or more,
    /// however they are grouped, the end of a telephone number. Where notes are indexed, also those
    /// with a visit whose note has the words.
    [[nodiscard]] std::vector<ContactLine> search(
        std::string_view words, std::size_t limit = SIZE_MAX);
    /// A contact's visits and calls, latest first; also of a contact that is not here.
    [[nodiscard]] std::vector<InteractionLine> interactions_of(
        LocalDot contact, bool with_retracted = false);
    [[nodiscard]] std::optional<InteractionLine> interaction(LocalDot id);
    /// What a correction of the interaction on seeing it replaces, field by field.
    [[nodiscard]] std::vector<ShownField> shown_entries(LocalDot interaction);
    [[nodiscard]] std::vector<ConflictView> conflicts(
        std::optional<TurfNumber> turf = std::nullopt);

    // ---- names
    [[nodiscard]] Author author_of(LocalDot entry) const;
    [[nodiscard]] std::string member_name(const protocol::MemberId& member) const;
    [[nodiscard]] std::string device_name(const protocol::DeviceId& device) const;
    [[nodiscard]] std::string turf_name(TurfNumber turf) const;
    [[nodiscard]] std::string workspace_name() const;
    /// By its name (any case) or its text id; a coordinator may have given two turfs one name.
    [[nodiscard]] std::vector<TurfNumber> find_turfs(std::string_view name) const;
    /// The turfs that this device holds, `common` first.
    [[nodiscard]] std::vector<TurfNumber> turfs() const;

    /// All entries about a contact and its interactions, the newest arrival first; without the
    /// entries that created them.
    [[nodiscard]] std::vector<LocalDot> chain_of(LocalDot contact);

  private:
    struct Link {  // of a contact's chain
        LocalDot entry;
        bool interaction = false;
        bool hidden = false;
    };
    [[nodiscard]] std::vector<LocalDot> members_of(LocalDot contact);
    [[nodiscard]] std::optional<TurfNumber> turf_of(LocalDot contact);
    [[nodiscard]] std::vector<Link> links_of(LocalDot contact);
    [[nodiscard]] std::optional<ContactLine> line_of(LocalDot id);
    [[nodiscard]] std::string listed_name(LocalDot id, std::string_view kept, std::int64_t flags);
    [[nodiscard]] std::vector<RowKey> keys_of(const ContactRow& row) const;
    void search_notes(std::string_view words, std::vector<ContactLine>& lines);
    void search_long_texts(std::string_view words, std::vector<ContactLine>& lines);
    void mark_waiting(std::vector<ConflictView>& conflicts);
    void find_contact_conflicts(std::optional<TurfNumber> turf, std::vector<ConflictView>& found);
    void find_interaction_conflicts(
        std::optional<TurfNumber> turf, std::vector<ConflictView>& found);
    [[nodiscard]] std::string name_of(protocol::Profile::Kind kind, ByteView id) const;
    [[nodiscard]] std::vector<TurfNumber> exact_turfs(
        const std::vector<TurfNumber>& found, std::string_view name) const;
    [[nodiscard]] FieldView field_view(const RecordState& state, std::uint32_t code) const;
    [[nodiscard]] ValueView value_view(const RecordState::Item& item) const;
    void fill_fields(ContactView& view, const RecordState& state) const;

    Workspace& workspace_;
};

}  // namespace vereda::engine
