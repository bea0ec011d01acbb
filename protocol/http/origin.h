#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace vereda::http {

enum class OriginError { not_https, malformed };

/// Where a hub is reached: scheme https, host, port; nothing behind it. The hub's comes from its
/// configuration, the client's from the invite: signatures are checked against these, never against
/// a Host field.
struct Origin {
    std::string host;  ///< Lower case; an IPv6 address stands in brackets.
    std::uint16_t port = 443;
    auto operator<=>(const Origin&) const = default;

    /// "@authority" of RFC 9421 §2.2.3: the port only when it is not 443.
    [[nodiscard]] std::string authority() const;
    [[nodiscard]] std::string url() const { return "https://" + authority(); }
};

/// Reads "https://host[:port][/]". Errors: `not_https`; `malformed` for a path, query, user, or a
/// bad host or port.
[[nodiscard]] std::expected<Origin, OriginError> parse_origin(std::string_view url);

}  // namespace vereda::http
