#include "protocol/http/paths.h"

#include <algorithm>

namespace vereda::http {
namespace {

constexpr std::string_view prefix = "/v1/";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t workspace_digits = 2 * protocol::WorkspaceId::size;
constexpr std::size_t name_size_max = 32;

bool read_workspace(std::string_view digits, protocol::WorkspaceId& out) {
    for (std::size_t i = 0; i < out.bytes.size(); ++i) {
        const std::size_t high = hex_digits.find(digits[2 * i]);
        const std::size_t low = hex_digits.find(digits[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        out.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

bool is_name(std::string_view name) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
    return !name.empty() && name.size() <= name_size_max && std::ranges::all_of(name, fits);
}

}  // namespace

std::string message_path(const protocol::WorkspaceId& workspace, std::string_view name) {
    std::string out(prefix);
    for (const std::uint8_t byte : workspace.bytes) {
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 15];
    }
    return out.append("/").append(name);
}

std::expected<MessagePath, PathError> parse_message_path(std::string_view target) {
    const std::size_t name_start = prefix.size() + workspace_digits + 1;
    if (!target.starts_with(prefix) || target.size() < name_start ||
        target[name_start - 1] != '/') {
        return std::unexpected(PathError::malformed);
    }
    MessagePath path{.workspace = {}, .name = std::string(target.substr(name_start))};
    if (!read_workspace(target.substr(prefix.size(), workspace_digits), path.workspace) ||
        !is_name(path.name)) {
        return std::unexpected(PathError::malformed);
    }
    return path;
}

}  // namespace vereda::http
