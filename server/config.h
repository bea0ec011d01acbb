#pragma once

#include <expected>
#include <optional>
#include <string>

#include "server/data/hub_data.h"
#include "server/hub/hub.h"

namespace vereda::server {

/// An address to listen on, such as 127.0.0.1:8443 or [::1]:0. Port 0 takes a free one.
struct ListenAddress {
    std::string host;  ///< Without brackets.
    std::uint16_t port = 0;
    auto operator<=>(const ListenAddress&) const = default;

    /// "https://host:port", as a client would reach it.
    [[nodiscard]] std::string url() const;
    /// All addresses of the machine (0.0.0.0, ::): good to listen on, but nobody can reach it.
    [[nodiscard]] bool is_unspecified() const;
};

enum class ListenError { malformed };
[[nodiscard]] std::expected<ListenAddress, ListenError> parse_listen_address(std::string_view text);

/// What `vereda-hub serve` was told.
struct ServeConfig {
    std::string data;
    ListenAddress listen{"127.0.0.1", 8443};
    std::optional<std::string> public_url;  ///< None: where it listens.
    HubLimits limits = {};
    HostSays word = HostSays::nothing;
    unsigned threads = 2;  ///< For connections and signatures; the store has its own.
};

}  // namespace vereda::server
