#include "engine/queries/queries.h"
#include "engine/text/fold.h"
#include "protocol/text_id.h"

/// Names of members, devices and turfs, as `common` gives them.
namespace vereda::engine {

std::string Queries::name_of(protocol::Profile::Kind kind, ByteView id) const {
    std::string name = workspace_.projection().profiles().name_of(kind, id);
    return name.empty() ? protocol::text_id(id) : name;
}

Author Queries::author_of(LocalDot entry) const {
    const LogInfo& log = workspace_.store().info(entry.log());
    if (!log.described) return {};
    const auto member = workspace_.roster().member_of(log.device);
    return {
        member ? member_name(*member) : std::string(), device_name(log.device), member, log.device};
}

std::string Queries::member_name(const protocol::MemberId& member) const {
    return name_of(protocol::Profile::Kind::member, member.view());
}

std::string Queries::device_name(const protocol::DeviceId& device) const {
    return name_of(protocol::Profile::Kind::device, device.view());
}

std::string Queries::turf_name(TurfNumber turf) const {
    if (turf.value == 0) return "common";
    return name_of(protocol::Profile::Kind::turf, workspace_.store().turf(turf).view());
}

std::string Queries::workspace_name() const {
    return name_of(protocol::Profile::Kind::workspace, workspace_.identity().workspace.view());
}

std::vector<TurfNumber> Queries::turfs() const {
    std::vector<TurfNumber> held;
    const Roster& roster = workspace_.roster();
    if (roster.empty()) return held;
    for (const protocol::TurfId& turf : roster.turfs_of(workspace_.identity().keys.device()))
        held.push_back(workspace_.number_of(turf));
    return held;
}

std::vector<TurfNumber> Queries::find_turfs(std::string_view name) const {
    std::vector<TurfNumber> found;
    const std::string wanted = fold(name);
    const auto start = protocol::parse_text_id(name);
    for (const TurfNumber turf : turfs()) {
        const std::string id = protocol::text_id(workspace_.store().turf(turf).view());
        const bool named = !wanted.empty() && fold(turf_name(turf)) == wanted;
        if (named || (start && id.starts_with(*start))) found.push_back(turf);
    }
    // An exact name goes before all that are only like it.
    for (const TurfNumber turf : found) {
        if (turf_name(turf) == name) return exact_turfs(found, name);
    }
    return found;
}

std::vector<TurfNumber> Queries::exact_turfs(
    const std::vector<TurfNumber>& found, std::string_view name) const {
    std::vector<TurfNumber> exact;
    for (const TurfNumber turf : found) {
        if (turf_name(turf) == name) exact.push_back(turf);
    }
    return exact;
}

}  // namespace vereda::engine
