#include "engine/storage/file_system.h"

namespace vereda::engine {

void FileSystem::write(const std::string& path, ByteView contents) {
    const auto writer = create(path);
    writer->write(contents);
    writer->commit();
}

}  // namespace vereda::engine
