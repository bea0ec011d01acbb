#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "protocol/log/block_budget.h"
#include "protocol/log/entry.h"

/// How large open entries become when they are closed: the one rule by which an action is accepted
/// and a block is filled. What is accepted by it can be closed.
namespace vereda::engine {

/// What one open entry needs of its block. Closing puts the place of a log in the block's table
/// where the log's ordinal stood, and an offset where the time stood.
class ClosingNeed {
  public:
    /// `in_body`: the references of the entry's body, in the open form as all of it.
    ClosingNeed(const protocol::Entry& entry, std::span<const protocol::Reference> in_body);

    /// The most bytes that it takes in a block whose table has so many rows.
    [[nodiscard]] std::size_t size_in(std::size_t table_rows) const;
    /// Ordinals of the logs that it mentions beside its own.
    [[nodiscard]] const std::set<std::uint64_t>& logs() const { return logs_; }

  private:
    void count(const protocol::Reference& reference);

    std::size_t fixed_size_ = 0;  // without the indices that closing replaces
    std::size_t indices_ = 0;
    std::set<std::uint64_t> logs_;
};

/// Fills one block.
class ClosingBudget {
  public:
    /// `heads` is the number of heads in the preamble: 0 but in `common`.
    explicit ClosingBudget(std::size_t heads) : heads_(heads), block_(heads) {}

    /// Counts one more entry if the block still closes with it; false leaves the budget as it was.
    [[nodiscard]] bool add(const ClosingNeed& need);
    /// Ordinals of all logs mentioned.
    [[nodiscard]] const std::set<std::uint64_t>& logs() const { return logs_; }

  private:
    struct Counted {
        ClosingNeed need;
        std::size_t new_rows;
    };
    [[nodiscard]] bool count_again(std::size_t rows, protocol::BlockBudget& block) const;

    std::size_t heads_;
    std::set<std::uint64_t> logs_;
    std::vector<Counted> counted_;
    protocol::BlockBudget block_;
};

/// Heads that a block names at most, and that an action leaves room for: so that what is accepted
/// in `common` fits beside the heads of turfs that come before it is closed.
inline constexpr std::size_t heads_foreseen = 400;

/// Whether a block of its own takes the entry.
[[nodiscard]] bool fits_a_block(const ClosingNeed& need, std::size_t heads = heads_foreseen);

}  // namespace vereda::engine
