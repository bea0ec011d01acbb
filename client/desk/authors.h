#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/queries/like_names.h"
#include "engine/queries/queries.h"

namespace vereda::client {

/// Who wrote something. Everybody chooses the own name, so two may have one name or names that look
/// alike: then a mark, the beginning of the id, belongs beside it ("Bruno #7k2m").
struct AuthorShown {
    std::string member;
    std::string member_id;    ///< Text form; empty where the roster does not know it yet.
    std::string member_mark;  ///< Empty where no other member has such a name.
    std::string device;
    std::string device_id;    ///< Empty where nothing is known of the log yet.
    std::string device_mark;  ///< Empty where no other laptop has such a name.
};

/// Names for people to read.
[[nodiscard]] std::string member_words(const AuthorShown& author);
[[nodiscard]] std::string device_words(const AuthorShown& author);
/// "Bruno (old laptop)".
[[nodiscard]] std::string author_words(const AuthorShown& author);

/// Authors as they are shown. The roster is looked through at the first question.
class Authors {
  public:
    explicit Authors(engine::Workspace& workspace) : workspace_(workspace) {}
    [[nodiscard]] AuthorShown shown(const engine::Author& author);

  private:
    /// Names of one kind, and the marks that were asked for, by name and id.
    struct Marks {
        engine::LikeNames names;
        std::map<std::pair<std::string, std::string>, std::string> found = {};
        [[nodiscard]] std::string of(const std::string& name, const std::string& id);
    };

    engine::Workspace& workspace_;
    std::optional<Marks> members_;
    std::optional<Marks> devices_;
};

}  // namespace vereda::client
