#pragma once

#include <string>

#include "client/desk/problems/problem.h"
#include "engine/storage/storage_failure.h"

/// Files that somebody names on the command line: a sheet, an export, a key file. When one of them
/// fails it is not the vault that does.
namespace vereda::client {

enum class FileUse { read, written };

/// The machine fails at such a file. As a StorageFailure it ends the command like every other.
class FileFailure : public engine::StorageFailure {
  public:
    FileFailure(FileUse use, std::string path, const engine::StorageFailure& failure)
        : StorageFailure(failure), use_(use), path_(std::move(path)) {}
    [[nodiscard]] FileUse use() const { return use_; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    FileUse use_;
    std::string path_;
};

/// What `call` returns; a failure of its storage is one of the file at `path`.
template <class Call>
auto naming_file(FileUse use, const std::string& path, Call call) {
    try {
        return call();
    } catch (const engine::StorageFailure& failure) {
        throw FileFailure(use, path, failure);
    }
}

[[nodiscard]] Problem problem_of(const FileFailure& failure);

}  // namespace vereda::client
