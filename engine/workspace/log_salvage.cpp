#include "engine/workspace/log_salvage.h"

#include <iterator>
#include <sstream>

#include "engine/log/log_schema.h"
#include "engine/storage/salvage.h"
#include "engine/storage/statement.h"
#include "engine/vault/vault_files.h"

namespace vereda::engine {
namespace {

// A name in `meta`; its value has a line for each table.
constexpr const char* torn_name = "torn-tables";

void write_file(FileSystem& files, const std::string& path, ByteView bytes) {
    const auto file = files.create(path);
    file->write(bytes);
    file->commit();
}

// Adds to what an earlier salvage noted, when no opening has told that yet.
void note_torn_tables(Database& database, const std::vector<std::string>& torn) {
    if (database.user_version() == std::ssize(log_migrations())) database.exec(log_triggers());
    std::string lines;
    for (const std::string& table : torn) lines += table + "\n";
    Statement(
        database,
        "INSERT INTO meta(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = "
        "CAST(value AS TEXT) || CAST(?2 AS TEXT)")
        .run(torn_name, as_bytes(lines));
}

std::string damaged_path(const std::string& directory) {
    return vault_path(directory, damaged_log_file_name);
}

}  // namespace

bool salvage_log(const Environment& environment, const std::string& directory) {
    FileSystem& files = environment.files;
    const std::string path = vault_path(directory, log_file_name);
    const std::string wal = path + "-wal";
    const auto file = files.read(path, MemoryImage::size_max);
    if (!file) return false;
    auto image = damaged_image(path, environment.sqlite_vfs, *file, files.exists(wal));
    // SQLite would write a remaining write-ahead log over the new pages.
    if (!image || files.exists(wal)) return false;
    const auto found = salvage(*image, log_migrations(), log_page_size);
    if (!found) return false;
    note_torn_tables(found->image->database(), found->torn);
    // The damaged file of an earlier salvage may have rows that this one lacks.
    if (!found->torn.empty() || !has_damaged_log(files, directory))
        write_file(files, damaged_path(directory), *image);
    files.remove(vault_path(directory, snapshot_file_name));
    write_file(files, path, found->image->view());
    return true;
}

std::optional<std::vector<std::string>> torn_tables(LogStore& store) {
    const auto noted = store.meta(torn_name);
    if (!noted) return std::nullopt;
    std::vector<std::string> tables;
    std::istringstream lines(std::string(noted->begin(), noted->end()));
    for (std::string table; std::getline(lines, table);) tables.push_back(table);
    return tables;
}

void forget_torn_tables(LogStore& store) { store.forget_meta(torn_name); }

bool has_damaged_log(FileSystem& files, const std::string& directory) {
    return files.exists(damaged_path(directory));
}

void remove_damaged_log(FileSystem& files, const std::string& directory) {
    files.remove(damaged_path(directory));
}

}  // namespace vereda::engine
