#pragma once

#include <optional>
#include <string>

#include "engine/queries/like_names.h"
#include "engine/queries/queries.h"

/// Who wrote something, as it is shown. Everybody chooses the own name, so two may have one name or
/// names that look alike: then the beginning of the id stands beside it ("Bruno #7k2m"). Answers in
/// JSON have the whole ids always.
namespace vereda::client {

/// Names for people to read. The roster is looked through at the first question.
class ShownNames {
  public:
    explicit ShownNames(engine::Workspace& workspace) : workspace_(workspace) {}

    [[nodiscard]] std::string member(const engine::Author& author);
    [[nodiscard]] std::string device(const engine::Author& author);
    /// "Bruno (old laptop)".
    [[nodiscard]] std::string both(const engine::Author& author);

  private:
    engine::Workspace& workspace_;
    std::optional<engine::LikeNames> members_;
    std::optional<engine::LikeNames> devices_;
};

/// Text forms of the ids; empty where nothing is known.
[[nodiscard]] std::string member_id_of(const engine::Author& author);
[[nodiscard]] std::string device_id_of(const engine::Author& author);

}  // namespace vereda::client
