#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "protocol/ids.h"

/// Where the hub's messages live: `/v1/<workspace, 64 hex digits>/<name>`. Source:
/// docs/protocol/sync.md "HTTP profile".
namespace vereda::http {

inline constexpr std::string_view hub_path = "/v1/hub";
inline constexpr std::string_view health_path = "/healthz";
inline constexpr std::string_view metrics_path = "/metrics";
inline constexpr std::string_view message_content_type = "application/cbor";

struct MessagePath {
    protocol::WorkspaceId workspace;
    std::string name;  ///< Lower-case letters and hyphens, at most 32 characters.
    auto operator<=>(const MessagePath&) const = default;
};

enum class PathError { malformed };

[[nodiscard]] std::string message_path(
    const protocol::WorkspaceId& workspace, std::string_view name);
/// One spelling only: no query, no escapes, no upper-case digits. Error: `malformed`.
[[nodiscard]] std::expected<MessagePath, PathError> parse_message_path(std::string_view target);

}  // namespace vereda::http
