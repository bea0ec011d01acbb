#include "engine/workspace/closing_budget.h"

#include <algorithm>

namespace vereda::engine {
namespace {

// The longest integer in CBOR: what a time may need, seen from any base.
constexpr std::size_t integer_size_max = 9;

std::size_t integer_size(std::uint64_t value) {
    if (value < 24) return 1;
    if (value < 1U << 8) return 2;
    if (value < 1U << 16) return 3;
    return value < std::uint64_t{1} << 32 ? 5 : integer_size_max;
}

std::size_t time_size(std::int64_t time) {
    return integer_size(static_cast<std::uint64_t>(time < 0 ? -1 - time : time));
}

}  // namespace

ClosingNeed::ClosingNeed(const protocol::Entry& entry, std::span<const protocol::Reference> in_body)
    : fixed_size_(
          protocol::encode_entry(entry).size() - time_size(entry.time_offset_ms) +
          integer_size_max) {
    if (entry.record) count(*entry.record);
    if (entry.parent) count(*entry.parent);
    for (const protocol::Reference& reference : in_body) count(reference);
}

// Index 0, the entry's own log, stays as it is.
void ClosingNeed::count(const protocol::Reference& reference) {
    if (reference.index == 0) return;
    fixed_size_ -= integer_size(reference.index);
    ++indices_;
    logs_.insert(reference.index);
}

std::size_t ClosingNeed::size_in(std::size_t table_rows) const {
    return fixed_size_ + indices_ * integer_size(table_rows);
}

bool ClosingBudget::add(const ClosingNeed& need) {
    const auto is_new = [this](std::uint64_t log) { return !logs_.contains(log); };
    const auto new_rows = static_cast<std::size_t>(std::ranges::count_if(need.logs(), is_new));
    const std::size_t rows = logs_.size() + new_rows;
    protocol::BlockBudget block = block_;
    // A longer table may make the indices of all entries longer.
    if (integer_size(rows) != integer_size(logs_.size()) && !count_again(rows, block)) return false;
    if (!block.add(need.size_in(rows), new_rows)) return false;
    block_ = block;
    logs_.insert(need.logs().begin(), need.logs().end());
    counted_.push_back({need, new_rows});
    return true;
}

bool ClosingBudget::count_again(std::size_t rows, protocol::BlockBudget& block) const {
    block = protocol::BlockBudget(heads_);
    return std::ranges::all_of(counted_, [&](const Counted& before) {
        return block.add(before.need.size_in(rows), before.new_rows);
    });
}

bool fits_a_block(const ClosingNeed& need, std::size_t heads) {
    return ClosingBudget(heads).add(need);
}

}  // namespace vereda::engine
