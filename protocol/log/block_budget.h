#pragma once

#include <cstddef>
#include <cstdint>

/// How much fits into one block.
namespace vereda::protocol {

/// Says whether one more entry fits into a block, before it is too late. What it lets through,
/// `close_block` closes.
class BlockBudget {
  public:
    /// `heads` is the number of heads in the preamble: 0 but in `common`.
    explicit BlockBudget(std::size_t heads = 0);
    /// Counts an entry of `entry_size` bytes that adds `new_table_rows` logs to the preamble's
    /// table, if it fits; false leaves the budget as it was. An empty budget takes every entry up
    /// to `entry_size_max` with some hundred rows.
    [[nodiscard]] bool add(std::size_t entry_size, std::size_t new_table_rows = 0);

  private:
    std::uint32_t entries_ = 0;
    std::size_t entries_size_ = 0;
    std::size_t preamble_size_;
};

}  // namespace vereda::protocol
