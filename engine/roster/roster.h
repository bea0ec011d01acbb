#pragma once

// Lives here: who may do what, from which entry on (docs/protocol/roster.md).
// Begin: here, then `authority.h`.
// Must not know: logs, people, and the disk.

#include <expected>
#include <optional>
#include <span>
#include <vector>

#include "engine/roster/authority.h"
#include "engine/roster/roster_error.h"
#include "engine/roster/roster_state.h"
#include "protocol/roster/roster_entry.h"

/// A workspace's verified chain of authority, in memory: who may do what, at any position of it.
namespace vereda::engine {

/// Two valid entries with one predecessor: somebody with authority signed twice, or a hub told two
/// stories.
struct RosterFork {
    protocol::RosterPosition position;
    Bytes ours;    ///< The entry that this roster goes on from.
    Bytes theirs;  ///< The other, verified on the same predecessor.
};

enum class RosterAppended { appended, already_had };

/// Pure values: no clock, no disk, no threads of its own. Const calls are safe from many threads at
/// once. An entry becomes part of it only by `append`, which verifies everything that
/// docs/protocol/roster.md demands.
class Roster {
  public:
    using Position = protocol::RosterPosition;

    /// Empty; the first entry must be the genesis whose hash is `pinned`.
    explicit Roster(const protocol::WorkspaceId& pinned);

    /// Verifies `wire` and puts it at the end. Repeating is harmless. An error changes nothing,
    /// except that `fork` keeps the other entry as evidence. A known fork does not stop the chain:
    /// settling it is a later version's entry.
    std::expected<RosterAppended, RosterError> append(ByteView wire);

    /// The same roster again from entries that were verified before and kept: only hashes and rules
    /// are checked, no signatures, and the last hash must be `trusted_last` (kept under the vault's
    /// key). Error: `bad_signature` when it is another one; else as `append`. Then verify them
    /// again with `append`.
    [[nodiscard]] static std::expected<Roster, RosterError> reload(
        const protocol::WorkspaceId& pinned, std::span<const Bytes> entries,
        const protocol::RosterHash& trusted_last);

    // ---- the chain

    [[nodiscard]] const protocol::WorkspaceId& workspace() const { return state_.workspace; }
    /// How many entries there are; the last one's position is size() − 1.
    [[nodiscard]] std::uint64_t size() const { return entries_.size(); }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    /// Asserts that there is a genesis; so do the two below.
    [[nodiscard]] Position last_position() const;
    [[nodiscard]] protocol::RosterHash last_hash() const;
    [[nodiscard]] Position next_position() const { return {entries_.size()}; }
    /// Nothing beyond the end.
    [[nodiscard]] std::optional<protocol::RosterHash> hash_at(Position position) const;
    /// Asserts position < size().
    [[nodiscard]] const protocol::RosterEntry& entry_at(Position position) const;
    [[nodiscard]] ByteView wire_at(Position position) const;
    /// When the hub took the entry in, as its leaf says: for display. Nothing while unknown.
    [[nodiscard]] std::optional<protocol::Millis> accepted_at(Position position) const;
    void note_accepted(Position position, protocol::Millis accepted);
    [[nodiscard]] const std::vector<RosterFork>& forks() const { return forks_; }

    // ---- authority, just after the entry at `position`; beyond the end: none

    [[nodiscard]] std::optional<protocol::Role> role_of(const protocol::DeviceId&, Position) const;
    [[nodiscard]] std::optional<protocol::Role> role_of(const protocol::MemberId&, Position) const;
    /// May this device write such an event into this turf? About 50 ns.
    /// A profile event must also pass `may_name`.
    [[nodiscard]] bool may_write(
        const protocol::DeviceId&, const protocol::TurfId&, protocol::EventType, Position) const;
    /// May this device name this member, device, turf or workspace (`kind` as in
    /// protocol::Profile)?
    [[nodiscard]] bool may_name(
        const protocol::DeviceId&, std::uint64_t kind, ByteView id, Position) const;
    [[nodiscard]] bool is_active(const protocol::DeviceId&, Position) const;
    /// Has this device ever had this turf to work in, up to `position`? Whatever was taken from it
    /// since, and whether or not its own time has ended: an honest block's device had its turf
    /// once.
    [[nodiscard]] bool ever_held(
        const protocol::DeviceId&, const protocol::TurfId&, Position position) const;

    // ---- what there is, at the end

    [[nodiscard]] const RosterDevice* find(const protocol::DeviceId& id) const {
        return state_.find(id);
    }
    [[nodiscard]] const RosterMember* find(const protocol::MemberId& id) const {
        return state_.find(id);
    }
    [[nodiscard]] const RosterTurf* find(const protocol::TurfId& id) const {
        return state_.find(id);
    }
    [[nodiscard]] std::optional<protocol::MemberId> member_of(const protocol::DeviceId&) const;
    [[nodiscard]] bool is_active(const protocol::DeviceId&) const;
    [[nodiscard]] std::optional<protocol::Role> role_of(const protocol::DeviceId&) const;
    [[nodiscard]] const std::vector<RosterDevice>& devices() const { return state_.devices; }
    [[nodiscard]] const std::vector<RosterMember>& members() const { return state_.members; }
    [[nodiscard]] const std::vector<RosterTurf>& turfs() const { return state_.turfs; }
    [[nodiscard]] const protocol::TurfId& common() const { return state_.common; }

    /// The turfs that this device may hold now, `common` first, in the order of creation; none once
    /// it has ended.
    [[nodiscard]] std::vector<protocol::TurfId> turfs_of(const protocol::DeviceId&) const;
    [[nodiscard]] bool holds_turf(const protocol::DeviceId&, const protocol::TurfId&) const;

    /// Nothing for an epoch that is not there.
    [[nodiscard]] const RosterKeyEpoch* key_epoch(const protocol::TurfId&, protocol::Epoch) const;
    [[nodiscard]] std::optional<protocol::KeyCommitment> key_commitment(
        const protocol::TurfId&, protocol::Epoch) const;
    /// The newest epoch; nothing while the turf has no key.
    [[nodiscard]] std::optional<protocol::Epoch> current_epoch(const protocol::TurfId&) const;
    /// The same as the roster stood at `position`: a block that had seen it uses no later epoch.
    [[nodiscard]] std::optional<protocol::Epoch> current_epoch(
        const protocol::TurfId&, Position position) const;
    /// Every box key that a new key of this turf must be sealed to: devices of coordinators and of
    /// those granted, and open invites that will be either. Ascending.
    [[nodiscard]] std::vector<crypto::BoxPublicKey> key_recipients(const protocol::TurfId&) const;
    /// Box keys of the coordinators' active devices.
    [[nodiscard]] std::vector<crypto::BoxPublicKey> coordinator_box_keys() const;

    [[nodiscard]] const std::optional<protocol::HubEntry>& hub() const { return state_.hub; }
    /// The invite whose entry is at this position, whatever became of it. Whether it has expired is
    /// for a hub to say.
    [[nodiscard]] const RosterInvite* find_invite(Position position) const;
    [[nodiscard]] std::vector<RosterInvite> open_invites() const;
    /// Orders to erase and their supplements, in the order of the chain.
    [[nodiscard]] const std::vector<RosterOrder>& orders() const { return state_.orders; }

  private:
    struct Stored {
        Bytes wire;
        protocol::RosterEntry entry;
        protocol::RosterHash hash;
        std::optional<protocol::Millis> accepted;
    };
    enum class Trust { none, verified_before };

    std::expected<RosterAppended, RosterError> append(ByteView wire, Trust trust);
    [[nodiscard]] std::optional<RosterError> refuse_place(const protocol::RosterEntry& entry) const;
    std::expected<RosterAppended, RosterError> meet_again(
        ByteView wire, const protocol::RosterEntry& entry);
    [[nodiscard]] Roster prefix(std::uint64_t entries) const;
    [[nodiscard]] std::optional<RosterError> take_genesis(
        const protocol::RosterEntry& entry, Trust trust);
    [[nodiscard]] std::optional<RosterError> take_next(
        const protocol::RosterEntry& entry, Trust trust);

    RosterState state_;
    std::vector<Stored> entries_;
    std::vector<RosterFork> forks_;
};

}  // namespace vereda::engine
