#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "crypto/hash.h"
#include "protocol/ids.h"

/// What a block commits to, and the Merkle tree over it.
///
///     leaf_0 = BLAKE2b-256(key = salt_0, "vereda/preamble/v1\0" | log | u64 first_seq | preamble)
///     leaf_i = BLAKE2b-256(key = salt_i, "vereda/entry/v1\0" | log | u64 seq | entry)
///     inner  = BLAKE2b-256("vereda/node/v1\0" | left | right)
///              split at the largest power of two below n
///
/// Source: docs/protocol.md "Commitments"; RFC 6962 §2.1 for the shape of the tree.
namespace vereda::protocol {

/// Makes the leaves of one log's blocks, keeping its buffer between calls: no allocation per entry.
class LeafHasher {
  public:
    explicit LeafHasher(const LogId& log);
    [[nodiscard]] crypto::Hash preamble(const Salt& salt, Seq first_seq, ByteView preamble);
    [[nodiscard]] crypto::Hash entry(const Salt& salt, Seq seq, ByteView entry);

  private:
    Bytes entry_message_;  // the prefix, the log and room for seq, followed by the last entry
    Bytes preamble_message_;
};

/// The root over `leaves`; of one leaf it is the leaf, of none 32 zeros.
[[nodiscard]] crypto::Hash merkle_root(std::span<const crypto::Hash> leaves);
/// The same, overwriting `leaves` instead of copying them.
[[nodiscard]] crypto::Hash merkle_root_in_place(std::span<crypto::Hash> leaves);

/// The siblings from the leaf at `index` up to the root.
[[nodiscard]] std::vector<crypto::Hash> merkle_path(
    std::span<const crypto::Hash> leaves, std::size_t index);

/// True when `path` leads from `leaf` at `index` among `leaf_count` leaves to `root`, and is
/// exactly as long as it must be. The root alone does not say how many leaves there are:
/// `leaf_count` comes from elsewhere.
[[nodiscard]] bool verify_merkle_path(
    const crypto::Hash& leaf, std::uint64_t index, std::uint64_t leaf_count,
    std::span<const crypto::Hash> path, const crypto::Hash& root);

}  // namespace vereda::protocol
