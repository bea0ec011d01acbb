#include "engine/roster/roster.h"

#include <algorithm>

#include "crypto/assert.h"
#include "engine/roster/roster_rules.h"
#include "engine/roster/roster_signers.h"

namespace vereda::engine {

using protocol::RosterEntry;
using protocol::RosterKind;
using protocol::RosterPosition;

Roster::Roster(const protocol::WorkspaceId& pinned) { state_.workspace = pinned; }

std::expected<RosterAppended, RosterError> Roster::append(ByteView wire) {
    return append(wire, Trust::none);
}

std::expected<Roster, RosterError> Roster::reload(
    const protocol::WorkspaceId& pinned, std::span<const Bytes> entries,
    const protocol::RosterHash& trusted_last) {
    Roster roster(pinned);
    for (const Bytes& wire : entries) {
        const auto appended = roster.append(wire, Trust::verified_before);
        if (!appended) return std::unexpected(appended.error());
    }
    const bool is_trusted = !roster.empty() && roster.last_hash() == trusted_last;
    if (!is_trusted) return std::unexpected(RosterError::bad_signature);
    return roster;
}

std::expected<RosterAppended, RosterError> Roster::append(ByteView wire, Trust trust) {
    auto entry = protocol::parse_roster_entry(wire);
    if (!entry) {
        const bool is_newer = entry.error() == protocol::RosterEntryError::unknown_kind;
        return std::unexpected(is_newer ? RosterError::newer_version : RosterError::malformed);
    }
    if (entry->position.value < size()) return meet_again(wire, *entry);
    if (const auto refused = refuse_place(*entry)) return std::unexpected(*refused);
    const auto refused = empty() ? take_genesis(*entry, trust) : take_next(*entry, trust);
    if (refused) return std::unexpected(*refused);
    const auto hash = hash_of(state_.workspace, *entry);
    entries_.push_back({Bytes(wire.begin(), wire.end()), *std::move(entry), hash, std::nullopt});
    return RosterAppended::appended;
}

std::optional<RosterError> Roster::refuse_place(const RosterEntry& entry) const {
    if (entry.position > next_position()) return RosterError::gap;
    if (!empty() && entry.predecessor != last_hash()) return RosterError::wrong_predecessor;
    return std::nullopt;
}

std::optional<RosterError> Roster::take_genesis(const RosterEntry& entry, Trust trust) {
    if (workspace_of_genesis(entry) != state_.workspace) return RosterError::other_workspace;
    const bool check = trust == Trust::none;
    const auto author = author_of(state_, entry, check);
    if (!author) return author.error();
    const RosterAct act{entry.position, hash_of(state_.workspace, entry), *author, check};
    return apply_genesis(state_, act, std::get<protocol::Genesis>(entry.body));
}

std::optional<RosterError> Roster::take_next(const RosterEntry& entry, Trust trust) {
    const bool check = trust == Trust::none;
    const auto author = author_of(state_, entry, check);
    if (!author) return author.error();
    if (const auto* settled = std::get_if<protocol::ResolveFork>(&entry.body)) {
        if (hash_at(settled->common) != settled->common_hash) return RosterError::contradiction;
    }
    const RosterAct act{entry.position, hash_of(state_.workspace, entry), *author, check};
    return apply(state_, act, entry.body);
}

/// An entry for a position that is taken: the same one, evidence of a fork, or nothing worth
/// keeping.
std::expected<RosterAppended, RosterError> Roster::meet_again(
    ByteView wire, const RosterEntry& entry) {
    const Stored& ours = entries_[entry.position.value];
    if (hash_of(state_.workspace, entry) == ours.hash) return RosterAppended::already_had;
    if (entry.position.value == 0) return std::unexpected(RosterError::other_workspace);
    Roster before = prefix(entry.position.value);
    const auto judged = before.append(wire, Trust::none);
    if (!judged) return std::unexpected(judged.error());
    const bool is_known = std::any_of(forks_.begin(), forks_.end(), [&](const RosterFork& fork) {
        return std::equal(fork.theirs.begin(), fork.theirs.end(), wire.begin(), wire.end());
    });
    if (!is_known) forks_.push_back({entry.position, ours.wire, Bytes(wire.begin(), wire.end())});
    return std::unexpected(RosterError::fork);
}

Roster Roster::prefix(std::uint64_t entries) const {
    Roster roster(state_.workspace);
    for (std::uint64_t at = 0; at < entries; ++at) {
        VEREDA_ASSERT(roster.append(entries_[at].wire, Trust::verified_before).has_value());
    }
    return roster;
}

RosterPosition Roster::last_position() const {
    VEREDA_ASSERT(!empty());
    return {entries_.size() - 1};
}

protocol::RosterHash Roster::last_hash() const { return entries_[last_position().value].hash; }

std::optional<protocol::RosterHash> Roster::hash_at(RosterPosition position) const {
    if (position.value >= size()) return std::nullopt;
    return entries_[position.value].hash;
}

const RosterEntry& Roster::entry_at(RosterPosition position) const {
    VEREDA_ASSERT(position.value < size());
    return entries_[position.value].entry;
}

ByteView Roster::wire_at(RosterPosition position) const {
    VEREDA_ASSERT(position.value < size());
    return entries_[position.value].wire;
}

std::optional<protocol::Millis> Roster::accepted_at(RosterPosition position) const {
    if (position.value >= size()) return std::nullopt;
    return entries_[position.value].accepted;
}

void Roster::note_accepted(RosterPosition position, protocol::Millis accepted) {
    VEREDA_ASSERT(position.value < size());
    entries_[position.value].accepted = accepted;
}

}  // namespace vereda::engine
