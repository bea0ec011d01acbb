#pragma once

// Lives here: what people do: checks first, then one entry or several, then a look at what shows.
// Begin: here.
// Must not know: commands, sheets, and the words of the screen.

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/actions/action_error.h"
#include "engine/projection/external_key.h"
#include "engine/workspace/workspace.h"

namespace vereda::engine {

/// A field by one of its names, and a value as somebody types it.
struct FieldText {
    std::string field;
    std::string value;
};

/// What somebody said about being reached on a channel ("sms", or words that have no code).
struct ConsentText {
    std::string channel;
    bool given = false;  ///< Otherwise withdrawn.
};

class EditDraft;
class SeenDots;
enum class FieldOwner;
struct ContactSaid;
struct ShownConsent;

struct ContactDraft {
    std::string kind;            ///< "person", "organisation", "household"; empty: a person.
    std::vector<FieldText> set;  ///< Of a set field: one element.
    std::vector<FieldText> add;  ///< Only set fields; "phone" means `phones`, "email" `emails`.
    std::vector<ConsentText> consents;
    std::optional<RowKey> key;
};

/// The entries whose values somebody was shown before they wrote, by the field's name: a write
/// takes the place of just those, and what came meanwhile stays beside it. Of a field that is not
/// named here, what shows now.
using Seen = std::map<std::string, std::vector<LocalDot>>;

struct ContactChange {
    std::vector<FieldText> set;  ///< An empty value clears the field; of a set field: exactly these
                                 ///< elements.
    std::vector<FieldText> add;
    std::vector<FieldText> remove;
    std::vector<ConsentText> consents;
    Seen seen = {};
};

struct InteractionDraft {
    std::string kind;                    ///< A word of the vocabulary; others are kept as words.
    std::string outcome;                 ///< May be empty.
    std::string note;                    ///< May be empty.
    std::optional<protocol::Millis> at;  ///< When it happened; absent: now.
};

/// Only what is there is corrected.
struct InteractionChange {
    std::optional<std::string> kind;
    std::optional<std::string> outcome;
    std::optional<std::string> note;
    std::optional<protocol::Millis> at;
    Seen seen = {};
};

/// What came of a change.
struct Written {
    LocalDot entry;                           ///< The entry that says it; of several, the last.
    std::size_t entries = 1;                  ///< More where one cannot name all that it ends.
    std::vector<std::string> conflicts = {};  ///< Fields in which another value stands beside it:
                                              ///< one that came after what was seen.
    operator LocalDot() const { return entry; }  // for those who ask for no more
};

/// What came of adding a contact.
struct AddedContact {
    LocalDot id;                         ///< What it is read under here.
    bool was_there = false;              ///< Somebody had its source and key already.
    bool changed = true;                 ///< False: that one had all of it.
    std::vector<std::string> conflicts;  ///< Fields that have two values now, the source's and a
                                         ///< person's.
};

/// A record that may be written to, as it stands.
struct WritableRecord {
    LocalDot record;
    LocalDot parent;  ///< The contact of an interaction; none of a contact.
    TurfNumber turf;
    RecordState state;
};

/// What people do with a workspace. Every call checks everything before it writes anything: an
/// entry, or where one cannot name all that it ends, as many as it takes, together or not at all.
/// Durable on return, or with the workspace's `commit_group`. Values are brought into one form
/// first, so that two laptops that type one number differently mean the same. What was written is
/// read back: `no_effect` when it does not show, though it stands in the log. Throws
/// StorageFailure. Borrows the workspace.
class People {
  public:
    struct Options {
        std::string phone_region = {};  ///< ISO 3166, for numbers typed without +; may be empty.
        bool new_channels = false;      ///< Takes channels of consent that nobody knows yet.
    };

    explicit People(Workspace& workspace) : People(workspace, Options{}) {}
    People(Workspace& workspace, Options options)
        : workspace_(workspace), options_(std::move(options)) {}

    using Result = std::expected<Written, ActionError>;

    /// A new contact; or, where this laptop shows one with that source and key in the turf, what
    /// the draft says now about it, by the rule of imports: over what the same source said before,
    /// and beside what a person wrote since. Nothing is written when it says nothing new.
    [[nodiscard]] std::expected<AddedContact, ActionError> add_contact(
        TurfNumber turf, const ContactDraft& draft);
    /// Writes over what was seen, else over what shows here now, conflicts included.
    [[nodiscard]] Result edit_contact(LocalDot contact, const ContactChange& change);
    [[nodiscard]] Result retract_contact(LocalDot contact);
    [[nodiscard]] Result restore_contact(LocalDot contact);
    /// Ends what entries of a later version bind the contact to. Coordinators only.
    [[nodiscard]] Result release_contact(LocalDot contact);
    [[nodiscard]] Result release_interaction(LocalDot interaction);
    /// The only way back after a withdrawal. Names every withdrawal known here, under whichever
    /// spelling of the channel and for whichever purpose; the result is the last entry's dot.
    [[nodiscard]] Result lift_consent(
        LocalDot contact, std::string_view channel, std::string_view evidence);
    /// Writes `value` over all values of the field (of `seen`, if it names the field, over just
    /// those), whichever of them it is or a new one. One that shows is written byte for byte as it
    /// is. Where there is no conflict nothing is written: `no_conflict`, or `nothing_to_change` for
    /// the value that stands. A field that no program knows goes by its number, and takes only a
    /// value that shows.
    [[nodiscard]] Result settle_conflict(
        LocalDot contact, std::string_view field, std::string_view value, const Seen& seen = {});

    /// The new interaction.
    [[nodiscard]] Result add_interaction(LocalDot contact, const InteractionDraft& draft);
    [[nodiscard]] Result correct_interaction(LocalDot interaction, const InteractionChange& change);
    /// As `settle_conflict`. A new time is in milliseconds since 1970.
    [[nodiscard]] Result settle_interaction_conflict(
        LocalDot interaction, std::string_view field, std::string_view value,
        const Seen& seen = {});
    [[nodiscard]] Result retract_interaction(LocalDot interaction);
    [[nodiscard]] Result restore_interaction(LocalDot interaction);

    /// A name in `common` for a member, a device, a turf or the workspace. A coordinator names
    /// everything, everyone else themselves.
    [[nodiscard]] Result name(protocol::Profile::Kind kind, ByteView id, std::string_view name);

  private:
    // Which of these may be done, and to what.
    [[nodiscard]] bool may_write(TurfNumber turf, protocol::EventType type) const;
    [[nodiscard]] std::expected<WritableRecord, ActionError> writable(
        FieldOwner owner, LocalDot record, protocol::EventType type, bool though_bound = false);
    [[nodiscard]] std::expected<WritableRecord, ActionError> contact_to_write(
        LocalDot contact, protocol::EventType type);
    [[nodiscard]] std::expected<WritableRecord, ActionError> interaction_to_write(
        LocalDot interaction, protocol::EventType type);
    [[nodiscard]] std::optional<ActionProblem> problem_with_contact_of(
        const InteractionRow& visit, protocol::EventType type);
    [[nodiscard]] std::unexpected<ActionError> refuse_bound(const RecordState& state);

    // Of a record of any kind.
    [[nodiscard]] Result retract(FieldOwner owner, LocalDot record);
    [[nodiscard]] Result restore(FieldOwner owner, LocalDot record);
    [[nodiscard]] Result release(FieldOwner owner, LocalDot record);
    void note_hidden(FieldOwner owner, LocalDot record);
    /// `new_value(record, field, seen, conflict)` does it for a value that nobody has written yet.
    template <class NewValue>
    [[nodiscard]] Result settle(
        FieldOwner owner, LocalDot id, std::string_view name, std::string_view value,
        const Seen& there, NewValue new_value);
    [[nodiscard]] std::expected<SeenDots, ActionError> seen_of(
        FieldOwner owner, const WritableRecord& record, const Seen& seen);
    [[nodiscard]] EditDraft new_edit(const WritableRecord& record);
    [[nodiscard]] Result write(
        const WritableRecord& record, const EditDraft& edit, const SeenDots& seen);
    [[nodiscard]] RecordState state_now(const WritableRecord& record);

    // What an action comes to: entries.
    [[nodiscard]] LocalDot next_entry(TurfNumber turf);
    [[nodiscard]] Result append(TurfNumber turf, const std::vector<EntryDraft>& drafts);
    [[nodiscard]] Result append_edit(
        TurfNumber turf, const EditDraft& edit, LocalDot parent,
        std::optional<std::string_view> source = std::nullopt);

    // Of contacts.
    [[nodiscard]] std::expected<AddedContact, ActionError> add_to_known(
        LocalDot contact, const ContactDraft& draft, const ContactSaid& said);
    [[nodiscard]] Result append_lifts(
        const WritableRecord& contact, const ShownConsent& consent, const std::string& evidence);

    Workspace& workspace_;
    Options options_;
};

}  // namespace vereda::engine
