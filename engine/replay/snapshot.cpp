#include "engine/replay/snapshot.h"

#include <algorithm>
#include <zstd.h>

#include "crypto/hash.h"
#include "crypto/secret_stream.h"
#include "engine/projection/schema.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

using crypto::StreamOpener;
using crypto::StreamSealer;

constexpr std::size_t chunk_size = 256 * 1024;
constexpr std::size_t head_size_max = 16 * 1024 * 1024;
constexpr std::string_view associated = "vereda/snapshot/v1";

/// Compresses chunks one after another: rows repeat each other, and what a member writes to be
/// small on the wire and large here stays small on the disk, too.
class Packer {
  public:
    explicit Packer(int level)
        : context_(ZSTD_createCCtx(), ZSTD_freeCCtx),
          room_(ZSTD_compressBound(chunk_size)),
          level_(level) {}

    [[nodiscard]] ByteView pack(ByteView plain) {
        const std::size_t size = ZSTD_compressCCtx(
            context_.get(), room_.data(), room_.size(), plain.data(), plain.size(), level_);
        VEREDA_ASSERT(ZSTD_isError(size) == 0);
        return ByteView(room_).first(size);
    }

  private:
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context_;
    Bytes room_;
    int level_;
};

// Of the last entry that was read, if it is an open one; nothing for one in a block.
Bytes open_entry_hash(LogStore& store, LogOrdinal log, protocol::Seq read_to) {
    if (read_to.value == 0) return {};
    const auto sealed = store.open_entry(LocalDot::of(log, read_to));
    if (!sealed) return {};
    const crypto::Hash hash = crypto::blake2b_256(*sealed);
    return {hash.begin(), hash.end()};
}

// The names of the first logs as one: most may be names and nothing else.
crypto::Hash names_of_logs(const LogStore& store, std::uint64_t count) {
    protocol::DomainHash hash("snapshot-logs");
    for (std::uint32_t log = 1; log <= count; ++log) hash.update(store.info({log}).log.view());
    return hash.finish();
}

Bytes encode_head(const Projection& projection, LogStore& store, std::size_t image_size) {
    Bytes out;
    protocol::CborWriter writer(out);
    std::vector<LogOrdinal> read_logs;
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        const bool read = projection.frontier().read_to({log}).value != 0;
        if (read || store.head({log})) read_logs.push_back({log});
    }
    writer.array(7).unsigned_integer(3).unsigned_integer(projection_version);
    writer.boolean(projection.indexes_notes())
        .unsigned_integer(image_size)
        .unsigned_integer(store.log_count())
        .byte_string(names_of_logs(store, store.log_count()))
        .array(read_logs.size());
    for (const LogOrdinal log : read_logs) {
        const std::optional<BlockHead>& head = store.head(log);
        writer.array(5).unsigned_integer(log.value);
        head ? writer.unsigned_integer(head->block_no) : writer.null();
        writer.byte_string(head ? head->hash.view() : ByteView{});
        const protocol::Seq read_to = projection.frontier().read_to(log);
        writer.unsigned_integer(read_to.value).byte_string(open_entry_hash(store, log, read_to));
    }
    return out;
}

// One log as the snapshot knew it must be the beginning of the log as it is now.
bool is_past_of(LogStore& store, protocol::CborReader& reader) {
    reader.array_of(5);
    const std::uint64_t ordinal = reader.unsigned_integer();
    if (ordinal == 0 || ordinal > store.log_count()) return false;
    const LogOrdinal log{static_cast<std::uint32_t>(ordinal)};
    std::optional<std::uint64_t> block_no;
    if (!reader.take_null()) block_no = reader.unsigned_integer();
    const ByteView hash = reader.byte_string();
    const protocol::Seq read_to{reader.unsigned_integer()};
    const ByteView open_hash = reader.byte_string();
    if (!reader.ok()) return false;
    protocol::Seq closed;
    if (block_no) {
        const std::optional<StoredBlock> block = store.block(log, *block_no);
        if (!block || !std::ranges::equal(block->hash.view(), hash)) return false;
    }
    if (store.head(log)) closed = store.head(log)->last_seq;
    // An open entry may have been closed since; one that is still open must be the very same.
    return read_to <= closed || std::ranges::equal(open_entry_hash(store, log, read_to), open_hash);
}

// The size of the image, when the head fits this program and this log.
std::optional<std::size_t> check_head(ByteView head, LogStore& store, Projection::Options options) {
    protocol::CborReader reader(head);
    reader.array_of(7);
    const bool fits = reader.unsigned_integer() == 3 &&
                      reader.unsigned_integer() == projection_version &&
                      reader.boolean() == options.index_notes;
    const std::uint64_t image_size = reader.unsigned_integer(), names = reader.unsigned_integer();
    const ByteView names_hash = reader.byte_string();
    const std::size_t logs = reader.array();
    if (!reader.ok() || !fits || image_size > MemoryImage::size_max) return std::nullopt;
    const bool same_names =
        names <= store.log_count() && std::ranges::equal(names_of_logs(store, names), names_hash);
    if (!same_names) return std::nullopt;
    for (std::size_t log = 0; log < logs; ++log) {
        if (!is_past_of(store, reader)) return std::nullopt;
    }
    return reader.finished() ? std::optional<std::size_t>(image_size) : std::nullopt;
}

// Opens the chunks of a snapshot one after another.
class ChunkReader {
  public:
    ChunkReader(FileReader& file, ByteView key) : file_(file) {
        ByteArray<StreamSealer::header_size> header{};
        if (file.read(header) == header.size()) opener_.emplace(key, as_bytes(associated), header);
    }

    // The next number of bytes that a chunk has.
    std::optional<std::size_t> next_size() {
        const auto chunk = next(4);
        if (!chunk) return std::nullopt;
        std::size_t size = 0;
        for (const std::uint8_t byte : chunk->plain) size = size << 8 | byte;
        return size;
    }

    // The next chunk of `plain_size` bytes; nothing when it does not open.
    std::optional<StreamOpener::Chunk> next(std::size_t plain_size) {
        sealed_.resize(plain_size + StreamSealer::chunk_overhead);
        if (!opener_ || file_.read(sealed_) != sealed_.size()) return std::nullopt;
        auto chunk = opener_->open(sealed_);
        return chunk ? std::optional(std::move(*chunk)) : std::nullopt;
    }

  private:
    FileReader& file_;
    std::optional<StreamOpener> opener_;
    Bytes sealed_;
};

bool fill_image(ChunkReader& chunks, std::span<std::uint8_t> image) {
    for (std::size_t done = 0; done < image.size();) {
        const std::size_t size = std::min(chunk_size, image.size() - done);
        const auto packed_size = chunks.next_size();
        if (!packed_size || *packed_size > ZSTD_compressBound(chunk_size)) return false;
        const auto chunk = chunks.next(*packed_size);
        if (!chunk || chunk->last != (done + size == image.size())) return false;
        const std::size_t unpacked =
            ZSTD_decompress(image.data() + done, size, chunk->plain.data(), chunk->plain.size());
        if (ZSTD_isError(unpacked) != 0 || unpacked != size) return false;
        done += size;
    }
    return !image.empty();
}

}  // namespace

SnapshotFile::SnapshotFile(
    FileSystem& files, std::string path, const VaultKey& key, int compression_level)
    : files_(files),
      path_(std::move(path)),
      key_(derive_subkey(key, KeyPurpose::snapshot)),
      compression_level_(compression_level) {}

void SnapshotFile::write(Projection& projection, LogStore& store) {
    const ByteView image = projection.image();
    const Bytes head = encode_head(projection, store, image.size());
    if (head.size() > head_size_max) return;
    StreamSealer sealer(key_.view(), as_bytes(associated));
    const std::unique_ptr<FileWriter> file = files_.create(path_);
    file->write(sealer.header());
    const auto write_size = [&](std::size_t of) {
        Bytes size;
        append_u32(size, static_cast<std::uint32_t>(of));
        file->write(sealer.seal(size, false));
    };
    write_size(head.size());
    file->write(sealer.seal(head, false));
    Packer packer(compression_level_);
    for (std::size_t done = 0; done < image.size(); done += chunk_size) {
        const std::size_t left = image.size() - done;
        const ByteView packed = packer.pack(image.subspan(done, std::min(chunk_size, left)));
        write_size(packed.size());
        file->write(sealer.seal(packed, left <= chunk_size));
    }
    file->commit();
}

std::unique_ptr<Projection> SnapshotFile::load(LogStore& store, Projection::Options options) {
    const std::unique_ptr<FileReader> file = files_.open(path_);
    if (!file) return nullptr;
    ChunkReader chunks(*file, key_.view());
    const auto head_size = chunks.next_size();
    if (!head_size || *head_size > head_size_max) return nullptr;
    const auto head = chunks.next(*head_size);
    if (!head) return nullptr;
    const auto image_size = check_head(head->plain, store, options);
    if (!image_size) return nullptr;
    ImageBuffer image(*image_size);
    if (!fill_image(chunks, image.writable())) return nullptr;
    try {
        return std::make_unique<Projection>(options, std::move(image));
    } catch (const StorageFailure&) {
        return nullptr;  // sealed by us, yet no database: rebuild
    }
}

void SnapshotFile::remove() { files_.remove(path_); }

}  // namespace vereda::engine
