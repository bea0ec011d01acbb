#pragma once

#include <string>

namespace vereda::client {

/// What the desk takes and answers, as OpenAPI 3.1: the schemas of the requests and of the answers.
/// Paths come with the page. docs/openapi.json is this text, and a test keeps it so.
[[nodiscard]] std::string openapi_text();

}  // namespace vereda::client
