#include "engine/log/twins.h"

#include <array>
#include <map>
#include <span>

#include "engine/storage/statement.h"

namespace vereda::engine {
namespace {

/// A table that has twins; its first column is its key.
struct Twinned {
    const char* name;
    std::vector<std::string> columns;

    /// SQL for a row's image: its columns as SQL literals, so that it can be put back as it is.
    [[nodiscard]] std::string image(const std::string& of) const {
        std::string sql;
        for (const std::string& column : columns)
            sql += (sql.empty() ? "" : "||','||") + ("quote(" + of + column + ")");
        return sql;
    }
    [[nodiscard]] std::string key(const std::string& of) const {
        return "quote(" + of + columns.front() + ")";
    }
    [[nodiscard]] std::string column_list() const {
        std::string list;
        for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + column;
        return list;
    }
};

const std::array<Twinned, 7>& twinned_tables() {
    static const std::array<Twinned, 7> tables{{
        {"meta", {"name", "value"}},
        {"turfs", {"number", "turf"}},
        {"logs",
         {"ordinal", "log", "device", "turf", "incarnation", "root", "parent", "first_block",
          "first_seq"}},
        {"guessed", {"hash_start"}},
        {"pushed", {"log", "next_block"}},
        {"cursors", {"turf", "hub_epoch", "turf_seq", "turf_chain", "head", "signature"}},
        {"hidden_told", {"contact", "retraction", "work"}},
    }};
    return tables;
}

std::string triggers_of(const Twinned& table) {
    const std::string name = table.name;
    // A statement's way with conflicts is also that of its triggers: so these delete first.
    const std::string put = "DELETE FROM twins WHERE in_table = '" + name +
                            "' AND key = " + table.key("NEW.") + "; INSERT INTO twins SELECT '" +
                            name + "', " + table.key("NEW.") + ", " + table.image("NEW.") + ", " +
                            table.image("NEW.") + ";";
    const std::string drop =
        "DELETE FROM twins WHERE in_table = '" + name + "' AND key = " + table.key("OLD.") + ";";
    return "CREATE TRIGGER IF NOT EXISTS twin_" + name + "_new AFTER INSERT ON " + name +
           " BEGIN " + put + " END;\nCREATE TRIGGER IF NOT EXISTS twin_" + name +
           "_changed AFTER UPDATE ON " + name + " BEGIN " + drop + " " + put +
           " END;\nCREATE TRIGGER IF NOT EXISTS twin_" + name + "_gone AFTER DELETE ON " + name +
           " BEGIN " + drop + " END;\n" + "INSERT OR REPLACE INTO twins SELECT '" + name + "', " +
           table.key("") + ", " + table.image("") + ", " + table.image("") + " FROM " + name +
           ";\n";
}

/// One table and its twins, while they are compared.
class Comparison {
  public:
    Comparison(Database& database, const Twinned& table) : database_(database), table_(table) {}

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

    void mend() {
        // A rotten row and its entry in an index differ: SQLite would refuse to change it.
        database_.exec(std::string("REINDEX ") + table_.name);
        load();
        for (const auto& [key, image] : rows_) mend_row(key, image);
        for (const auto& [key, twin] : twins_) {
            if (!rows_.contains(key)) mend_orphan(key, twin);
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

    void mend_row(const std::string& key, const std::string& image) {
        const auto twin = twins_.find(key);
        if (twin == twins_.end()) {
            // Its key is rotten, or the twins' is: whichever of them contradicts itself.
            if (has_whole_orphan()) return drop_row(key);
            return put_twin(key, image);
        }
        const auto& [copy, again] = twin->second;
        if (copy == image && again == image) return;
        if (twin->second.is_whole(key)) return put_row(copy);
        put_twin(key, image);
    }

    void mend_orphan(const std::string& key, const Twin& twin) {
        Statement(database_, "DELETE FROM twins WHERE in_table = ?1 AND key = ?2")
            .run(table_.name, key);
        if (twin.is_whole(key)) put_row(twin.copy);
    }

    [[nodiscard]] bool has_whole_orphan() const {
        for (const auto& [key, twin] : twins_) {
            if (!rows_.contains(key) && twin.is_whole(key)) return true;
        }
        return false;
    }

    void drop_row(const std::string& key) {
        database_.exec(
            std::string("DELETE FROM ") + table_.name + " WHERE " + table_.columns.front() + " = " +
            key);
    }
    void put_row(const std::string& image) {
        database_.exec(
            std::string("INSERT OR REPLACE INTO ") + table_.name + "(" + table_.column_list() +
            ") VALUES (" + image + ")");
    }
    void put_twin(const std::string& key, const std::string& image) {
        Statement(database_, "INSERT OR REPLACE INTO twins VALUES (?1, ?2, ?3, ?3)")
            .run(table_.name, key, image);
    }

    Database& database_;
    const Twinned& table_;
    std::map<std::string, std::string> rows_;
    std::map<std::string, Twin> twins_;
};

bool drop_twins_of_no_table(Database& database) {
    std::string names;
    for (const Twinned& table : twinned_tables())
        names += (names.empty() ? "'" : ", '") + std::string(table.name) + "'";
    database.exec("DELETE FROM twins WHERE in_table NOT IN (" + names + ")");
    return database.changes() != 0;
}

}  // namespace

std::string twins_schema() {
    std::string schema =
        "CREATE TABLE IF NOT EXISTS twins(in_table TEXT NOT NULL, key TEXT NOT NULL, copy TEXT NOT "
        "NULL, "
        "again TEXT NOT NULL, PRIMARY KEY(in_table, key)) WITHOUT ROWID;\n";
    for (const Twinned& table : twinned_tables()) schema += triggers_of(table);
    return schema;
}

std::vector<std::string> mend_by_twins(Database& database) {
    std::vector<std::string> mended;
    for (const Twinned& table : twinned_tables()) {
        Comparison comparison(database, table);
        if (comparison.agrees()) continue;
        database.expect_sound_pages();
        comparison.mend();
        mended.emplace_back(table.name);
    }
    if (drop_twins_of_no_table(database)) mended.emplace_back("twins");
    return mended;
}

}  // namespace vereda::engine
