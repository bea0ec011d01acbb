#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "crypto/bytes.h"

namespace vereda::engine {

/// Sealed things that lie in two tables, so that one rotten bit takes none of them.
template <class Key>
class SealedPairs {
  public:
    using Sealed = std::map<Key, Bytes>;
    /// Whether that seal opens under that key.
    using Opens = std::function<bool(const Key&, const Bytes&)>;

    SealedPairs(Sealed rows, Sealed copies, Opens opens)
        : rows_(std::move(rows)), copies_(std::move(copies)), opens_(std::move(opens)) {}

    [[nodiscard]] std::set<Key> keys() const {
        std::set<Key> keys;
        for (const Sealed* table : {&rows_, &copies_})
            for (const auto& [key, sealed] : *table) keys.insert(key);
        return keys;
    }
    [[nodiscard]] std::size_t larger_table_size() const {
        return std::max(rows_.size(), copies_.size());
    }
    [[nodiscard]] bool is_in_one_table(const Key& key) const {
        return rows_.contains(key) != copies_.contains(key);
    }
    /// Both are there, alike, and open.
    [[nodiscard]] bool is_sound(const Key& key) const {
        const auto row = rows_.find(key), copy = copies_.find(key);
        return row != rows_.end() && copy != copies_.end() && row->second == copy->second &&
               opens_(key, row->second);
    }
    /// One that opens; null when neither does.
    [[nodiscard]] const Bytes* sound_copy(const Key& key) const {
        for (const Sealed* table : {&rows_, &copies_}) {
            const auto found = table->find(key);
            if (found != table->end() && opens_(key, found->second)) return &found->second;
        }
        return nullptr;
    }

  private:
    Sealed rows_;
    Sealed copies_;
    Opens opens_;
};

}  // namespace vereda::engine
