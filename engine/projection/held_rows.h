#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "engine/merge/record_state.h"

namespace vereda::engine {

/// Large records that entries change, decoded once for many of them. To write one back costs what
/// the whole of it weighs, so that is done when somebody looks and not at every entry: otherwise
/// one member could make every entry cost what a hundred thousand values do.
template <class Key, class Row>
class HeldRows {
  public:
    /// The record of that name; null when it is not held.
    [[nodiscard]] Row* find(const Key& key) {
        const auto found = rows_.find(key);
        return found == rows_.end() ? nullptr : &found->second;
    }
    /// Takes one out, which is there.
    [[nodiscard]] Row take(const Key& key) { return std::move(rows_.extract(key).mapped()); }
    /// Whether a record of that size is to be held and not written back now.
    [[nodiscard]] bool wants(const RecordState& state) const {
        return state.size() > small && rows_.size() < held_max;
    }
    void put(const Key& key, Row row) { rows_.insert_or_assign(key, std::move(row)); }
    /// Gives every held record to `store`, which writes it back.
    template <class Store>
    void release(Store store) {
        for (const auto& [key, row] : std::exchange(rows_, {})) store(key, row);
    }

  private:
    static constexpr std::size_t small = 64;      // items; so much is written back in microseconds
    static constexpr std::size_t held_max = 256;  // records; more are written back at once

    std::map<Key, Row> rows_;
};

}  // namespace vereda::engine
