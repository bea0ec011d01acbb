#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/workspace/workspace.h"
#include "protocol/ids.h"

namespace vereda::engine {

/// Names of things of one kind, and which of them can be taken for one another. Everybody chooses
/// the own name, so a name alone does not say who wrote something; the key does, and of it the id.
class LikeNames {
  public:
    /// `id` is the text form of its id.
    void add(std::string_view name, const std::string& id);
    /// The beginning of `id` that tells it from all whose names are like `name`, four characters
    /// and as many more as it takes; empty when there are none.
    [[nodiscard]] std::string mark_of(std::string_view name, std::string_view id) const;

  private:
    [[nodiscard]] std::set<std::string> others_like(
        std::string_view name, std::string_view id) const;

    std::map<std::string, std::set<std::string>> ids_;  // by look_alike_keys()
};

/// All members of the roster, also those who left.
[[nodiscard]] LikeNames like_member_names(Workspace& workspace);
/// All laptops of the roster, also those that were retired.
[[nodiscard]] LikeNames like_device_names(Workspace& workspace);

}  // namespace vereda::engine
