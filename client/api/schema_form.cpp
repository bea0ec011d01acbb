#include "client/api/schema_form.h"

namespace vereda::client {
namespace {

Json type(const char* name) { return JsonObject().add("type", name).done(); }

Json map_to(const Json& value) {
    return JsonObject().add("type", "object").add("additionalProperties", value).done();
}

Json one_of(const std::vector<Json>& schemas) {
    JsonArray list;
    for (const Json& schema : schemas) list.add(schema);
    return JsonObject().add("oneOf", list.done()).done();
}

Json words(const std::vector<std::string>& words) {
    return JsonObject().add("type", "string").add("enum", json_texts(words)).done();
}

Json fields() { return map_to(one_of({type("string"), array_of(type("string"))})); }
Json entries() { return map_to(array_of(type("string"))); }
Json consents() { return map_to(words({"given", "withdrawn"})); }

}  // namespace

Json array_of(const Json& element) {
    return JsonObject().add("type", "array").add("items", element).done();
}

Json schema_of(Type<std::string>) { return type("string"); }
Json schema_of(Type<bool>) { return type("boolean"); }
Json schema_of(Type<std::uint64_t>) {
    return JsonObject().add("type", "integer").add("minimum", std::uint64_t{0}).done();
}
Json schema_of(Type<std::int64_t>) { return type("integer"); }
Json schema_of(Type<protocol::Millis>) {
    return JsonObject().add("type", "string").add("format", "date-time").done();
}
Json schema_of(Type<ContactName>) { return type("string"); }
Json schema_of(Type<std::vector<engine::FieldText>>) { return fields(); }
Json schema_of(Type<std::vector<FieldShown>>) { return fields(); }
Json schema_of(Type<std::vector<FieldExported>>) { return fields(); }
Json schema_of(Type<SeenTexts>) { return entries(); }
Json schema_of(Type<std::vector<FieldSeen>>) { return entries(); }
Json schema_of(Type<std::vector<engine::ConsentText>>) { return consents(); }
Json schema_of(Type<std::vector<ConsentShown>>) { return consents(); }

SchemaForm& SchemaForm::if_any(std::string_view name, const std::optional<engine::RowKey>&) {
    properties_.add(name, type("string"));
    return *this;
}

SchemaForm& SchemaForm::record(const ContactName&, const std::optional<engine::RecordKind>&) {
    properties_.add("contact", type("string")).add("interaction", type("string"));
    return *this;
}

Json SchemaForm::done() const {
    return JsonObject()
        .add("type", "object")
        .add("properties", properties_.done())
        .add("required", json_texts(required_))
        .done();
}

}  // namespace vereda::client
