#pragma once

#include <vector>

#include "engine/log/local_dot.h"
#include "engine/storage/statement.h"
#include "protocol/log/preamble.h"

namespace vereda::engine {

/// A block by its place in its log here.
struct BlockAt {
    LogOrdinal log;
    std::uint64_t block_no = 0;
    auto operator<=>(const BlockAt&) const = default;
};

/// What applied blocks claim to have seen and nobody has shown here: rows of their tables, by the
/// beginning of the hash of the block that would prove them. Of a table that is proven as a whole
/// one row is kept, with the others beside it. Part of the projection and of its image, so a block
/// that proves a row is asked for it whenever it comes.
/// Source: docs/protocol.md "What a row proves".
class UnprovenRows {
  public:
    explicit UnprovenRows(Database& database);

    struct Waiting {
        BlockAt block;
        protocol::BlockHashStart start{};
        std::vector<protocol::BlockHashStart> rest;  ///< Of a table that is proven as a whole.
    };
    void add(const Waiting& row);
    /// The rows that a block of this hash may prove; they are forgotten.
    [[nodiscard]] std::vector<Waiting> take(const protocol::BlockHash& hash);
    /// In the order of their starts.
    [[nodiscard]] std::vector<Waiting> all(std::size_t limit);
    [[nodiscard]] std::size_t count() const { return count_; }

  private:
    Database* database_;
    std::size_t count_ = 0;  // mostly 0: then no block has to ask
    Statement insert_;
    Statement select_;
    Statement delete_;
    Statement select_all_;
};

}  // namespace vereda::engine
