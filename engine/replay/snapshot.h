#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/log/log_store.h"
#include "engine/projection/projection.h"
#include "engine/storage/file_system.h"
#include "engine/vault/subkeys.h"

/// The projection, sealed, so that opening a vault need not read the whole log again. Worth nothing
/// by itself: any doubt about it, and the projection is rebuilt from the log.
///
///     file  = stream header 24 | sealed size | sealed head | (sealed size | sealed chunk)…
///     size  = u32: bytes of what follows it
///     head  = CBOR [3, projection version, index notes, image size, number of logs, hash of their
///             ids, [log…]]
///     log   = [ordinal, block_no | null, block hash, read to, hash of the open entry there]
///     chunk = one zstd frame: 256 KiB of the image, the last one what is left
///
/// A row for each log of which anything was read, with number and hash of its last closed block.
/// Sealed with secretstream under the snapshot subkey: a chunk changed, moved, missing or of
/// another file does not open.
namespace vereda::engine {

class SnapshotFile {
  public:
    /// `compression_level` is zstd's, of what is written; whatever it was, it is read.
    SnapshotFile(
        FileSystem& files, std::string path, const VaultKey& key, int compression_level = 1);

    /// Replaces the snapshot, durably. Throws StorageFailure, after which the old one still stands.
    void write(Projection& projection, LogStore& store);
    /// The projection as it was, if the snapshot is whole, of this version and of this log's past.
    [[nodiscard]] std::unique_ptr<Projection> load(LogStore& store, Projection::Options options);
    void remove();

  private:
    FileSystem& files_;
    std::string path_;
    crypto::SecretBytes key_;
    int compression_level_;
};

}  // namespace vereda::engine
