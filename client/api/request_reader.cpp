#include "client/api/request_reader.h"

#include <nlohmann/json.hpp>

#include "client/desk/times/time_text.h"

namespace vereda::client {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(Problem problem) { throw RequestReader::Malformed{std::move(problem)}; }

std::string text_of(const json& value, const std::string& name) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return {};
    if (value.is_number_float())  // 5.73E+11 was a telephone number or a key once
        refuse(usage("malformed.exponent", {{"name", name}}));
    if (value.is_number() || value.is_boolean()) return value.dump();
    refuse(usage("malformed.not_text", {{"name", name}}));
}

}  // namespace

const json* RequestReader::take(const char* name) {
    taken_.emplace_back(name);
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const json& RequestReader::expect(const char* name) {
    const json* value = take(name);
    if (value == nullptr) refuse(usage("malformed.missing", {{"name", name}}));
    return *value;
}

RequestReader& RequestReader::member(const char* name, std::string& text) {
    text = text_of(expect(name), name);
    return *this;
}

RequestReader& RequestReader::member(const char* name, ContactName& contact) {
    contact = {text_of(expect(name), name), source_};
    return *this;
}

RequestReader& RequestReader::if_any(const char* name, std::string& text) {
    if (const json* value = take(name)) text = text_of(*value, name);
    return *this;
}

RequestReader& RequestReader::if_any(const char* name, std::optional<std::string>& text) {
    if (const json* value = take(name)) text = text_of(*value, name);
    return *this;
}

RequestReader& RequestReader::if_any(const char* name, std::optional<engine::RowKey>& key) {
    if (const json* value = take(name)) key = engine::RowKey{source_, text_of(*value, name)};
    return *this;
}

RequestReader& RequestReader::if_any(const char* name, std::optional<protocol::Millis>& time) {
    const json* value = take(name);
    if (value == nullptr) return *this;
    const auto read = value->is_number_integer() ? moment_of_number(value->get<std::int64_t>())
                                                 : parse_moment(text_of(*value, name), now_);
    if (!read && read.error() == MomentError::maybe_seconds)
        refuse(usage("malformed.seconds", {{"name", name}}));
    if (!read) refuse(usage("malformed.not_a_time", {{"name", name}}));
    time = *read;
    return *this;
}

RequestReader& RequestReader::if_any(const char* name, std::vector<engine::FieldText>& fields) {
    const json* value = take(name);
    if (value == nullptr) return *this;
    if (!value->is_object()) refuse(usage("malformed.not_an_object", {{"name", name}}));
    for (const auto& [field, content] : value->items()) {
        if (!content.is_array()) {
            fields.push_back({field, text_of(content, field)});
            continue;
        }
        for (const json& element : content) fields.push_back({field, text_of(element, field)});
    }
    return *this;
}

RequestReader& RequestReader::if_any(const char* name, std::vector<engine::ConsentText>& consents) {
    std::vector<engine::FieldText> texts;
    if_any(name, texts);
    for (const engine::FieldText& one : texts) {
        if (one.value != "given" && one.value != "withdrawn") refuse(usage("malformed.consent"));
        consents.push_back({one.field, one.value == "given"});
    }
    return *this;
}

RequestReader& RequestReader::if_any(const char* name, SeenTexts& seen) {
    const json* value = take(name);
    if (value == nullptr) return *this;
    if (!value->is_object()) refuse(usage("malformed.not_an_object", {{"name", name}}));
    for (const auto& [field, entries] : value->items()) {
        if (!entries.is_array()) refuse(usage("malformed.seen"));
        std::vector<std::string>& of_field = seen[field];
        for (const json& entry : entries) of_field.push_back(text_of(entry, name));
    }
    return *this;
}

RequestReader& RequestReader::record(ContactName& record, std::optional<engine::RecordKind>& kind) {
    using enum engine::RecordKind;
    kind = object_.contains("interaction") ? interaction : contact;
    return member(*kind == interaction ? "interaction" : "contact", record);
}

void RequestReader::expect_no_more() const {
    for (const auto& [name, value] : object_.items())
        if (std::ranges::find(taken_, name) == taken_.end())
            refuse(usage("malformed.unknown_member", {{"name", name}}));
}

}  // namespace vereda::client
