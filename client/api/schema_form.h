#pragma once

#include <type_traits>

#include "client/api/json_writer.h"
#include "client/desk/exported.h"
#include "client/desk/requests.h"
#include "client/desk/shown.h"

namespace vereda::client {

/// Says what a value is made of, as JSON Schema, by the table of its members (json_writer.h).
class SchemaForm;

template <class Value>
struct Type {};

[[nodiscard]] Json schema_of(Type<std::string>);
[[nodiscard]] Json schema_of(Type<bool>);
[[nodiscard]] Json schema_of(Type<std::uint64_t>);
[[nodiscard]] Json schema_of(Type<std::int64_t>);
[[nodiscard]] Json schema_of(Type<protocol::Millis>);
[[nodiscard]] Json schema_of(Type<ContactName>);
/// {NAME: value or values}
[[nodiscard]] Json schema_of(Type<std::vector<engine::FieldText>>);
[[nodiscard]] Json schema_of(Type<std::vector<FieldShown>>);
[[nodiscard]] Json schema_of(Type<std::vector<FieldExported>>);
/// {NAME: [ENTRY…]}
[[nodiscard]] Json schema_of(Type<SeenTexts>);
[[nodiscard]] Json schema_of(Type<std::vector<FieldSeen>>);
/// {CHANNEL: "given" or "withdrawn"}
[[nodiscard]] Json schema_of(Type<std::vector<engine::ConsentText>>);
[[nodiscard]] Json schema_of(Type<std::vector<ConsentShown>>);

[[nodiscard]] Json array_of(const Json& element);

template <class Value>
[[nodiscard]] Json schema_of(Type<std::vector<Value>>);
template <class Value>
[[nodiscard]] Json schema_of(Type<std::optional<Value>>) {
    return schema_of(Type<Value>{});
}
template <class Value>
requires requires(SchemaForm& form, Value& value) { members(form, value); }
[[nodiscard]] Json schema_of(Type<Value>);

class SchemaForm {
  public:
    template <class Value>
    SchemaForm& member(std::string_view name, const Value&) {
        required_.push_back(std::string(name));
        properties_.add(name, schema_of(Type<Value>{}));
        return *this;
    }
    template <class Value>
    SchemaForm& if_any(std::string_view name, const Value&) {
        properties_.add(name, schema_of(Type<Value>{}));
        return *this;
    }
    /// Of one key's name, as a request has it: the source stands beside it.
    SchemaForm& if_any(std::string_view name, const std::optional<engine::RowKey>&);
    /// One of two names, which says what the record is.
    SchemaForm& record(const ContactName&, const std::optional<engine::RecordKind>&);
    [[nodiscard]] Json done() const;

  private:
    JsonObject properties_;
    std::vector<std::string> required_;
};

template <class Value>
Json schema_of(Type<std::vector<Value>>) {
    return array_of(schema_of(Type<Value>{}));
}

template <class Value>
requires requires(SchemaForm& form, Value& value) { members(form, value); }
Json schema_of(Type<Value>) {
    SchemaForm form;
    Value value{};
    members(form, value);
    return form.done();
}

}  // namespace vereda::client
