#pragma once

// Lives here: what is asked and answered, as JSON, both ways.
// Begin: here, then `batch_line.h`.
// Must not know: the terminal, words, the hub.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON as the program prints it: UTF-8, one line, keys in the order they were added. Reading JSON
/// is nlohmann's (client/api/batch_line.h).
namespace vereda::client {

/// `text` with quotes around it and escapes in it. Bytes that are not UTF-8 come out as U+FFFD.
[[nodiscard]] std::string json_quoted(std::string_view text);

/// A finished JSON value.
struct Json {
    std::string text;
    [[nodiscard]] static Json of(std::string_view value) { return {json_quoted(value)}; }
    [[nodiscard]] static Json null() { return {"null"}; }
};

class JsonObject {
  public:
    JsonObject& add(std::string_view key, std::string_view value);
    JsonObject& add(std::string_view key, const std::string& value) {
        return add(key, std::string_view(value));
    }
    JsonObject& add(std::string_view key, const char* value) {
        return add(key, std::string_view(value));
    }
    JsonObject& add(std::string_view key, std::uint64_t value);
    JsonObject& add(std::string_view key, std::int64_t value);
    JsonObject& add(std::string_view key, bool value);
    JsonObject& add(std::string_view key, const Json& value);
    [[nodiscard]] bool empty() const { return members_.empty(); }
    [[nodiscard]] Json done() const { return {"{" + members_ + "}"}; }

  private:
    JsonObject& add_raw(std::string_view key, std::string_view value);
    std::string members_;
};

class JsonArray {
  public:
    JsonArray& add(const Json& value);
    [[nodiscard]] Json done() const { return {"[" + elements_ + "]"}; }

  private:
    std::string elements_;
};

[[nodiscard]] Json json_texts(const std::vector<std::string>& texts);

}  // namespace vereda::client
