#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "engine/merge/record_state.h"

namespace vereda::engine {

/// Large records that a batch of entries changes, decoded once for all of them. To write one back
/// costs what the whole of it weighs, so that is done once a batch and not once an entry: otherwise
/// one member could make every entry cost what a hundred thousand values do.
template <class Key, class Row>
class HeldRows {
  public:
    struct Held {
        Row row;
        std::string words;  ///< By which search finds it at present.
    };

    /// From here to `release` large records may be held.
    void begin() { batching_ = true; }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] Held* find(const Key& key) {
        const auto found = rows_.find(key);
        return found == rows_.end() ? nullptr : &found->second;
    }
    /// Takes one out, which is there.
    [[nodiscard]] Held take(const Key& key) { return std::move(rows_.extract(key).mapped()); }
    /// Whether a record of that size is to be held and not written back now.
    [[nodiscard]] bool wants(const RecordState& state) const {
        return batching_ && state.size() > small && rows_.size() < held_max;
    }
    void put(const Key& key, Held held) { rows_.insert_or_assign(key, std::move(held)); }
    /// Gives every held record to `store`, which writes it back, and ends the batch.
    template <class Store>
    void release(Store store) {
        batching_ = false;
        for (const auto& [key, held] : std::exchange(rows_, {})) store(key, held);
    }

  private:
    static constexpr std::size_t small = 64;      // items; so much is written back in microseconds
    static constexpr std::size_t held_max = 256;  // records; more are written back at once

    std::map<Key, Held> rows_;
    bool batching_ = false;
};

}  // namespace vereda::engine
