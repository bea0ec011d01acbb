#include "client/api/json_text.h"

#include <array>

#include "engine/text/utf8.h"

namespace vereda::client {
namespace {

void append_escaped(std::string& to, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    to += "\\u00";
    to += digits[byte >> 4];
    to += digits[byte & 15];
}

void append_character(std::string& to, char c) {
    switch (c) {
        case '"':
            to += "\\\"";
            return;
        case '\\':
            to += "\\\\";
            return;
        case '\n':
            to += "\\n";
            return;
        case '\r':
            to += "\\r";
            return;
        case '\t':
            to += "\\t";
            return;
        default:
            // DEL too: an answer may end up on a terminal.
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return append_escaped(to, c);
            to += c;
    }
}

}  // namespace

std::string json_quoted(std::string_view text) {
    std::string replaced;
    if (!engine::is_valid_utf8(text)) {
        replaced = engine::make_valid_utf8(text);
        text = replaced;
    }
    std::string quoted = "\"";
    for (const char c : text) append_character(quoted, c);
    quoted += '"';
    return quoted;
}

JsonObject& JsonObject::add_raw(std::string_view key, std::string_view value) {
    if (!members_.empty()) members_ += ',';
    members_ += json_quoted(key);
    members_ += ':';
    members_ += value;
    return *this;
}

JsonObject& JsonObject::add(std::string_view key, std::string_view value) {
    return add_raw(key, json_quoted(value));
}
JsonObject& JsonObject::add(std::string_view key, std::uint64_t value) {
    return add_raw(key, std::to_string(value));
}
JsonObject& JsonObject::add(std::string_view key, std::int64_t value) {
    return add_raw(key, std::to_string(value));
}
JsonObject& JsonObject::add(std::string_view key, bool value) {
    return add_raw(key, value ? "true" : "false");
}
JsonObject& JsonObject::add(std::string_view key, const Json& value) {
    return add_raw(key, value.text);
}

JsonArray& JsonArray::add(const Json& value) {
    if (!elements_.empty()) elements_ += ',';
    elements_ += value.text;
    return *this;
}

Json json_texts(const std::vector<std::string>& texts) {
    JsonArray array;
    for (const std::string& text : texts) array.add(Json::of(text));
    return array.done();
}

}  // namespace vereda::client
