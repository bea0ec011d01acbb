#include "engine/queries/long_text_search.h"

#include "engine/projection/schema.h"
#include "engine/queries/search_expression.h"

namespace vereda::engine {
namespace {

/// An index that is made for one search, of some records at a time: what it takes in memory does
/// not grow with what the log holds.
class PassingIndex {
  public:
    explicit PassingIndex(std::string expression)
        : database_({.in_memory = true}),
          expression_(std::move(expression)),
          insert_(with_table(database_), "INSERT INTO passing(rowid, words) VALUES (?1, ?2)"),
          match_(database_, "SELECT rowid FROM passing WHERE passing MATCH ?1") {}

    void add(LocalDot record, const std::string& words) {
        if (words.empty()) return;
        insert_.run(record, words);
        size_ += words.size();
        if (size_ >= size_max) empty();
    }
    [[nodiscard]] std::vector<LocalDot> found() {
        empty();
        return std::move(found_);
    }

  private:
    static constexpr std::size_t size_max = 1024 * 1024;

    static Database& with_table(Database& database) {
        database.exec(
            "CREATE VIRTUAL TABLE passing USING fts5(words, content='', columnsize=0, "
            "tokenize='ascii')");
        return database;
    }

    void empty() {
        for (const Row& row : match_.query(expression_)) found_.push_back({row.integer(0)});
        database_.exec("INSERT INTO passing(passing) VALUES ('delete-all')");
        size_ = 0;
    }

    Database database_;
    std::string expression_;
    Statement insert_;
    Statement match_;
    std::size_t size_ = 0;
    std::vector<LocalDot> found_;
};

// In the order of their numbers, so that each block is opened once.
template <class WordsOf>
std::vector<LocalDot> found_among(
    Projection& projection, const std::string& table, std::string expression, WordsOf words_of) {
    if (expression.empty()) return {};
    Statement select(
        projection.database(), "SELECT id FROM " + table + " WHERE " +
                                   row_flag::where_any(row_flag::long_texts) + " ORDER BY id");
    std::vector<LocalDot> records;
    for (const Row& row : select.query()) records.push_back({row.integer(0)});
    if (records.empty()) return {};
    PassingIndex index(std::move(expression));
    for (const LocalDot record : records) index.add(record, words_of(record));
    return index.found();
}

}  // namespace

std::vector<LocalDot> long_contacts_with(Projection& projection, std::string_view words) {
    return found_among(
        projection, "contacts", search_expression(words, SearchedTable::contact_words),
        [&](LocalDot id) {
            const auto row = projection.contacts().load(id);
            return row ? Contacts::words_of(row->state) : std::string{};
        });
}

std::vector<LocalDot> long_visits_with(Projection& projection, std::string_view words) {
    return found_among(
        projection, "interactions", search_expression(words, SearchedTable::note_words),
        [&](LocalDot id) {
            const auto row = projection.interactions().load(id);
            return row ? Interactions::note_words_of(row->state) : std::string{};
        });
}

}  // namespace vereda::engine
