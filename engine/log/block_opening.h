#pragma once

#include <optional>
#include <vector>

#include "engine/log/keyring.h"
#include "protocol/log/payload.h"
#include "protocol/sync/message.h"

namespace vereda::engine {

/// A block after everything that needs neither the log nor the roster: parsed, its signature
/// checked, its payload opened. Pure, and the most expensive part of receiving, so it may run on
/// another thread than the merge.
struct OpenedBlock {
    enum class Verdict {
        refused,  ///< Malformed, or not signed by the device that it names.
        no_key,   ///< Signed; this laptop has no key of its epoch.
        closed,   ///< Signed; its payload does not open.
        open,
    };
    Verdict verdict = Verdict::refused;
    Bytes wire;
    std::optional<protocol::ParsedBlock> parsed;  ///< Borrows from `wire`; absent when malformed.
    std::optional<protocol::OpenedPayload> payload;
    std::optional<protocol::Acceptance> acceptance;
    /// The payload is the very one that the author sealed; not asked of a block that was verified
    /// before it was stored.
    bool is_authors = true;
};

/// `signature_known` skips the signature of a block that was verified before it was stored.
[[nodiscard]] OpenedBlock open_block(
    const protocol::WorkspaceId& workspace, const Keyring& keys, Bytes wire,
    std::optional<protocol::Acceptance> acceptance, bool signature_known = false);

/// True when a slot of `block` is empty. Orders on the roster are not asked yet.
[[nodiscard]] bool has_withheld(const OpenedBlock& block);

/// Whether a block says so much in so few bytes that its long texts stay in the log. Full blocks of
/// honest work hold 2 to 4 times their size, of visits that repeat each other 7 times (measured). A
/// function of its bytes alone, so that a projection read again is as the one before.
[[nodiscard]] bool expands(const OpenedBlock& block);

/// Opens blocks in order, here or elsewhere. The engine has no threads of its own: a program may
/// hand in an opener that has.
class BlockOpener {
  public:
    struct Job {
        Bytes wire;
        std::optional<protocol::Acceptance> acceptance;
        bool signature_known = false;
    };
    virtual ~BlockOpener() = default;
    /// Takes jobs; `keys` stays unchanged and alive until all have come out of `next`.
    virtual void submit(const protocol::WorkspaceId& workspace, const Keyring& keys, Job job) = 0;
    /// The oldest submitted block, opened; nothing when there is none.
    [[nodiscard]] virtual std::optional<OpenedBlock> next() = 0;
    /// Forgets everything submitted; on return nothing borrows the keys any more.
    virtual void abandon() = 0;
};

/// Opens each block when it is asked for, on the calling thread.
class DirectOpener final : public BlockOpener {
  public:
    void submit(const protocol::WorkspaceId& workspace, const Keyring& keys, Job job) override;
    [[nodiscard]] std::optional<OpenedBlock> next() override;
    void abandon() override;

  private:
    struct Waiting {
        protocol::WorkspaceId workspace;
        const Keyring* keys;
        Job job;
    };
    std::vector<Waiting> queue_;
    std::size_t taken_ = 0;
};

/// A block that waits, as log.db keeps it: [block] or [block, stream_seq, accepted], with what the
/// hub said of it.
[[nodiscard]] Bytes encode_waiting(
    ByteView wire, const std::optional<protocol::Acceptance>& acceptance);
/// Its signature is to be checked again: the disk may have changed it. Nothing for bytes that are
/// damaged so that they cannot be read.
[[nodiscard]] std::optional<BlockOpener::Job> parse_waiting(ByteView kept);

}  // namespace vereda::engine
