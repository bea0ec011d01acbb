#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "client/api/json_text.h"
#include "protocol/ids.h"

/// Values as JSON. Each struct names its members once, in a function `members(form, value)`; three
/// forms go by that table: this one writes, RequestReader (request_reader.h) reads, and SchemaForm
/// (client/api/schema_form.h) says in openapi.json what there is.
namespace vereda::client {

/// `Value` is `Struct` or `const Struct`: a table of members serves both.
template <class Value, class Struct>
concept Is = std::same_as<std::remove_const_t<Value>, Struct>;

/// A member that is there under a condition.
template <class Value>
[[nodiscard]] std::optional<Value> when(bool condition, const Value& value) {
    return condition ? std::optional(value) : std::nullopt;
}

class JsonWriter;

[[nodiscard]] inline Json json_of(const std::string& text) { return Json::of(text); }
[[nodiscard]] Json json_of(protocol::Millis when);  ///< ISO 8601, in UTC.
[[nodiscard]] Json json_of(std::same_as<bool> auto value) { return {value ? "true" : "false"}; }
[[nodiscard]] Json json_of(std::same_as<std::uint64_t> auto value) {
    return {std::to_string(value)};
}
[[nodiscard]] Json json_of(std::same_as<std::int64_t> auto value) {
    return {std::to_string(value)};
}

template <class Value>
requires requires(JsonWriter& form, const Value& value) { members(form, value); }
[[nodiscard]] Json json_of(const Value& value);

template <class Value>
[[nodiscard]] Json json_of(const std::vector<Value>& values) {
    JsonArray array;
    for (const Value& value : values) array.add(json_of(value));
    return array.done();
}

/// Writes the members of a value, in the order of their table.
class JsonWriter {
  public:
    template <class Value>
    JsonWriter& member(std::string_view name, const Value& value) {
        object_.add(name, json_of(value));
        return *this;
    }
    /// Left out when it is empty, false or nothing.
    template <class Value>
    JsonWriter& if_any(std::string_view name, const Value& value) {
        if constexpr (std::same_as<Value, bool>) {
            return value ? member(name, value) : *this;
        } else if constexpr (requires { value.has_value(); }) {
            return value ? member(name, *value) : *this;
        } else {
            return value.empty() ? *this : member(name, value);
        }
    }
    [[nodiscard]] Json done() const { return object_.done(); }

  private:
    JsonObject object_;
};

template <class Value>
requires requires(JsonWriter& form, const Value& value) { members(form, value); }
Json json_of(const Value& value) {
    JsonWriter form;
    members(form, value);
    return form.done();
}

}  // namespace vereda::client
