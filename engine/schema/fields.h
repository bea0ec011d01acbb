#pragma once

// Lives here: which kinds, fields and words there are, and the forms of their values.
// Begin: here; a field is a row of `fields.cpp`.
// Must not know: records, and how they merge.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vereda::engine {

/// How concurrent writes of a field meet (docs/architecture.md, "Merge rules").
enum class MergeRule { single, set };

/// Which records have a field.
enum class FieldOwner { contact, interaction };

/// What is done with a value before it is kept, and how it is searched.
enum class ValueForm { plain, name, phone, email, date, language, channel, notes };

/// A field of a record. A new field is one line of the table in fields.cpp; numbers are never used
/// twice.
struct Field {
    std::uint32_t code;
    FieldOwner owner;
    MergeRule rule;
    ValueForm form;
    std::string_view name;  ///< What an organiser reads is field.NAME of the catalogue.
};

/// Every field, in order of its code.
[[nodiscard]] std::span<const Field> fields();

/// The field with this code; a later version may write others, which are kept and merged all the
/// same.
[[nodiscard]] const Field* find_field(std::uint32_t code);

/// The field of `owner` that people call `name`: its own name or a usual other one ("street",
/// "birth_year").
[[nodiscard]] const Field* find_field(FieldOwner owner, std::string_view name);

/// As `find_field`, for adding to a set: "phone" means `phones` there, "email" `emails`, "tag"
/// `tags`.
[[nodiscard]] const Field* find_set_field(FieldOwner owner, std::string_view name);

/// The name of the field with this code; of one that this version does not know, "unknown".
[[nodiscard]] std::string_view field_name(std::uint32_t code);

/// Slots of the merge state that are no fields of the table.
inline constexpr std::uint32_t retracted_slot = 1000;
inline constexpr std::uint32_t consent_slot = 1001;
inline constexpr std::uint32_t critical_slot = 1002;  ///< Entries of a later version that bind.

/// 1000 to 1099 belong to the merge itself: no entry writes them as fields. Those from 1100 on are
/// fields as all others are, known here or not.
[[nodiscard]] constexpr bool is_of_merge(std::uint64_t code) { return code >= 1000 && code < 1100; }

namespace field {
inline constexpr std::uint32_t given_name = 1, family_name = 2, name = 4, phone = 5, phones = 6,
                               email = 7, emails = 8;
inline constexpr std::uint32_t district = 14, notes = 20, tags = 19;
inline constexpr std::uint32_t kind = 101, outcome = 102, note = 103, at = 104;
}  // namespace field

/// Kinds, outcomes and channels: a code on the wire, a word for people.
struct Term {
    std::uint64_t code;
    std::string_view word;
};
enum class Vocabulary { contact_kind, interaction_kind, outcome, channel };
[[nodiscard]] std::span<const Term> terms(Vocabulary vocabulary);
/// The code of a word or of a usual other word for it ("phone" for a call); nothing for free words.
[[nodiscard]] std::optional<std::uint64_t> code_of(Vocabulary vocabulary, std::string_view word);
/// The word of a code; empty when a later version made it.
[[nodiscard]] std::string_view word_of(Vocabulary vocabulary, std::uint64_t code);

}  // namespace vereda::engine
