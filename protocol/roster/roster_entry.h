#pragma once

// Lives here: the bytes of the roster: entries, invites, wrapped keys (docs/protocol/roster.md).
// Begin: here, then `roster_body.h`.
// Must not know: whether an entry is valid after those before it (engine/roster).

#include <expected>
#include <vector>

#include "protocol/roster/roster_body.h"

/// One entry of the workspace's signed chain:
///
///     CBOR [kind, position, predecessor hash 32, body, [[signer 32, signature 64]…]]
///
/// Normative bytes and rules: docs/protocol/roster.md. Who may sign what: engine/roster/roster.h.
namespace vereda::protocol {

struct RosterSignature {
    crypto::PublicKey signer{};
    crypto::Signature signature{};
    auto operator<=>(const RosterSignature&) const = default;
};

struct RosterEntry {
    RosterPosition position;
    RosterHash predecessor;  ///< Zeros in the genesis.
    RosterBody body;
    std::vector<RosterSignature> signatures;
    auto operator<=>(const RosterEntry&) const = default;
    [[nodiscard]] RosterKind kind() const { return kind_of(body); }
};

enum class RosterEntryError { malformed, unknown_kind, too_large };

/// Reads one whole entry, strictly, so that encoding it again gives `wire`. Says nothing about
/// signatures or authority. Errors: `unknown_kind` when a newer version wrote it, `too_large`, else
/// `malformed`.
[[nodiscard]] std::expected<RosterEntry, RosterEntryError> parse_roster_entry(ByteView wire);

[[nodiscard]] Bytes encode(const RosterEntry& entry);

/// H("genesis", entry without signatures): the workspace that this genesis founds.
[[nodiscard]] WorkspaceId workspace_of_genesis(const RosterEntry& genesis);

/// H("roster", workspace | entry without signatures).
[[nodiscard]] RosterHash hash_of(const WorkspaceId& workspace, const RosterEntry& entry);

/// What the author of any entry but an enrolment signs; in the genesis the workspace is zeros.
[[nodiscard]] Bytes message_to_sign(const WorkspaceId& workspace, const RosterEntry& entry);

/// What invite key, device key and HTTP key sign in an enrolment: the invite in place of position
/// and predecessor, so that whoever appends it can put it at the end of the chain.
[[nodiscard]] Bytes enrolment_to_sign(
    const WorkspaceId& workspace, const RosterHash& invite_hash, const DeviceEnrolled& body);

}  // namespace vereda::protocol
