#include "client/desk/problems/file_failure.h"

namespace vereda::client {

// What the system said names the file, or the one beside it that is to become
// it.
Problem problem_of(const FileFailure& failure) {
    const std::string& path = failure.path();
    const std::string said = failure.what();
    if (failure.use() == FileUse::read)
        return failed("file_unreadable", {{"file", path}, {"said", said}});
    if (failure.fault() == engine::StorageFault::disk_full)
        return failed("disk_full.file", {{"file", path}, {"said", said}});
    return failed("file_unwritable", {{"file", path}, {"said", said}});
}

}  // namespace vereda::client
