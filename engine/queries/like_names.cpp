#include "engine/queries/like_names.h"

#include <algorithm>

#include "engine/queries/queries.h"
#include "engine/text/look_alike.h"
#include "protocol/text_id.h"

namespace vereda::engine {
namespace {

std::size_t length_in_common(std::string_view one, std::string_view other) {
    const auto [end, ignored] = std::ranges::mismatch(one, other);
    return static_cast<std::size_t>(end - one.begin());
}

}  // namespace

void LikeNames::add(std::string_view name, const std::string& id) {
    for (const std::string& key : look_alike_keys(name)) ids_[key].insert(id);
}

std::set<std::string> LikeNames::others_like(std::string_view name, std::string_view id) const {
    std::set<std::string> others;
    for (const std::string& key : look_alike_keys(name)) {
        const auto found = ids_.find(key);
        if (found != ids_.end()) others.insert(found->second.begin(), found->second.end());
    }
    others.erase(std::string(id));
    return others;
}

std::string LikeNames::mark_of(std::string_view name, std::string_view id) const {
    const std::set<std::string> others = others_like(name, id);
    if (others.empty()) return {};
    std::size_t length = protocol::text_id_prefix_min;
    for (const std::string& other : others)
        length = std::max(length, length_in_common(id, other) + 1);
    return std::string(id.substr(0, length));
}

LikeNames like_member_names(Workspace& workspace) {
    const Queries queries(workspace);
    LikeNames names;
    for (const RosterMember& member : workspace.roster().members())
        names.add(queries.member_name(member.id), protocol::text_id(member.id.view()));
    return names;
}

LikeNames like_device_names(Workspace& workspace) {
    const Queries queries(workspace);
    LikeNames names;
    for (const RosterDevice& device : workspace.roster().devices()) {
        const protocol::DeviceId id = device.keys.device;
        names.add(queries.device_name(id), protocol::text_id(id.view()));
    }
    return names;
}

}  // namespace vereda::engine
