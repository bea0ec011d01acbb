#include "engine/storage/salvage.h"

#include <algorithm>
#include <array>

#include "engine/storage/migrations.h"
#include "engine/storage/statement.h"
#include "engine/storage/transaction.h"

namespace vereda::engine {
namespace {

// What SQLite's header of 100 bytes says alike in every database of ours (sqlite.org/fileformat2):
// magic and page size; format, cache, autovacuum, encoding; and the reserved bytes.
constexpr std::array<std::pair<std::size_t, std::size_t>, 3> constant_parts{
    {{0, 24}, {44, 60}, {64, 92}}};
constexpr std::size_t header_size = 100;
constexpr std::size_t page_count_at = 28;
constexpr std::size_t version_at = 63;  // the last byte of user_version

// The mended header names no write-ahead log: a database in memory has none.
void mend_header(Bytes& image, ByteView sound, int page_size) {
    for (const auto& [begin, end] : constant_parts)
        std::copy_n(
            sound.begin() + static_cast<std::ptrdiff_t>(begin), end - begin,
            image.begin() + static_cast<std::ptrdiff_t>(begin));
    const std::size_t pages = image.size() / static_cast<std::size_t>(page_size);
    for (std::size_t byte = 0; byte < 4; ++byte)
        image[page_count_at + byte] = static_cast<std::uint8_t>(pages >> (24 - 8 * byte));
}

// ---- the schema's own pages

struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;

    [[nodiscard]] ByteView of(ByteView image) const { return image.subspan(begin, end - begin); }
};

// Of the first page, what follows the header, in which SQLite counts changes.
Range bytes_of_page(std::size_t number, std::size_t size) {
    return {number == 1 ? header_size : (number - 1) * size, number * size};
}

bool is_same(ByteView image, ByteView sound, const Range& page) {
    return page.end <= image.size() && std::ranges::equal(page.of(image), page.of(sound));
}

// None where this SQLite was built without `dbstat`.
std::vector<std::size_t> schema_pages(Database& sound) {
    std::vector<std::size_t> numbers;
    try {
        Statement pages(sound, "SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'");
        for (const Row& row : pages.query())
            numbers.push_back(static_cast<std::size_t>(row.integer(0)));
    } catch (const StorageFailure& failure) {
        if (failure.fault() != StorageFault::statement) throw;
    }
    return numbers;
}

constexpr std::size_t schema_pages_min = 3;

// SQLite never moves our tables. So two files made by the same steps have the schema on the same
// pages. When all of these but one are equal, that one is damaged. A schema of one or two pages
// proves too little. False when no page was put back.
bool put_schema_page_back(Bytes& image, MemoryImage& sound, int page_size) {
    const auto size = static_cast<std::size_t>(page_size);
    std::vector<Range> pages;
    for (const std::size_t number : schema_pages(sound.database()))
        pages.push_back(bytes_of_page(number, size));
    if (pages.size() < schema_pages_min) return false;
    std::erase_if(pages, [&](const Range& page) { return is_same(image, sound.view(), page); });
    if (pages.size() != 1 || pages.front().end > image.size()) return false;
    std::ranges::copy(
        pages.front().of(sound.view()),
        image.begin() + static_cast<std::ptrdiff_t>(pages.front().begin));
    return true;
}

// Nothing where the check itself meets a page that does not read.
std::optional<bool> finds_nothing(Database& damaged, const std::string& check) {
    try {
        return Statement(damaged, check).query_integer() == 0;
    } catch (const StorageFailure& failure) {
        if (!is_damage(failure.fault())) throw;
        return std::nullopt;
    }
}

// ---- the schema

struct SchemaRow {
    std::string type, name, table, sql;
    auto operator<=>(const SchemaRow&) const = default;
};

struct StoredSchemaRow {
    std::int64_t id = 0;
    SchemaRow row;
};

std::vector<StoredSchemaRow> schema_rows(Database& database) {
    std::vector<StoredSchemaRow> rows;
    Statement select(database, "SELECT rowid, type, name, tbl_name, sql FROM sqlite_schema");
    const auto text = [](const Row& row, int column) { return std::string(row.text(column)); };
    for (const Row& row : select.query())
        rows.push_back({row.integer(0), {text(row, 1), text(row, 2), text(row, 3), text(row, 4)}});
    return rows;
}

// One rotten row can be mended: the row that nobody made becomes the one that is missing.
bool mend_schema(Database& damaged, Database& sound) {
    std::vector<StoredSchemaRow> strange = schema_rows(damaged);
    std::vector<StoredSchemaRow> missing = schema_rows(sound);
    std::erase_if(missing, [&](const StoredSchemaRow& wanted) {
        return std::erase_if(strange, [&](const auto& row) { return row.row == wanted.row; }) != 0;
    });
    if (strange.size() != missing.size() || missing.size() > 1) return false;
    if (missing.empty()) return true;
    const SchemaRow& right = missing.front().row;
    Statement(
        damaged,
        "UPDATE sqlite_schema SET type = ?2, name = ?3, tbl_name = ?4, sql = nullif(?5, '') "
        "WHERE rowid = ?1")
        .run(strange.front().id, right.type, right.name, right.table, right.sql);
    damaged.exec("PRAGMA writable_schema=RESET; PRAGMA writable_schema=ON");
    return true;
}

/// What it means that the check itself meets damage.
enum class Unread { counts_as_sound, counts_as_damage };

// False when two tables claim one page: nothing says whose rows it has.
bool has_own_pages(Database& damaged, Unread unread) {
    Statement roots(
        damaged, "SELECT count(rootpage) - count(DISTINCT rootpage) FROM sqlite_schema");
    return roots.query_integer() == 0 &&
           finds_nothing(
               damaged,
               "SELECT count(*) FROM pragma_quick_check WHERE quick_check LIKE "
               "'%2nd reference%'")
               .value_or(unread == Unread::counts_as_sound);
}

// ---- rows

struct Table {
    std::string name;
    std::vector<std::string> columns;
    std::vector<std::string> key;  ///< What its rows are sorted by.
};

std::vector<std::string> names(Database& database, const std::string& sql) {
    std::vector<std::string> found;
    Statement select(database, sql);
    for (const Row& row : select.query()) found.emplace_back(row.text(0));
    return found;
}

std::vector<Table> tables_of(Database& database) {
    std::vector<Table> tables;
    const std::string ours =
        " FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite%'";
    for (const std::string& name : names(database, "SELECT name" + ours)) {
        const std::string of = " FROM pragma_table_info('" + name + "')";
        const bool has_rowid =
            names(database, "SELECT name" + ours + " AND wr AND name = '" + name + "'").empty();
        tables.push_back(
            {name, names(database, "SELECT name" + of),
             has_rowid ? std::vector<std::string>{"rowid"}
                       : names(database, "SELECT name" + of + " WHERE pk > 0 ORDER BY pk")});
    }
    return tables;
}

std::string joined(const std::vector<std::string>& parts, const std::string& after_each) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part + after_each;
    return all;
}

std::string select_rows(const Table& table, const std::string& direction) {
    return "SELECT " + joined(table.columns, "") + " FROM " + table.name +
           " NOT INDEXED ORDER BY " + joined(table.key, direction);
}

std::string insert_row(const Table& table) {
    return "INSERT OR IGNORE INTO " + table.name + "(" + joined(table.columns, "") + ") VALUES (" +
           joined(std::vector<std::string>(table.columns.size(), "?"), "") + ")";
}

// Copies rows until one does not read. True when it came to the end of the table.
bool copy_rows(Database& from, Database& to, const Table& table, const std::string& direction) {
    try {
        Statement select(from, select_rows(table, direction));
        Statement insert(to, insert_row(table));
        for (Rows rows = select.query(); rows.next();)
            insert.run_with(rows, static_cast<int>(table.columns.size()));
        return true;
    } catch (const StorageFailure& failure) {
        if (!is_damage(failure.fault())) throw;
        return false;
    }
}

// A wrong pointer within a page skips rows without an error, so the page itself is checked.
bool has_sound_pages(Database& damaged, const std::string& table) {
    return finds_nothing(
               damaged, "SELECT count(*) FROM pragma_quick_check('" + table +
                            "') WHERE quick_check <> 'ok' AND quick_check NOT LIKE 'NULL value%'")
        .value_or(false);
}

// What SQLite's header of a leaf without a cell says (sqlite.org/fileformat2), except for its type.
std::array<std::uint8_t, 7> empty_leaf(int page_size) {
    const auto end = static_cast<unsigned>(page_size);  // where its cells would end
    const auto high = static_cast<std::uint8_t>(end >> 8), low = static_cast<std::uint8_t>(end);
    return {0, 0, 0, 0, high, low, 0};
}

/// The bytes of a damaged database, page by page.
struct Pages {
    ByteView bytes;
    int page_size = 0;

    // A page that loses its last row is written as an empty leaf. A single row changes two bytes
    // of that header, so with one wrong byte it is still told from a page of rows.
    [[nodiscard]] bool is_empty_leaf(std::int64_t page) const {
        const auto size = static_cast<std::size_t>(page_size);
        const std::size_t at = static_cast<std::size_t>(page - 1) * size;
        if (page < 2 || at + size > bytes.size()) return false;
        const auto right = empty_leaf(page_size);
        const std::uint8_t type = bytes[at];
        std::size_t wrong = type == 0x0d || type == 0x0a ? 0 : 1;
        for (std::size_t i = 0; i < right.size(); ++i) wrong += bytes[at + 1 + i] != right[i];
        return wrong <= 1;
    }
};

bool was_empty(Database& damaged, const std::string& table, const Pages& pages) {
    Statement root(
        damaged, "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?1");
    return pages.is_empty_leaf(root.query_integer(table).value_or(0));
}

// Returns the tables of which some rows could not be read.
std::vector<std::string> copy_tables(Database& from, Database& to, const Pages& pages) {
    std::vector<std::string> torn;
    Transaction transaction(to);
    for (const Table& table : tables_of(to)) {
        to.exec("DELETE FROM " + table.name);  // what the steps themselves put there
        const bool whole = copy_rows(from, to, table, "") && has_sound_pages(from, table.name);
        if (whole) continue;
        static_cast<void>(copy_rows(from, to, table, " DESC"));
        if (!was_empty(from, table.name, pages)) torn.push_back(table.name);
    }
    transaction.commit();
    return torn;
}

enum class SchemaPages { as_they_are, put_back };

// The tables of which some rows could not be read. Nothing when the tables cannot be told apart.
std::optional<std::vector<std::string>> copied(
    ByteView damaged, Database& sound, int page_size, Unread unread) {
    ImageBuffer pages(damaged.size());
    std::ranges::copy(damaged, pages.writable().begin());
    try {
        MemoryImage from(
            MemoryImage::Journal::memory, std::move(pages), MemoryImage::Trust::damaged);
        if (!mend_schema(from.database(), sound) || !has_own_pages(from.database(), unread))
            return std::nullopt;
        return copy_tables(from.database(), sound, {damaged, page_size});
    } catch (const StorageFailure& failure) {
        if (!is_damage(failure.fault())) throw;
        return std::nullopt;
    }
}

std::optional<Salvage> salvage_as(
    Bytes damaged, std::span<const char* const> steps, int page_size, SchemaPages pages_of_schema) {
    Salvage found{.image = std::make_unique<MemoryImage>(MemoryImage::Journal::memory, page_size)};
    Database& sound = found.image->database();
    sound.exec("PRAGMA secure_delete=ON");  // as in a vault, so that equal pages are equal
    if (!migrate(sound, steps)) return std::nullopt;
    mend_header(damaged, found.image->view(), page_size);
    const bool put_back = pages_of_schema == SchemaPages::put_back;
    if (put_back && !put_schema_page_back(damaged, *found.image, page_size)) return std::nullopt;
    auto torn = copied(
        damaged, sound, page_size, put_back ? Unread::counts_as_damage : Unread::counts_as_sound);
    if (!torn) return std::nullopt;
    found.torn = std::move(*torn);
    return found;
}

}  // namespace

std::optional<Bytes> damaged_image(
    const std::string& path, const std::string& vfs, std::span<const std::uint8_t> file,
    bool has_wal) {
    try {
        Database database(
            {.path = path, .vfs = vfs, .mode = DatabaseOptions::Mode::must_exist, .damaged = true});
        return database.image();
    } catch (const StorageFailure& failure) {
        if (!is_damage(failure.fault()) || has_wal) return std::nullopt;
        return Bytes(file.begin(), file.end());
    }
}

std::optional<Salvage> salvage(Bytes damaged, std::span<const char* const> steps, int page_size) {
    if (damaged.size() < header_size) return std::nullopt;
    const std::size_t version = damaged[version_at];
    std::vector<std::span<const char* const>> schemas{steps};
    if (version > 0 && version < steps.size())
        schemas.insert(schemas.begin(), steps.first(version));
    for (const SchemaPages pages : {SchemaPages::as_they_are, SchemaPages::put_back}) {
        for (const auto& schema : schemas) {
            if (auto found = salvage_as(damaged, schema, page_size, pages)) return found;
        }
    }
    return std::nullopt;
}

}  // namespace vereda::engine
