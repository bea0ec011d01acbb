#include "engine/log/packed_names.h"

#include <algorithm>
#include <zstd.h>

#include "engine/storage/storage_failure.h"

namespace vereda::engine {
namespace {

// A high level, because an author may have used one too; each name is packed only once.
constexpr int level = 12;

[[noreturn]] void fail() {
    throw StorageFailure(StorageFault::corrupt, "names of logs that were kept do not unpack");
}

}  // namespace

Bytes pack_names(std::span<const protocol::LogId> names) {
    Bytes plain;
    plain.reserve(names.size() * protocol::LogId::size);
    for (const protocol::LogId& name : names)
        plain.insert(plain.end(), name.bytes.begin(), name.bytes.end());
    Bytes packed(ZSTD_compressBound(plain.size()));
    const std::size_t size =
        ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), level);
    VEREDA_ASSERT(ZSTD_isError(size) == 0);
    packed.resize(size);
    return packed;
}

std::vector<protocol::LogId> unpack_names(ByteView packed) {
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    constexpr std::size_t names_max = 4096;  // a block mentions at most 2 for each of 511 entries
    if (size > names_max * protocol::LogId::size || size % protocol::LogId::size != 0) fail();
    Bytes plain(static_cast<std::size_t>(size));
    if (ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size()) != plain.size())
        fail();
    std::vector<protocol::LogId> names(plain.size() / protocol::LogId::size);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto from = plain.begin() + static_cast<std::ptrdiff_t>(i * protocol::LogId::size);
        std::copy_n(from, protocol::LogId::size, names[i].bytes.begin());
    }
    return names;
}

}  // namespace vereda::engine
