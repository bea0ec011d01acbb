#include "server/config.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace vereda::server {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

}  // namespace

std::string ListenAddress::url() const {
    const bool is_ipv6 = host.find(':') != std::string::npos;
    const std::string name = is_ipv6 ? "[" + host + "]" : host;
    return "https://" + name + (port == 443 ? "" : ":" + std::to_string(port));
}

bool ListenAddress::is_unspecified() const {
    std::array<unsigned char, 16> address{};
    const auto is_zero = [&](std::size_t first, std::size_t last) {
        return std::all_of(
            address.begin() + static_cast<std::ptrdiff_t>(first),
            address.begin() + static_cast<std::ptrdiff_t>(last),
            [](unsigned char byte) { return byte == 0; });
    };
    if (::inet_pton(AF_INET, host.c_str(), address.data()) == 1) return is_zero(0, 4);
    if (::inet_pton(AF_INET6, host.c_str(), address.data()) != 1) return false;
    const bool is_ipv4 = is_zero(0, 10) && address[10] == 0xff && address[11] == 0xff;
    return is_zero(0, 16) || (is_ipv4 && is_zero(12, 16));
}

std::expected<ListenAddress, ListenError> parse_listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::unexpected(ListenError::malformed);
    const auto port = parse_port(text.substr(colon + 1));
    std::string_view host = text.substr(0, colon);
    const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
    if (is_bracketed) host = host.substr(1, host.size() - 2);
    const bool has_colon = host.find(':') != std::string_view::npos;
    if (!port || host.empty() || has_colon != is_bracketed) {
        return std::unexpected(ListenError::malformed);
    }
    return ListenAddress{std::string(host), *port};
}

}  // namespace vereda::server
