#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "client/desk/authors.h"
#include "engine/projection/external_key.h"
#include "engine/queries/entry_steps.h"
#include "engine/queries/queries.h"
#include "protocol/ids.h"

/// What an open vault answers about people, as values: ids in their text form, turfs by name.
namespace vereda::client {

/// A value and who wrote it.
struct ValueShown {
    std::string text;   ///< Empty: the field was cleared.
    std::string entry;  ///< The id of the entry that wrote it.
    protocol::Millis at;
    AuthorShown author;
};

/// The entries that wrote what shows of a field, as an edit names what it has seen.
struct FieldSeen {
    std::string name;
    std::vector<std::string> entries;
};

struct FieldShown {
    std::string name;
    bool set = false;
    bool conflict = false;
    std::vector<ValueShown> values;  ///< The one that shows first; of a set, every element once.
};

struct VisitShown {
    std::string id;
    std::string contact;
    std::string kind, outcome, note;
    protocol::Millis at;
    AuthorShown author;
    bool retracted = false;
    std::vector<std::string> conflicts;  ///< Names of the fields that have other values besides.
    std::vector<FieldSeen> seen;
};

/// What somebody said about being reached on a channel.
struct ConsentShown {
    std::string channel;
    bool given = false;  ///< Otherwise withdrawn.
};
[[nodiscard]] std::vector<ConsentShown> shown(const std::vector<engine::ConsentView>& consents);

/// A line of a list.
struct ContactRow {
    std::string id;
    std::string name;
    std::string turf;
};

struct ContactShown {
    enum class Presence { here, not_here, lost };

    std::string id;
    std::string turf;
    std::string kind;
    std::string name;
    Presence presence = Presence::here;  ///< Otherwise only visits to it or changes of it are here.
    bool retracted = false;
    bool read_only = false;  ///< A later version of the program wrote to it.
    protocol::Millis created;
    std::vector<FieldShown> fields;
    std::vector<FieldSeen> seen;
    std::vector<ConsentShown> consents;
    std::vector<engine::RowKey> keys;
    std::vector<VisitShown> visits;         ///< Latest first.
    std::vector<VisitShown> hidden_visits;  ///< Retracted ones, if they were asked for.
    std::size_t hidden_visit_count = 0;
    bool lists_hidden = false;  ///< They were asked for.
};

/// Names of the fields that have other values besides the one that shows.
[[nodiscard]] std::vector<std::string> conflicts_of(const ContactShown& contact);

struct ConflictShown {
    std::string contact;
    std::string contact_name;
    std::string field;
    std::optional<std::string> interaction;
    bool waits = false;  ///< A block that is not here yet may settle it.
    std::vector<ValueShown> values;
};

/// One entry about a contact or one of its interactions.
struct EntryShown {
    std::string entry;
    std::string record;
    std::string type;
    protocol::Millis at;
    AuthorShown author;
    engine::EntryStatus status{};          ///< Applied, or why not.
    std::string source;                    ///< Of an import.
    std::string evidence;                  ///< Of a consent lift.
    std::optional<std::string> waits_for;  ///< The laptop whose block is missing; may be empty.
    std::vector<engine::Step> steps;
};

}  // namespace vereda::client
