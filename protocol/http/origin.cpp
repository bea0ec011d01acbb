#include "protocol/http/origin.h"

#include <algorithm>
#include <charconv>

namespace vereda::http {
namespace {

constexpr std::size_t host_size_max = 255;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}
bool is_address_character(char c) {
    return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

bool is_host(std::string_view host) {
    if (host.empty() || host.size() > host_size_max) return false;
    if (!host.starts_with('[')) return std::ranges::all_of(host, is_host_character);
    if (host.size() < 4 || !host.ends_with(']')) return false;
    return std::ranges::all_of(host.substr(1, host.size() - 2), is_address_character);
}

bool read_port(std::string_view text, std::uint16_t& port) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port != 0;
}

}  // namespace

std::string Origin::authority() const {
    return port == 443 ? host : host + ':' + std::to_string(port);
}

std::expected<Origin, OriginError> parse_origin(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    std::string text(url);
    std::ranges::transform(text, text.begin(), lower);
    if (!text.starts_with(scheme)) return std::unexpected(OriginError::not_https);
    text.erase(0, scheme.size());
    if (text.ends_with('/')) text.pop_back();

    Origin origin;
    const std::size_t host_end =
        text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
    origin.host = text.substr(0, host_end);
    if (!is_host(origin.host)) return std::unexpected(OriginError::malformed);
    if (host_end != std::string::npos &&
        !read_port(std::string_view(text).substr(host_end + 1), origin.port)) {
        return std::unexpected(OriginError::malformed);
    }
    return origin;
}

}  // namespace vereda::http
