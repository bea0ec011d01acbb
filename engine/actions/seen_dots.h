#pragma once

#include <expected>
#include <map>
#include <string_view>
#include <vector>

#include "engine/actions/actions.h"
#include "engine/schema/fields.h"

namespace vereda::engine {

/// A field as somebody names it for one kind of record: by a name of the schema's or, where no
/// program knows the field, by its number. Fields of the merge itself have none.
struct NamedField {
    std::uint32_t code = 0;
    const Field* known = nullptr;
};
[[nodiscard]] std::optional<NamedField> find_named_field(FieldOwner owner, std::string_view name);

/// What a write to a field takes the place of: of what was seen, where somebody said so, else of
/// what shows now.
class SeenDots {
  public:
    /// Nobody said what was seen.
    SeenDots() = default;
    /// `log` tells which entries are here and of this record. Errors: `unknown_field`,
    /// `unknown_entry`.
    [[nodiscard]] static std::expected<SeenDots, ActionError> read(
        FieldOwner owner, const Seen& seen, const AppliedDots& log);

    [[nodiscard]] bool empty() const { return by_field_.empty(); }
    /// Of a field with one value: all that was seen of it, also what another write has ended since.
    [[nodiscard]] std::vector<LocalDot> of_value(
        const RecordState& state, std::uint32_t code) const;
    /// Of a set's element: who added it, as far as that was seen.
    [[nodiscard]] std::vector<LocalDot> of_element(
        const RecordState& state, std::uint32_t code, std::string_view element) const;
    /// Of the fields somebody named, those in which another value stands now.
    [[nodiscard]] std::vector<std::string> conflicts(const RecordState& state) const;

  private:
    std::map<std::uint32_t, std::vector<LocalDot>> by_field_;
};

}  // namespace vereda::engine
