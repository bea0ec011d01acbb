#include "engine/storage/memory_image.h"

#include <new>
#include <sqlite3.h>
#include <utility>

#include "crypto/assert.h"

namespace vereda::engine {
namespace {

constexpr std::size_t first_allocation = 64 * 1024;

std::uint8_t* allocate(std::size_t size) {
    if (size > MemoryImage::size_max) throw std::bad_alloc();
    auto* data = static_cast<std::uint8_t*>(sqlite3_malloc64(size == 0 ? 1 : size));
    if (data == nullptr) throw std::bad_alloc();
    return data;
}

}  // namespace

ImageBuffer::ImageBuffer(std::size_t size) : data_(allocate(size)), size_(size) {}

ImageBuffer::ImageBuffer(ImageBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

ImageBuffer::~ImageBuffer() { sqlite3_free(data_); }

MemoryImage::MemoryImage(Journal journal, int page_size)
    : database_(DatabaseOptions{.path = {}, .in_memory = true}) {
    adopt(allocate(first_allocation), 0, first_allocation);
    database_.exec("PRAGMA page_size=" + std::to_string(page_size));
    configure(journal);
}

MemoryImage::MemoryImage(Journal journal, ImageBuffer&& image, Trust trust)
    : database_(
          DatabaseOptions{.path = {}, .in_memory = true, .damaged = trust == Trust::damaged}) {
    const std::size_t size = image.size_;
    adopt(std::exchange(image.data_, nullptr), size, size);
    configure(journal);
    database_.exec("SELECT count(*) FROM sqlite_schema");
}

/// SQLite owns `data` from here on, also when it refuses it.
void MemoryImage::adopt(std::uint8_t* data, std::size_t size, std::size_t capacity) {
    sqlite3* handle = database_.handle();
    const int code = sqlite3_deserialize(
        handle, "main", data, static_cast<sqlite3_int64>(size),
        static_cast<sqlite3_int64>(capacity),
        SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    if (code != SQLITE_OK) throw_sqlite_failure(handle, code, "opening an image");
    // The default is 1 GiB. More than this SQLite cannot allocate, and it doubles up to the limit.
    auto limit = static_cast<sqlite3_int64>(size_max);
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_SIZE_LIMIT, &limit);
}

/// A large page cache would only hold the pages twice.
void MemoryImage::configure(Journal journal) {
    database_.exec(
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=OFF; PRAGMA cache_size=-512;");
    database_.exec(
        journal == Journal::off ? "PRAGMA journal_mode=OFF" : "PRAGMA journal_mode=MEMORY");
}

ByteView MemoryImage::view() {
    VEREDA_ASSERT(!database_.in_transaction());
    sqlite3_int64 size = 0;
    const auto* data =
        sqlite3_serialize(database_.handle(), "main", &size, SQLITE_SERIALIZE_NOCOPY);
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace vereda::engine
