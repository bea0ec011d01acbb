#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/merge/record_state.h"

namespace vereda::engine {

/// What a record in parts shows. It reads one part after another, and answers as `RecordState` does
/// for a whole state.
class ShownOfParts {
  public:
    explicit ShownOfParts(const DotOrder& order) : order_(order) {}

    void read(const RecordState& part);
    [[nodiscard]] bool retracted() const { return retracted_; }
    /// Registers with more than one different live value.
    [[nodiscard]] std::size_t conflicts() const;
    /// The value that shows first in a field; empty when the field has none.
    [[nodiscard]] std::string_view first(std::uint32_t field) const;

  private:
    struct Value {
        std::int64_t at_ms = 0;
        LocalDot dot;
        std::string value;
    };
    struct Field {
        std::optional<Value> first;
        std::optional<std::string> of_register;
        bool in_conflict = false;
    };
    void read_item(const RecordState::Item& item);
    [[nodiscard]] bool shows_before(const RecordState::Item& item, const Value& value) const;

    const DotOrder& order_;
    std::map<std::uint32_t, Field> fields_;
    bool retracted_ = false;
};

}  // namespace vereda::engine
