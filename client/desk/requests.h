#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/actions/actions.h"
#include "engine/queries/record_ids.h"

/// What may be asked of an open vault, as values: a struct a verb. Turfs, records and entries go by
/// what people call them; nothing is looked up yet. client/api/write_verbs.h has their names.
namespace vereda::client {

/// A contact by its id, the beginning of one, or "key:" and a key. A key of `source` comes before
/// the same key of another source.
struct ContactName {
    std::string typed;
    std::string source = {};
};

/// Entries that somebody was shown before they wrote, by field: full ids, as `contact show` and
/// `conflicts list` give them.
using SeenTexts = std::map<std::string, std::vector<std::string>>;

// ---- what is written

struct AddContact {
    std::string turf;  ///< Its name or id.
    engine::ContactDraft draft;
};
struct ChangeContact {
    ContactName contact;
    engine::ContactChange change;  ///< Without what was seen.
    SeenTexts seen;
};
/// Retracts, or restores what was retracted.
struct HideContact {
    ContactName contact;
    bool restore = false;
};
/// Ends what entries of a later version bind it to.
struct ReleaseContact {
    ContactName contact;
};
struct LiftConsent {
    ContactName contact;
    std::string channel;
    std::string evidence;
};
struct AddInteraction {
    ContactName contact;
    engine::InteractionDraft draft;
};
struct CorrectInteraction {
    std::string interaction;
    engine::InteractionChange change;  ///< Without what was seen.
    SeenTexts seen;
};
struct HideInteraction {
    std::string interaction;
    bool restore = false;
};
struct ReleaseInteraction {
    std::string interaction;
};
/// Says which value of a field holds, of a contact or of an interaction.
struct SettleConflict {
    ContactName record;
    std::optional<engine::RecordKind> kind;  ///< Nothing: as the field and the id tell.
    std::string field;
    std::string value;  ///< Of a time, as people write one.
    SeenTexts seen;
};

using WriteRequest = std::variant<
    AddContact, ChangeContact, HideContact, ReleaseContact, LiftConsent, AddInteraction,
    CorrectInteraction, HideInteraction, ReleaseInteraction, SettleConflict>;

// ---- what is read

struct ShowContact {
    ContactName contact;
    bool retracted = false;  ///< Lists retracted interactions as well.
};
struct ListContacts {
    std::string turf;  ///< Empty: of every turf.
    std::optional<std::uint64_t> limit;
    bool retracted = false;  ///< Those that are hidden, in place of those that are not.
};
struct SearchContacts {
    std::string words;
    std::optional<std::uint64_t> limit;
};
struct ListConflicts {
    std::string turf;  ///< Empty: of every turf.
};
struct ShowHistory {
    ContactName contact;
};
struct ListTurfs {};
struct ShowStatus {};
/// Checks everything again that the vault holds.
struct VerifyVault {};
/// Builds the state from the log alone.
struct ReplayLog {
    std::optional<protocol::Millis> until;  ///< As it was at this time.
};
struct ExportContacts {
    std::string turf;  ///< Empty: of every turf.
};
struct ExportVisits {
    std::string turf;  ///< Empty: of every turf.
};

}  // namespace vereda::client
