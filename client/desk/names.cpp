#include "client/desk/names.h"

#include <algorithm>

#include "engine/schema/typed_value.h"
#include "engine/text/utf8.h"

namespace vereda::client {
namespace {

bool is_control(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f;
}

std::size_t characters_of(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(
        utf8, [](char letter) { return (static_cast<unsigned char>(letter) & 0xc0) != 0x80; }));
}

}  // namespace

Or<std::string> read_name(const std::string& typed) {
    if (!engine::is_valid_utf8(typed) || std::ranges::any_of(typed, is_control))
        return std::unexpected(problem_of(ClientProblem::unreadable_name));
    std::string name(engine::trimmed(typed));
    if (name.empty()) return std::unexpected(problem_of(ClientProblem::empty_name));
    if (characters_of(name) > name_size_max)
        return std::unexpected(problem_of(ClientProblem::long_name));
    return name;
}

Or<engine::NewVault> read_owner(const std::string& member, const std::string& device) {
    auto member_name = read_name(member);
    if (!member_name) return std::unexpected(member_name.error());
    auto device_name = read_name(device);
    if (!device_name) return std::unexpected(device_name.error());
    return engine::NewVault{std::move(*member_name), std::move(*device_name)};
}

}  // namespace vereda::client
