#pragma once

#include <string_view>

#include "crypto/hash.h"
#include "protocol/ids.h"

/// H(d, x): one hash, as many uses as there are domains, none to be mistaken for another.
namespace vereda::protocol {

/// H(domain, message) = BLAKE2b-256 of "vereda/" domain "/v1\0" | message, fed piece by piece.
class DomainHash {
  public:
    explicit DomainHash(std::string_view domain);
    DomainHash& update(ByteView piece) {
        hash_.update(piece);
        return *this;
    }
    DomainHash& update_u64(std::uint64_t value);
    [[nodiscard]] crypto::Hash finish() { return hash_.finish_256(); }
    /// The result as one of the format's 32-byte names.
    template <class Id>
    [[nodiscard]] Id finish_as() {
        return Id{finish()};
    }

  private:
    crypto::Blake2b hash_;
};

/// H(domain, message) of a message in one piece.
[[nodiscard]] crypto::Hash domain_hash(std::string_view domain, ByteView message);

/// "vereda/" domain "/v1\0": what precedes every signed, authenticated or hashed message.
[[nodiscard]] Bytes domain_prefix(std::string_view domain);

/// domain_prefix(domain) | workspace | message: what every signature of the format covers.
[[nodiscard]] Bytes signed_message(
    std::string_view domain, const WorkspaceId& workspace, ByteView message);

/// H("log", workspace | device | turf | incarnation).
[[nodiscard]] LogId log_id(
    const WorkspaceId& workspace, const DeviceId& device, const TurfId& turf,
    const Incarnation& incarnation);

/// H("fork", workspace | log | block): what the branch that begins with `block` is called, of a log
/// that forked (docs/protocol.md "Forks").
[[nodiscard]] LogId branch_id(
    const WorkspaceId& workspace, const LogId& log, const BlockHash& block);

/// The turf that every workspace has: the first 16 bytes of H("common", workspace).
[[nodiscard]] TurfId common_turf(const WorkspaceId& workspace);

/// H("block", workspace | header): a block's identity; its signature is not in it.
[[nodiscard]] BlockHash block_hash(const WorkspaceId& workspace, ByteView header);

/// H("sealed", payload).
[[nodiscard]] PayloadHash payload_hash(ByteView payload);

/// H("seal", workspace | seal).
[[nodiscard]] SealHash seal_hash(const WorkspaceId& workspace, ByteView seal);

/// H("checked", workspace | checked): what a hub's leaf names a checked object by.
[[nodiscard]] crypto::Hash checked_hash(const WorkspaceId& workspace, ByteView checked);

}  // namespace vereda::protocol
