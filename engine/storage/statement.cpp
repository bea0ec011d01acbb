#include "engine/storage/statement.h"

#include <sqlite3.h>

namespace vereda::engine {
namespace {

void expect_ok(sqlite3_stmt* statement, int code, std::string_view doing) {
    if (code != SQLITE_OK) throw_sqlite_failure(sqlite3_db_handle(statement), code, doing);
}

}  // namespace

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Row::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

ByteView Row::blob(int column) const {
    const auto* blob = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    if (blob == nullptr) return {};
    return {blob, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Row::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Rows::~Rows() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
}

bool Rows::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE)
        throw_sqlite_failure(sqlite3_db_handle(statement_), code, "reading rows");
    return false;
}

Statement::Statement(Database& database, std::string_view sql) {
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(
        database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
        &statement_, &rest);
    if (code != SQLITE_OK) throw_sqlite_failure(database.handle(), code, sql);
    VEREDA_ASSERT(statement_ != nullptr);
}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::expect_idle(std::size_t arguments) const {
    VEREDA_ASSERT(sqlite3_stmt_busy(statement_) == 0);
    VEREDA_ASSERT(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_)) == arguments);
}

void Statement::bind(int index, std::int64_t value) {
    expect_ok(statement_, sqlite3_bind_int64(statement_, index, value), "binding");
}

// A null pointer would bind NULL: what is empty gets the address of something.
void Statement::bind(int index, std::string_view text, Lifetime lifetime) {
    const char* data = text.empty() ? "" : text.data();
    const auto destructor = lifetime == Lifetime::call ? SQLITE_STATIC : SQLITE_TRANSIENT;
    expect_ok(
        statement_,
        sqlite3_bind_text64(statement_, index, data, text.size(), destructor, SQLITE_UTF8),
        "binding");
}

void Statement::bind(int index, ByteView blob, Lifetime lifetime) {
    const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
    const auto destructor = lifetime == Lifetime::call ? SQLITE_STATIC : SQLITE_TRANSIENT;
    expect_ok(
        statement_, sqlite3_bind_blob64(statement_, index, data, blob.size(), destructor),
        "binding");
}

void Statement::bind(int index, std::nullptr_t) {
    expect_ok(statement_, sqlite3_bind_null(statement_, index), "binding");
}

void Statement::run_with(const Row& row, int columns) {
    expect_idle(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column)
        expect_ok(
            statement_,
            sqlite3_bind_value(
                statement_, column + 1, sqlite3_column_value(row.statement_, column)),
            "binding");
    finish();
}

/// Steps to the end and resets. The error is the step's: it is read before the reset can change it.
void Statement::finish() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_DONE) {
        sqlite3_reset(statement_);
        return;
    }
    VEREDA_ASSERT(code != SQLITE_ROW);
    const Rows reset_on_the_way(statement_);
    throw_sqlite_failure(sqlite3_db_handle(statement_), code, "running a statement");
}

}  // namespace vereda::engine
