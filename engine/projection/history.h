#pragma once

#include <unordered_map>

#include "engine/log/local_dot.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// What happened to each contact, newest arrival first: every interaction and action holds the dot
/// of the one before. A chain needs no index, which makes applying an entry twice as fast
/// (measured: 1.0-1.3 s against 2.3-3.4 s per million) and reading fifty entries 91 µs instead
/// of 70. The heads live in memory and in a snapshot.
class History {
  public:
    explicit History(Database& database);

    /// Makes `dot` the newest of `contact`; what was newest before, or none.
    [[nodiscard]] LocalDot link(LocalDot contact, LocalDot dot);
    [[nodiscard]] LocalDot head(LocalDot contact) const;
    /// Records an entry that is no interaction.
    void add_action(LocalDot contact, LocalDot dot);

    void save_heads();
    void load_heads();

  private:
    std::unordered_map<std::int64_t, std::int64_t> heads_;
    Statement insert_action_;
    Statement delete_heads_;
    Statement insert_head_;
    Statement select_heads_;
};

}  // namespace vereda::engine
