#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "crypto/assert.h"
#include "crypto/bytes.h"
#include "engine/storage/database.h"

struct sqlite3_stmt;

namespace vereda::engine {

/// The columns of a row, by number from 0. Views borrow from SQLite until the cursor moves or goes.
class Row {
  public:
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] ByteView blob(int column) const;
    [[nodiscard]] bool is_null(int column) const;

    /// A column that holds an id; throws StorageFailure (corrupt) when its size is another.
    template <class Id>
    [[nodiscard]] Id id(int column) const {
        const auto parsed = Id::parse(blob(column));
        if (!parsed)
            throw StorageFailure(StorageFault::corrupt, "an id of a wrong size in the database");
        return *parsed;
    }

  protected:
    explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
    sqlite3_stmt* statement_;
    friend class RowIterator;
    friend class Statement;
};

/// Walks a range-for over Rows.
class RowIterator {
  public:
    explicit RowIterator(class Rows* rows) : rows_(rows) {}
    [[nodiscard]] const Row& operator*() const;
    RowIterator& operator++();
    [[nodiscard]] bool operator==(std::nullptr_t) const { return rows_ == nullptr; }

  private:
    class Rows* rows_;
};

/// The rows of a running query, one at a time: `while (rows.next()) rows.integer(0)` or `for (const
/// Row& row : rows)`. Going out of scope resets the statement.
class Rows : public Row {
  public:
    explicit Rows(sqlite3_stmt* statement) : Row(statement) {}
    Rows(Rows&& other) noexcept : Row(std::exchange(other.statement_, nullptr)) {}
    Rows& operator=(Rows&&) = delete;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    ~Rows();

    /// Moves to the next row; false after the last one.
    [[nodiscard]] bool next();
    [[nodiscard]] RowIterator begin() { return RowIterator(next() ? this : nullptr); }
    [[nodiscard]] std::nullptr_t end() { return nullptr; }
};

inline const Row& RowIterator::operator*() const { return *rows_; }
inline RowIterator& RowIterator::operator++() {
    if (!rows_->next()) rows_ = nullptr;
    return *this;
}

/// A prepared statement with parameters ?1, ?2, … . Must not outlive its Database. Parameters may
/// be integers, strong integers (`.value`), text, bytes, ids (`.bytes`), optionals of these, and
/// nullptr. Throws StorageFailure.
class Statement {
  public:
    Statement(Database& database, std::string_view sql);
    Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Statement& operator=(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    /// Runs a statement that returns no rows. Borrows its arguments while it runs; nothing is
    /// copied.
    template <class... Arguments>
    void run(const Arguments&... arguments) {
        bind_all(Lifetime::call, arguments...);
        finish();
    }

    /// Runs it with the first `columns` columns of a row of another statement.
    void run_with(const Row& row, int columns);

    /// Starts a query. Text and bytes are copied by SQLite, so temporaries may be passed. One
    /// cursor at a time.
    template <class... Arguments>
    [[nodiscard]] Rows query(const Arguments&... arguments) {
        bind_all(Lifetime::copy, arguments...);
        return Rows(statement_);
    }

    /// The first column of the first row; nothing when there is no row or it is null.
    template <class... Arguments>
    [[nodiscard]] std::optional<std::int64_t> query_integer(const Arguments&... arguments) {
        Rows rows = query(arguments...);
        if (!rows.next() || rows.is_null(0)) return std::nullopt;
        return rows.integer(0);
    }

  private:
    enum class Lifetime { call, copy };

    template <class... Arguments>
    void bind_all([[maybe_unused]] Lifetime lifetime, const Arguments&... arguments) {
        expect_idle(sizeof...(arguments));
        [[maybe_unused]] int index = 0;
        (bind_value(++index, arguments, lifetime), ...);
    }

    template <class Value>
    void bind_value(int index, const Value& value, Lifetime lifetime) {
        if constexpr (std::integral<Value>) {
            VEREDA_ASSERT(std::in_range<std::int64_t>(value));
            bind(index, static_cast<std::int64_t>(value));
        } else if constexpr (std::same_as<Value, std::nullptr_t>) {
            bind(index, nullptr);
        } else if constexpr (std::convertible_to<const Value&, std::string_view>) {
            bind(index, std::string_view(value), lifetime);
        } else if constexpr (std::convertible_to<const Value&, ByteView>) {
            bind(index, ByteView(value), lifetime);
        } else if constexpr (requires { value.bytes; }) {
            bind(index, ByteView(value.bytes), lifetime);
        } else if constexpr (requires { value.has_value(); }) {
            value.has_value() ? bind_value(index, *value, lifetime) : bind(index, nullptr);
        } else {
            bind_value(index, value.value, lifetime);
        }
    }

    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view text, Lifetime lifetime);
    void bind(int index, ByteView blob, Lifetime lifetime);
    void bind(int index, std::nullptr_t);
    void expect_idle(std::size_t arguments) const;
    void finish();

    sqlite3_stmt* statement_ = nullptr;
};

}  // namespace vereda::engine
