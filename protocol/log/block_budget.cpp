#include "protocol/log/block_budget.h"

#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

// array, base and array head; a row [log, seq, 8 bytes] and a head [log, seq, hash] at their
// longest
constexpr std::size_t preamble_fixed_size = 1 + 9 + 3 + 3;
constexpr std::size_t table_row_size = 1 + 34 + 9 + 9;
constexpr std::size_t head_row_size = 1 + 34 + 9 + 34;

}  // namespace

BlockBudget::BlockBudget(std::size_t heads)
    : preamble_size_(preamble_fixed_size + heads * head_row_size) {}

bool BlockBudget::add(std::size_t entry_size, std::size_t new_table_rows) {
    const std::size_t preamble_size = preamble_size_ + new_table_rows * table_row_size;
    if (entries_ == block_entries_max || entry_size > entry_size_max ||
        entries_size_ + entry_size > entries_size_max || preamble_size > preamble_size_max) {
        return false;
    }
    ++entries_;
    entries_size_ += entry_size;
    preamble_size_ = preamble_size;
    return true;
}

}  // namespace vereda::protocol
