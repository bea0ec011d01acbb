#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/desk/problems/problem.h"
#include "client/desk/requests.h"

namespace vereda::client {

/// Reads the members of a request out of a JSON object, by its table (json_writer.h). Each name is
/// taken once; what is left at the end is unknown. The first thing that is wrong throws.
class RequestReader {
  public:
    /// Thrown: what is wrong with the object.
    struct Malformed {
        Problem problem;
    };

    /// Keys are those of `source`. Times like "yesterday" are seen from `now`.
    RequestReader(const nlohmann::json& object, std::string source, protocol::Millis now)
        : object_(object), source_(std::move(source)), now_(now) {}

    RequestReader& member(const char* name, std::string& text);
    RequestReader& member(const char* name, ContactName& contact);
    RequestReader& if_any(const char* name, std::string& text);
    RequestReader& if_any(const char* name, std::optional<std::string>& text);
    RequestReader& if_any(const char* name, std::optional<protocol::Millis>& time);
    RequestReader& if_any(const char* name, std::optional<engine::RowKey>& key);
    /// {"field": value or [values]}
    RequestReader& if_any(const char* name, std::vector<engine::FieldText>& fields);
    /// {"channel": "given" or "withdrawn"}
    RequestReader& if_any(const char* name, std::vector<engine::ConsentText>& consents);
    /// {"field": [entries]}
    RequestReader& if_any(const char* name, SeenTexts& seen);
    /// "contact" or "interaction": which of the two names says what it is.
    RequestReader& record(ContactName& record, std::optional<engine::RecordKind>& kind);

    /// Names that nobody takes are an error: a mistyped one would be lost silently.
    void expect_no_more() const;

  private:
    const nlohmann::json* take(const char* name);
    const nlohmann::json& expect(const char* name);

    const nlohmann::json& object_;
    std::string source_;
    protocol::Millis now_;
    std::vector<std::string> taken_;
};

}  // namespace vereda::client
