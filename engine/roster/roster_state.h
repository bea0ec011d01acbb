#pragma once

#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "protocol/roster/roster_body.h"

/// What the entries of a roster add up to, with the position of every change, so that it can be
/// asked about any position. Values only; engine/roster/roster_rules.cpp changes them,
/// engine/roster/roster.h answers from them.
namespace vereda::engine {

/// Names of this format are hashes, keys or random: eight of their bytes spread well enough.
struct IdHash {
    template <class Id>
    std::size_t operator()(const Id& id) const {
        std::size_t word = 0;
        std::memcpy(&word, id.bytes.data(), sizeof word);
        return word;
    }
};

/// When a member or device lost its authority, and whether it was compromised.
struct RosterEnding {
    protocol::RosterPosition at;
    bool compromised = false;
};

struct GrantChange {
    protocol::RosterPosition from;
    bool granted = false;
};

/// What was given to a member and taken again of one turf.
struct TurfGrant {
    protocol::TurfId turf;
    std::vector<GrantChange> changes;  ///< Ascending, at least one.

    [[nodiscard]] bool is_granted_now() const { return changes.back().granted; }
    [[nodiscard]] bool is_granted_at(protocol::RosterPosition position) const {
        for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
            if (change->from <= position) return change->granted;
        }
        return false;
    }
};

struct RoleChange {
    protocol::RosterPosition from;
    protocol::Role role = protocol::Role::auditor;
};

struct RosterMember {
    protocol::MemberId id;
    protocol::RosterPosition joined;
    /// Ascending; the first is the role that the member joined with.
    std::vector<RoleChange> roles;
    std::vector<TurfGrant> grants;            ///< A few: searched from the front.
    std::vector<protocol::DeviceId> devices;  ///< In the order of enrolment.
    std::optional<RosterEnding> ended;

    [[nodiscard]] protocol::Role role_now() const { return roles.back().role; }
    [[nodiscard]] const TurfGrant* find_grant(const protocol::TurfId& turf) const {
        for (const TurfGrant& grant : grants) {
            if (grant.turf == turf) return &grant;
        }
        return nullptr;
    }
    [[nodiscard]] bool is_granted_now(const protocol::TurfId& turf) const {
        const TurfGrant* grant = find_grant(turf);
        return grant != nullptr && grant->is_granted_now();
    }
};

struct RosterDevice {
    protocol::DeviceKeys keys;
    protocol::MemberId member;
    std::size_t member_index = 0;  ///< In RosterState::members.
    protocol::RosterPosition enrolled;
    std::optional<RosterEnding> ended;  ///< Its own or its member's.

    [[nodiscard]] bool is_active_at(protocol::RosterPosition position) const {
        return enrolled <= position && (!ended || position < ended->at);
    }
};

struct RosterKeyEpoch {
    protocol::RosterPosition position;
    protocol::KeyCommitment commitment;
    std::optional<ByteArray<72>> previous;  ///< The previous epoch's key, sealed under this one.
};

struct RosterTurf {
    protocol::TurfId id;
    protocol::RosterPosition created;
    std::vector<RosterKeyEpoch> epochs;  ///< Epoch e at index e − 1.
};

struct RosterInvite {
    enum class Status { open, used, cancelled };
    protocol::RosterPosition position;
    protocol::RosterHash hash;
    protocol::Invite body;
    Status status = Status::open;
    std::optional<protocol::DeviceId> used_by;
};

/// An order or a supplement; the sealed list is in the entry at `position`.
struct RosterOrder {
    protocol::RosterPosition position;
    protocol::EraseOrder body;
};

struct RosterProposal {
    protocol::RosterHash hash;
    protocol::RosterBody body;
    std::set<protocol::MemberId> in_favour;
    bool applied = false;
};

struct RosterState {
    protocol::WorkspaceId workspace;
    protocol::TurfId common;
    crypto::PublicKey recovery_key{};
    /// Kinds that need more than one coordinator.
    std::map<protocol::RosterKind, std::uint64_t> approvals;
    std::optional<protocol::HubEntry> hub;
    std::vector<RosterMember> members;  ///< In the order of joining.
    std::vector<RosterDevice> devices;  ///< In the order of enrolment.
    std::vector<RosterTurf> turfs;      ///< In the order of creation, `common` first.
    std::unordered_map<protocol::MemberId, std::size_t, IdHash> member_index;
    std::unordered_map<protocol::DeviceId, std::size_t, IdHash> device_index;
    std::unordered_map<protocol::TurfId, std::size_t, IdHash> turf_index;
    std::map<protocol::RosterPosition, RosterInvite> invites;
    std::set<protocol::InviteId> invite_ids;
    std::vector<RosterOrder> orders;
    std::map<protocol::RosterPosition, RosterProposal> proposals;
    /// Entries that took authority away.
    std::map<protocol::RosterPosition, protocol::RosterKind> takings;
    std::set<ByteArray<32>> keys_used;

    [[nodiscard]] const RosterMember* find(const protocol::MemberId& id) const {
        const auto at = member_index.find(id);
        return at == member_index.end() ? nullptr : &members[at->second];
    }
    [[nodiscard]] const RosterDevice* find(const protocol::DeviceId& id) const {
        const auto at = device_index.find(id);
        return at == device_index.end() ? nullptr : &devices[at->second];
    }
    [[nodiscard]] const RosterTurf* find(const protocol::TurfId& id) const {
        const auto at = turf_index.find(id);
        return at == turf_index.end() ? nullptr : &turfs[at->second];
    }
};

}  // namespace vereda::engine
