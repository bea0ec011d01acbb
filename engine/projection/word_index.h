#pragma once

#include <optional>
#include <string>

#include "engine/log/local_dot.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// A full-text index without contents: it finds records by their words, and forgets only words that
/// it is told again. Without a table it indexes nothing.
class WordIndex {
  public:
    WordIndex(Database& database, const char* table) {
        if (table == nullptr) return;
        const std::string name(table);
        insert_.emplace(database, "INSERT INTO " + name + "(rowid, words) VALUES (?1, ?2)");
        delete_.emplace(
            database,
            "INSERT INTO " + name + "(" + name + ", rowid, words) VALUES ('delete', ?1, ?2)");
    }

    [[nodiscard]] bool is_kept() const { return insert_.has_value(); }
    void add(LocalDot record, const std::string& words) {
        if (insert_ && !words.empty()) insert_->run(record, words);
    }
    /// `before` is what was said of the record last.
    void replace(LocalDot record, const std::string& before, const std::string& after) {
        if (!insert_ || before == after) return;
        if (!before.empty()) delete_->run(record, before);
        add(record, after);
    }

  private:
    std::optional<Statement> insert_;
    std::optional<Statement> delete_;
};

}  // namespace vereda::engine
