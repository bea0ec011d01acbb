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
///   file   = stream header 24 | sealed size of the head (u32) | sealed head | sealed chunks of the
///   image (64 KiB each) head   = CBOR [1, projection version, index notes, image size, [[log,
///   block_no | null, block hash, read to,
///   hash of the open entry there]…]]
///            one row for each log in the order of ordinals; block_no and hash of the last closed
///            block
///
/// Sealed with secretstream under the snapshot subkey: a chunk changed, moved, missing or of
/// another file does not open.
namespace vereda::engine {

class SnapshotFile {
  public:
    SnapshotFile(FileSystem& files, std::string path, const VaultKey& key);

    /// Replaces the snapshot, durably. Throws StorageFailure, after which the old one still stands.
    void write(Projection& projection, LogStore& store);
    /// The projection as it was, if the snapshot is whole, of this version and of this log's past.
    [[nodiscard]] std::unique_ptr<Projection> load(LogStore& store, Projection::Options options);
    void remove();

  private:
    FileSystem& files_;
    std::string path_;
    crypto::SecretBytes key_;
};

}  // namespace vereda::engine
