#include "engine/workspace/log_salvage.h"

#include "engine/log/log_schema.h"
#include "engine/storage/salvage.h"
#include "engine/vault/vault_files.h"

namespace vereda::engine {
namespace {

void write_file(FileSystem& files, const std::string& path, ByteView bytes) {
    const auto file = files.create(path);
    file->write(bytes);
    file->commit();
}

std::string damaged_path(const std::string& directory) {
    return vault_path(directory, damaged_log_file_name);
}

}  // namespace

std::optional<std::vector<std::string>> salvage_log(
    const Environment& environment, const std::string& directory) {
    FileSystem& files = environment.files;
    const std::string path = vault_path(directory, log_file_name);
    const std::string wal = path + "-wal";
    const auto file = files.read(path, MemoryImage::size_max);
    if (!file) return std::nullopt;
    auto image = damaged_image(path, environment.sqlite_vfs, *file, files.exists(wal));
    // A log that stayed there would be written over the new pages.
    if (!image || files.exists(wal)) return std::nullopt;
    const auto found = salvage(*image, log_migrations(), log_page_size);
    if (!found) return std::nullopt;
    write_file(files, damaged_path(directory), *image);
    files.remove(vault_path(directory, snapshot_file_name));
    write_file(files, path, found->image->view());
    return found->torn;
}

bool has_damaged_log(FileSystem& files, const std::string& directory) {
    return files.exists(damaged_path(directory));
}

void remove_damaged_log(FileSystem& files, const std::string& directory) {
    files.remove(damaged_path(directory));
}

}  // namespace vereda::engine
