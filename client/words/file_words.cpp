#include "client/file_failure.h"
#include "client/words/problems.h"

namespace vereda::client {

// The failure's own words name the file, or the one beside it that is to become it.
Problem words_for(const FileFailure& failure) {
    const std::string& path = failure.path();
    const std::string said = failure.what();
    if (failure.use() == FileUse::read) {
        return failed(
            "file_unreadable", "The file " + path + " cannot be read.",
            "The system said: " + said + ". Nothing was changed.",
            "Is it a file, and may this user read it? Look at the path and the rights.");
    }
    if (failure.fault() == engine::StorageFault::disk_full) {
        return failed(
            "disk_full", "There is no room for " + path + ".",
            "The disk is full, or a limit is reached: " + said + ". The file was not made.",
            "Make room, or name a place on another disk.");
    }
    return failed(
        "file_unwritable", "The file " + path + " cannot be written.",
        "The system said: " + said + ". The file was not made.",
        "Is the directory there, and may this user write in it? Name another place, or make the "
        "directory.");
}

}  // namespace vereda::client
