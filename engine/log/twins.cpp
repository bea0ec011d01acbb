#include "engine/log/twins.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/storage/statement.h"

namespace vereda::engine {
namespace {

/// A table that has twins; its first columns are its key.
struct Twinned {
    const char* name = nullptr;
    std::vector<std::string> columns;
    std::size_t key_columns = 1;

    /// SQL for a row's image: its columns as SQL literals, so that it can be put back as it is.
    [[nodiscard]] std::string image(const std::string& of) const {
        return literals(of, columns.size());
    }
    /// SQL for a row's key, with which its image begins.
    [[nodiscard]] std::string key(const std::string& of) const { return literals(of, key_columns); }
    [[nodiscard]] std::string column_list() const {
        std::string names;
        for (const std::string& column : columns) names += (names.empty() ? "" : ", ") + column;
        return names;
    }

  private:
    [[nodiscard]] std::string literals(const std::string& of, std::size_t count) const {
        std::string sql;
        for (std::size_t at = 0; at < count; ++at)
            sql += (at == 0 ? "" : "||','||") + ("quote(" + of + columns[at] + ")");
        return sql;
    }
};

Twinned mishaps_table() {
    return {
        "mishaps", {"what", "place", "kind", "noted", "log", "first_seq", "entries", "told"}, 2};
}

const std::array<Twinned, 9>& twinned_tables() {
    static const std::array<Twinned, 9> tables{{
        {"meta", {"name", "value"}},
        {"turfs", {"number", "turf"}},
        {"logs",
         {"ordinal", "log", "device", "turf", "incarnation", "root", "parent", "first_block",
          "first_seq"}},
        {"mentioned", {"first_ordinal", "names"}},
        {"pushed", {"log", "next_block"}},
        {"cursors", {"turf", "hub_epoch", "turf_seq", "turf_chain", "head", "signature"}},
        {"hidden_told", {"contact", "retraction", "work"}},
        {"wanted", {"turf", "turf_seq", "accepted", "hash", "device", "times"}, 2},
        mishaps_table(),
    }};
    return tables;
}

std::string triggers_of(const Twinned& table) {
    const std::string name = table.name;
    // A statement's ON CONFLICT rule replaces that of its triggers: so these delete first.
    const std::string put = "DELETE FROM twins WHERE in_table = '" + name +
                            "' AND key = " + table.key("NEW.") + "; INSERT INTO twins SELECT '" +
                            name + "', " + table.key("NEW.") + ", " + table.image("NEW.") + ", " +
                            table.image("NEW.") + ";";
    const std::string drop =
        "DELETE FROM twins WHERE in_table = '" + name + "' AND key = " + table.key("OLD.") + ";";
    return "CREATE TEMP TRIGGER IF NOT EXISTS twin_" + name + "_new AFTER INSERT ON " + name +
           " BEGIN " + put + " END;\nCREATE TEMP TRIGGER IF NOT EXISTS twin_" + name +
           "_changed AFTER UPDATE ON " + name + " BEGIN " + drop + " " + put +
           " END;\nCREATE TEMP TRIGGER IF NOT EXISTS twin_" + name + "_gone AFTER DELETE ON " +
           name + " BEGIN " + drop + " END;\n";
}

// SQL that writes the twins of a table which has none.
std::string twins_of(const Twinned& table) {
    const std::string name = table.name;
    return "INSERT OR REPLACE INTO twins SELECT '" + name + "', " + table.key("") + ", " +
           table.image("") + ", " + table.image("") + " FROM " + name + ";\n";
}

/// One table and its twins, while they are compared.
class Comparison {
  public:
    Comparison(Database& database, const Twinned& table) : database_(database), table_(table) {}

    [[nodiscard]] const char* name() const { return table_.name; }

    [[nodiscard]] bool agrees() {
        const std::string name = table_.name;
        Statement count(
            database_, "SELECT (SELECT count(*) FROM " + name + " LEFT JOIN twins ON in_table = '" +
                           name + "' AND key = " + table_.key("") + " WHERE copy IS NOT " +
                           table_.image("") + " OR again IS NOT " + table_.image("") +
                           ") + abs((SELECT count(*) FROM twins WHERE in_table = '" + name +
                           "') - (SELECT count(*) FROM " + name + "))");
        return count.query_integer() == 0;
    }

    /// Reads both, before any twin goes.
    void load() {
        Statement rows(
            database_, "SELECT " + table_.key("") + ", " + table_.image("") + " FROM " +
                           std::string(table_.name));
        for (const Row& row : rows.query()) rows_[std::string(row.text(0))] = row.text(1);
        Statement twins(database_, "SELECT key, copy, again FROM twins WHERE in_table = ?1");
        for (const Row& row : twins.query(table_.name)) {
            twins_[std::string(row.text(0))] = {std::string(row.text(1)), std::string(row.text(2))};
        }
    }

    /// Mends the rows that two twins outvote. The twins are written again afterwards.
    void mend() {
        // A rotten row and its entry in an index differ: SQLite would refuse to change it.
        database_.exec(std::string("REINDEX ") + table_.name);
        for (const auto& [key, image] : rows_) mend_row(key, image);
        for (const auto& [key, twin] : twins_) {
            if (!rows_.contains(key) && twin.is_whole(key)) put_row(twin.copy);
        }
    }

  private:
    struct Twin {
        std::string copy;
        std::string again;
        [[nodiscard]] bool is_whole(const std::string& key) const {
            return copy == again && (copy == key || copy.starts_with(key + ","));
        }
    };

    void mend_row(const std::string& key, const std::string& image) {
        const auto twin = twins_.find(key);
        if (twin != twins_.end()) {
            if (twin->second.is_whole(key) && twin->second.copy != image)
                put_row(twin->second.copy);
            return;
        }
        // Twins without a row that agree with the rest of this one: its key is rotten, not theirs.
        // Without such twins the row stays, because its own twins are lost.
        if (is_under_rotten_key(key, image)) drop_row(key);
    }

    [[nodiscard]] bool is_under_rotten_key(const std::string& key, const std::string& image) const {
        const std::string rest = image.substr(key.size());
        return std::ranges::any_of(twins_, [&](const auto& named) {
            const auto& [of, twin] = named;
            return !rows_.contains(of) && twin.is_whole(of) && twin.copy.substr(of.size()) == rest;
        });
    }

    // By its image: a literal ends at a zero byte, which a key may have where it rotted.
    void drop_row(const std::string& key) {
        Statement(
            database_,
            std::string("DELETE FROM ") + table_.name + " WHERE " + table_.key("") + " = ?1")
            .run(key);
    }
    void put_row(const std::string& image) {
        database_.exec(
            std::string("INSERT OR REPLACE INTO ") + table_.name + "(" + table_.column_list() +
            ") VALUES (" + image + ")");
    }

    Database& database_;
    const Twinned& table_;
    std::map<std::string, std::string> rows_;
    std::map<std::string, Twin> twins_;
};

bool has_twins_of_no_table(Database& database) {
    std::string names;
    for (const Twinned& table : twinned_tables())
        names += (names.empty() ? "'" : ", '") + std::string(table.name) + "'";
    Statement strange(database, "SELECT count(*) FROM twins WHERE in_table NOT IN (" + names + ")");
    return strange.query_integer() != 0;
}

}  // namespace

std::string twins_schema() {
    std::string schema =
        "CREATE TABLE twins(in_table TEXT NOT NULL, key TEXT NOT NULL, copy TEXT NOT "
        "NULL, "
        "again TEXT NOT NULL, PRIMARY KEY(in_table, key)) WITHOUT ROWID;\n";
    for (const Twinned& table : twinned_tables()) schema += twins_of(table);
    return schema;
}

std::string mishap_twins() { return twins_of(mishaps_table()); }

std::string twins_triggers() {
    std::string triggers;
    for (const Twinned& table : twinned_tables()) triggers += triggers_of(table);
    return triggers;
}

std::vector<std::string> mend_by_twins(Database& database) {
    std::vector<Comparison> differing;
    for (const Twinned& table : twinned_tables()) {
        Comparison comparison(database, table);
        if (!comparison.agrees()) differing.push_back(std::move(comparison));
    }
    if (differing.empty() && !has_twins_of_no_table(database)) return {};
    database.expect_sound_pages();
    for (Comparison& comparison : differing) comparison.load();
    for (Comparison& comparison : differing) comparison.mend();
    // All are written again: a twin whose key rotted is not found by that key any more.
    database.exec("DELETE FROM twins");
    for (const Twinned& table : twinned_tables()) database.exec(twins_of(table));
    std::vector<std::string> mended;
    if (differing.empty()) mended.emplace_back("twins");
    for (const Comparison& comparison : differing) mended.emplace_back(comparison.name());
    return mended;
}

}  // namespace vereda::engine
