#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/workspace/workspace.h"

namespace vereda::engine {

enum class RecordKind { contact, interaction };

enum class LookupProblem {
    not_an_id,    ///< Neither the text form of an id nor its beginning.
    wrong_check,  ///< The last character says that another one was mistyped.
    not_found,
    ambiguous,  ///< More than one record begins like that, or has that key.
};

struct LookupError {
    LookupProblem problem{};
    std::vector<LocalDot> candidates;  ///< When ambiguous: at most ten of them.
};

struct EntryLookupError {
    std::string typed;
    LookupProblem problem{};
};

/// Records by what people type: the text form of their id (protocol/text_id.h), its beginning, or
/// "key:" and an external key, with "SOURCE/" before the key where several sources have it. The
/// table of text ids is made when first asked for, some 0.4 µs a record, and goes on from there.
/// Not for use across `Workspace::begin_incarnation`, which renames records.
class RecordIds {
  public:
    explicit RecordIds(Workspace& workspace) : workspace_(workspace) {}

    /// The full text form of a record's id.
    [[nodiscard]] std::string text_of(LocalDot record) const;
    [[nodiscard]] std::expected<LocalDot, LookupError> find(
        std::string_view typed, RecordKind kind);
    /// The same among the contacts that are not here (missing_contacts.h), hidden ones too.
    [[nodiscard]] std::expected<LocalDot, LookupError> find_missing(std::string_view typed) const;
    /// Entries about a contact and its interactions, each by its full text form: as `contact show`
    /// gives those that wrote what it shows.
    [[nodiscard]] std::expected<std::vector<LocalDot>, EntryLookupError> find_entries(
        std::span<const std::string> typed, LocalDot contact) const;
    [[nodiscard]] Workspace& workspace() const { return workspace_; }

  private:
    struct Place {
        std::uint64_t number;  // the 60 bits that the text form spells
        LocalDot record;
        auto operator<=>(const Place&) const = default;
    };
    struct Table {
        std::vector<Place> places;           // ascending
        std::vector<std::uint64_t> read_to;  // by log ordinal: how far its records are in it
    };

    [[nodiscard]] std::expected<LocalDot, LookupError> find_typed_key(std::string_view typed);
    [[nodiscard]] std::expected<LocalDot, LookupError> find_key(std::string_view typed);
    [[nodiscard]] std::vector<std::pair<TurfNumber, std::string>> sources() const;
    [[nodiscard]] std::vector<LocalDot> matching(
        const std::string& start, const Table& table) const;
    void extend(Table& table, RecordKind kind);
    [[nodiscard]] std::vector<Place> entries_about(LocalDot contact) const;
    [[nodiscard]] std::uint64_t number_of(LocalDot record) const;

    Workspace& workspace_;
    Table contacts_;
    Table interactions_;
};

}  // namespace vereda::engine
