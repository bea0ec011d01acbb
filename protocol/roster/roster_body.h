#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/hash.h"
#include "crypto/sealed_box.h"
#include "crypto/signature.h"
#include "protocol/ids.h"

/// What a roster entry says, kind by kind. Normative bytes: docs/protocol/roster.md.
namespace vereda::protocol {

enum class RosterKind : std::uint64_t {
    genesis = 0,
    hub = 1,
    member_role = 2,
    device_enrolled = 3,
    invite = 4,
    invite_cancelled = 5,
    turf_created = 6,
    granted = 7,
    ungranted = 8,
    key_epoch = 9,
    retired = 10,
    compromised = 11,
    close_late_work = 12,
    adopt = 13,
    reject = 14,
    erase_order = 15,
    supplement = 16,
    propose = 17,
    approve = 18,
    resolve_fork = 19,
};
inline constexpr std::uint64_t roster_kind_last = 19;

enum class Role : std::uint64_t { coordinator = 1, organiser = 2, auditor = 3 };

/// A device's public keys: one key, one purpose. Layout [signing 32, box 32, http 32].
struct DeviceKeys {
    DeviceId device;           ///< Signs blocks and roster entries.
    crypto::BoxPublicKey box;  ///< Receives wrapped turf keys.
    crypto::PublicKey http;    ///< Signs requests to the hub.
    auto operator<=>(const DeviceKeys&) const = default;
};

/// Merkle root over the wraps that hang off an entry (protocol/roster/wrap.h). Layout [root 32,
/// count]; zeros exactly when there are none.
struct WrapsRoot {
    crypto::Hash root{};
    std::uint64_t count = 0;
    auto operator<=>(const WrapsRoot&) const = default;
};

/// The last block of a log that an entry acknowledges. Layout [log 32, last seq, block hash 32].
struct AcknowledgedHead {
    LogId log;
    Seq last_seq;
    BlockHash block;
    auto operator<=>(const AcknowledgedHead&) const = default;
};
/// Ascending by log, each log once.
using AcknowledgedHeads = std::vector<AcknowledgedHead>;

/// Entries of `kind` need the consent of `approvals` coordinators, counting who proposes. Layout
/// [kind, approvals ≥ 2].
struct PolicyRule {
    RosterKind kind;
    std::uint64_t approvals = 2;
    auto operator<=>(const PolicyRule&) const = default;
};

/// Founds a workspace. [member 16, device keys, recovery key 32, [policy rule…]]
struct Genesis {
    MemberId founder;
    DeviceKeys keys;
    crypto::PublicKey recovery_key;  ///< Offline; may only appoint and remove coordinators.
    std::vector<PolicyRule> policy;  ///< Ascending by kind; a kind not named needs one coordinator.
    auto operator<=>(const Genesis&) const = default;
};

/// Where the hub is and how it proves itself. [url, pin 32, hub key 32, hub epoch ≥ 1]
struct HubEntry {
    std::string url;                  ///< https://…, printable ASCII, at most 256 characters.
    crypto::Hash pin{};               ///< SHA-256 of the TLS key's SubjectPublicKeyInfo.
    crypto::PublicKey signing_key{};  ///< Signs stream heads.
    std::uint64_t epoch = 1;          ///< Grows when a hub was restored or replaced.
    auto operator<=>(const HubEntry&) const = default;
};

/// Gives a member another role. [member 16, role, heads]; heads of the member's logs when authority
/// is taken away.
struct MemberRole {
    MemberId member;
    Role role = Role::organiser;
    AcknowledgedHeads heads;
    auto operator<=>(const MemberRole&) const = default;
};

/// A device joins by invite. [invite position, member 16, device keys]
struct DeviceEnrolled {
    RosterPosition invite;
    MemberId member;
    DeviceKeys keys;
    auto operator<=>(const DeviceEnrolled&) const = default;
};

/// Invites one device. [id 16, signing key 32, box key 32, role, member 16 | null, [turf…], expires
/// ms, wraps]
struct Invite {
    InviteId id;
    crypto::PublicKey signing_key{};  ///< Derived from the code's secret.
    /// Derived from the code's secret and the share that the hub releases once.
    crypto::BoxPublicKey box_key{};
    Role role = Role::organiser;
    std::optional<MemberId> member;  ///< A further device of this member; none: a new member.
    /// Ascending, without `common`; empty for a coordinator, who has all.
    std::vector<TurfId> turfs;
    Millis expires;  ///< Judged by the hub when the enrolment is appended, never by a reader of the
                     ///< chain.
    WrapsRoot wraps;
    auto operator<=>(const Invite&) const = default;
};

/// [id 16]
struct InviteCancelled {
    InviteId id;
    auto operator<=>(const InviteCancelled&) const = default;
};

/// [turf 16]; its name is a record in `common`.
struct TurfCreated {
    TurfId turf;
    auto operator<=>(const TurfCreated&) const = default;
};

/// [member 16, turf 16, wraps]
struct Granted {
    MemberId member;
    TurfId turf;
    WrapsRoot wraps;
    auto operator<=>(const Granted&) const = default;
};

/// [member 16, turf 16, heads]
struct Ungranted {
    MemberId member;
    TurfId turf;
    AcknowledgedHeads heads;
    auto operator<=>(const Ungranted&) const = default;
};

/// A new key for a turf. [turf 16, epoch, commitment 32, sealed previous key 72 | null, wraps]
struct KeyEpoch {
    TurfId turf;
    Epoch epoch;
    KeyCommitment commitment;
    /// Of the epoch before, sealed under this one; none exactly in epoch 1.
    std::optional<ByteArray<72>> previous;
    WrapsRoot wraps;
    auto operator<=>(const KeyEpoch&) const = default;
};

/// One person or one laptop. Layout: kind (1 member, 2 device), then the id.
using Target = std::variant<MemberId, DeviceId>;

/// Takes a device or a member out of service; later work that had not seen it counts as late.
/// [kind, id, heads]
struct Retired {
    Target target;
    AcknowledgedHeads heads;
    auto operator<=>(const Retired&) const = default;
};

/// The same for keys in wrong hands: everything past the heads is quarantined. [kind, id, heads]
struct Compromised {
    Target target;
    AcknowledgedHeads heads;
    auto operator<=>(const Compromised&) const = default;
};

/// A decision on the work past the heads of an earlier entry. [position of that entry, heads]; it
/// covers each log from there, or from the last such decision, to the heads given here.
struct CloseLateWork {
    RosterPosition about;  ///< A retired, ungranted or member role entry.
    AcknowledgedHeads heads;
    auto operator<=>(const CloseLateWork&) const = default;
};
struct Adopt {
    RosterPosition about;  ///< A compromised entry.
    AcknowledgedHeads heads;
    auto operator<=>(const Adopt&) const = default;
};
struct Reject {
    RosterPosition about;  ///< A compromised entry.
    AcknowledgedHeads heads;
    auto operator<=>(const Reject&) const = default;
};

/// Orders slots erased. [order id 16, turf 16, epoch, list hash 32, [block hash…], sealed list]
struct EraseOrder {
    OrderId order;
    TurfId turf;
    Epoch epoch;
    crypto::Hash list_hash{};       ///< H("list", sealed list).
    std::vector<BlockHash> blocks;  ///< Ascending, each once.
    Bytes sealed_list;              ///< nonce 24 | ciphertext under K_list.
    auto operator<=>(const EraseOrder&) const = default;
};

/// Adds slots to an order as late entries arrive; the same layout.
struct Supplement {
    EraseOrder added;
    auto operator<=>(const Supplement&) const = default;
};

/// An entry that needs several coordinators. [kind, body of that kind]
struct Propose {
    RosterKind kind = RosterKind::erase_order;
    Bytes body;  ///< Encoded; parsed and judged like the body of an entry of its own.
    auto operator<=>(const Propose&) const = default;
};

/// [position of the proposal, hash of the proposal 32]
struct Approve {
    RosterPosition proposal;
    RosterHash hash;
    auto operator<=>(const Approve&) const = default;
};

/// Settles a fork in favour of the branch that this entry stands on.
/// [last common position, its hash 32, [[position, hash 32] of the head of each branch left]…]
struct ResolveFork {
    struct Branch {
        RosterPosition position;
        RosterHash hash;
        auto operator<=>(const Branch&) const = default;
    };
    RosterPosition common;
    RosterHash common_hash;
    std::vector<Branch> left;  ///< Ascending, at least one.
    auto operator<=>(const ResolveFork&) const = default;
};

/// In the order of RosterKind, so that the index is the kind.
using RosterBody = std::variant<
    Genesis, HubEntry, MemberRole, DeviceEnrolled, Invite, InviteCancelled, TurfCreated, Granted,
    Ungranted, KeyEpoch, Retired, Compromised, CloseLateWork, Adopt, Reject, EraseOrder, Supplement,
    Propose, Approve, ResolveFork>;

[[nodiscard]] inline RosterKind kind_of(const RosterBody& body) {
    return static_cast<RosterKind>(body.index());
}

/// May a policy ask for several coordinators here? Not for kinds that carry wraps (bound to their
/// own position), that found or enrol, or that make up a vote themselves.
[[nodiscard]] bool may_need_approval(RosterKind kind);

/// "https://" and at least one character, printable ASCII without space, quote or backslash, at
/// most 256 in all.
[[nodiscard]] bool is_hub_url(std::string_view url);

enum class RosterBodyError { unknown_kind, malformed };

/// The body of an entry of `kind`, from exactly `wire`. Checks layout, sizes, order and what one
/// body can contradict in itself; not keys, signatures or authority. Errors: `unknown_kind` (a
/// newer version's), `malformed`.
[[nodiscard]] std::expected<RosterBody, RosterBodyError> parse_roster_body(
    RosterKind kind, ByteView wire);

[[nodiscard]] Bytes encode(const RosterBody& body);

}  // namespace vereda::protocol
