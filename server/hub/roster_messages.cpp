#include <algorithm>

#include "protocol/roster/wrap.h"
#include "server/hub/messages.h"
#include "server/hub/stream_head.h"

namespace vereda::server {
namespace {

using protocol::Refusal;
using protocol::RosterEntry;
using protocol::RosterPosition;
using protocol::WrapsRoot;

/// The root that the entry names; an empty one for kinds that carry no wraps.
WrapsRoot root_of(const RosterEntry& entry) {
    if (const auto* invite = std::get_if<protocol::Invite>(&entry.body)) return invite->wraps;
    if (const auto* granted = std::get_if<protocol::Granted>(&entry.body)) return granted->wraps;
    if (const auto* epoch = std::get_if<protocol::KeyEpoch>(&entry.body)) return epoch->wraps;
    return {};
}

bool wraps_match(const RosterEntry& entry, const std::vector<protocol::SealedWrap>& wraps) {
    const WrapsRoot root = root_of(entry);
    if (wraps.empty()) return root.count == 0;
    return protocol::wraps_root(wraps) == root;
}

bool is_invite(const RosterEntry& entry) { return entry.kind() == protocol::RosterKind::invite; }

/// The wraps that a founding sends for the entry at `position`.
std::vector<protocol::SealedWrap> wraps_for(
    const protocol::FoundRequest& request, RosterPosition position) {
    const auto at = std::ranges::find(
        request.wraps, position, [](const protocol::EntryWraps& wraps) { return wraps.position; });
    return at == request.wraps.end() ? std::vector<protocol::SealedWrap>() : at->wraps;
}

/// Judges all of a founding before anything is written: on a roster of its own.
std::optional<Refusal> judge_founding(
    const protocol::WorkspaceId& id, const crypto::PublicKey& caller,
    const protocol::FoundRequest& request) {
    engine::Roster roster(id);
    for (const Bytes& wire : request.entries) {
        const auto appended = roster.append(wire);
        if (!appended || *appended != engine::RosterAppended::appended) {
            return Refusal::entry_refused;
        }
        const RosterEntry& entry = roster.entry_at(roster.last_position());
        const bool has_own_wraps = wraps_match(entry, wraps_for(request, entry.position));
        if (is_invite(entry) || !has_own_wraps) return Refusal::wraps_differ;
    }
    const auto& genesis = std::get<protocol::Genesis>(roster.entry_at({0}).body);
    if (genesis.keys.http != caller) return Refusal::not_permitted;
    return std::nullopt;
}

}  // namespace

Answered<Founded> found(
    Store& store, const protocol::WorkspaceId& id, const crypto::PublicKey& caller,
    const protocol::FoundRequest& request, protocol::Millis now) {
    if (const auto refused = judge_founding(id, caller, request)) return std::unexpected(*refused);
    Founded founded{Workspace::create(store, id, hash_of(request.token)), {}};
    Workspace& workspace = *founded.workspace;
    for (const Bytes& entry : request.entries) {
        const auto position = workspace.roster().next_position();
        const auto leaf = workspace.append(entry, now);
        VEREDA_ASSERT(leaf.has_value());  // judge_founding appended the very same entries
        store.rosters().put_wraps(workspace.no(), position, wraps_for(request, position));
        founded.answer.leaves.push_back(*leaf);
    }
    return founded;
}

Answered<protocol::FoundAnswer> found_again(
    Workspace& workspace, const crypto::PublicKey& caller, const protocol::FoundRequest& request) {
    const engine::Roster& roster = workspace.roster();
    const auto& genesis = std::get<protocol::Genesis>(roster.entry_at({0}).body);
    if (genesis.keys.http != caller) return std::unexpected(Refusal::not_permitted);
    protocol::FoundAnswer answer;
    for (std::uint64_t at = 0; at < request.entries.size(); ++at) {
        const bool is_ours =
            at < roster.size() && std::ranges::equal(roster.wire_at({at}), request.entries[at]);
        if (!is_ours) return std::unexpected(Refusal::entry_refused);
        answer.leaves.push_back({at + 1, roster.accepted_at({at}).value_or(protocol::Millis{})});
    }
    return answer;
}

namespace {

/// False when the caller's roster is another branch. A caller who has more than there is is asked
/// nothing: what it gives back will show.
bool has_same_roster(const engine::Roster& roster, const protocol::RosterReadRequest& request) {
    if (!request.known || request.from.value == 0) return true;
    const auto here = roster.hash_at({request.from.value - 1});
    return !here || *here == *request.known;
}

bool reads_at_the_end(const engine::Roster& roster, const protocol::RosterReadRequest& request) {
    return request.known && request.from == roster.next_position();
}

}  // namespace

Answered<protocol::RosterReadAnswer> read_roster(
    Occasion& on, const protocol::DeviceId& caller, const protocol::RosterReadRequest& request) {
    Workspace& workspace = on.workspace;
    const engine::Roster& roster = workspace.roster();
    if (!has_same_roster(roster, request)) return std::unexpected(Refusal::roster_differs);
    const bool is_coordinator = roster.role_of(caller) == protocol::Role::coordinator;
    if (!workspace.is_confirmed() && is_coordinator && reads_at_the_end(roster, request)) {
        workspace.confirm();
    }
    protocol::RosterReadAnswer answer;
    for (StoredEntry& stored : workspace.store().rosters().entries_from(
             workspace.no(), request.from, protocol::chunk_size_max)) {
        answer.entries.push_back({std::move(stored.entry), stored.leaf});
    }
    const std::uint64_t size = roster.size();
    answer.more = request.from.value + answer.entries.size() < size;
    const DeviceLogs& logs = workspace.logs_of(caller);
    for (const protocol::LogId& log : request.own_logs) {
        const auto known = logs.logs.find(log);
        if (known != logs.logs.end() && known->second.tip) {
            answer.heads.push_back(*known->second.tip);
        }
    }
    answer.head = head_at({}, workspace.epoch(), size, workspace.roster_chain(), on.now);
    if (request.pull && !answer.more) answer.turfs = pull(on, caller, *request.pull);
    return answer;
}

namespace {

/// Nobody else can know an invite's share; a wrong one would leave its newcomer without keys.
bool is_signed_by(const RosterEntry& entry, const protocol::DeviceId& device) {
    return std::ranges::any_of(entry.signatures, [&](const protocol::RosterSignature& signature) {
        return signature.signer == device.bytes;
    });
}

/// Of an entry that a restored hub was given alone: the rest, from its signer, who kept it.
void take_missing_parts(
    Workspace& workspace, const protocol::RosterAppendRequest& request, const RosterEntry& entry) {
    Rosters& rosters = workspace.store().rosters();
    if (!request.wraps.empty() && wraps_match(entry, request.wraps) &&
        rosters.wraps_at(workspace.no(), entry.position).empty()) {
        rosters.put_wraps(workspace.no(), entry.position, request.wraps);
    }
    if (request.share && is_invite(entry) && !rosters.share_of(workspace.no(), entry.position)) {
        rosters.put_share(workspace.no(), entry.position, *request.share);
    }
}

/// An entry that stands at its place already, or a place that is not the next.
std::optional<protocol::RosterAppendAnswer> meet(
    const Workspace& workspace, const RosterEntry& entry) {
    const engine::Roster& roster = workspace.roster();
    const auto there = roster.hash_at(entry.position);
    if (there && *there == protocol::hash_of(workspace.id(), entry)) {
        const auto accepted = roster.accepted_at(entry.position).value_or(protocol::Millis{});
        return protocol::RosterAppended{entry.position, {entry.position.value + 1, accepted}};
    }
    if (entry.position != roster.next_position() || entry.predecessor != roster.last_hash()) {
        return protocol::RosterConflict{roster.size(), roster.last_hash()};
    }
    return std::nullopt;
}

/// An entry that a restored hub gets back alone. An enrolment has lost its proof of having been in
/// time; it may have been, unless its invite had expired before the backup was made.
std::optional<Refusal> judge_given_back(Workspace& workspace, const RosterEntry& entry) {
    const auto* enrolled = std::get_if<protocol::DeviceEnrolled>(&entry.body);
    if (enrolled == nullptr) return std::nullopt;
    const engine::RosterInvite* invite = workspace.roster().find_invite(enrolled->invite);
    const bool was_open = invite == nullptr || may_have_enrolled(workspace.store(), invite->body);
    return was_open ? std::nullopt : std::optional(Refusal::invite_expired);
}

/// Enrolments come by their own message, where expiry is looked at and the share released; wraps
/// and share come with their entry, from its signer. A hub that was restored takes what its clients
/// still have: the entry alone.
std::optional<Refusal> judge_parts(
    Workspace& workspace, const protocol::DeviceId& caller,
    const protocol::RosterAppendRequest& request, const RosterEntry& entry) {
    const bool has_parts = !request.wraps.empty() || request.share.has_value();
    const bool is_restored = workspace.epoch() > 1;
    if (is_restored && !has_parts) return judge_given_back(workspace, entry);
    if (entry.kind() == protocol::RosterKind::device_enrolled) return Refusal::not_permitted;
    if (has_parts && !is_signed_by(entry, caller)) return Refusal::not_permitted;
    const bool is_complete =
        wraps_match(entry, request.wraps) && request.share.has_value() == is_invite(entry);
    return is_complete ? std::nullopt : std::optional(Refusal::wraps_differ);
}

}  // namespace

bool may_have_enrolled(Store& store, const protocol::Invite& invite) {
    constexpr std::int64_t clocks_ms = Allowance::day_ms;  // by so much this hub's may have jumped
    const auto since = store.workspaces().lost_since();
    return !since || invite.expires.value + clocks_ms >= since->value;
}

Answered<protocol::RosterAppendAnswer> append_roster(
    Occasion& on, const protocol::DeviceId& caller, const protocol::RosterAppendRequest& request) {
    Workspace& workspace = on.workspace;
    const auto entry = protocol::parse_roster_entry(request.entry);
    if (!entry) return std::unexpected(Refusal::entry_refused);
    if (const auto met = meet(workspace, *entry)) {
        const bool is_there = std::holds_alternative<protocol::RosterAppended>(*met);
        if (is_there && is_signed_by(*entry, caller)) {
            take_missing_parts(workspace, request, *entry);
        }
        return *met;
    }
    if (const auto refused = judge_parts(workspace, caller, request, *entry)) {
        return std::unexpected(*refused);
    }
    const auto leaf = workspace.append(request.entry, on.now);
    if (!leaf) return std::unexpected(Refusal::entry_refused);
    Rosters& rosters = workspace.store().rosters();
    rosters.put_wraps(workspace.no(), entry->position, request.wraps);
    if (request.share) rosters.put_share(workspace.no(), entry->position, *request.share);
    on.counts.roster_entries += 1;
    return protocol::RosterAppended{entry->position, *leaf};
}

protocol::WrapsReadAnswer read_wraps(Occasion& on, const protocol::WrapsReadRequest& request) {
    Rosters& rosters = on.workspace.store().rosters();
    protocol::WrapsReadAnswer answer;
    for (const RosterPosition position :
         rosters.wrapped_for(on.workspace.no(), request.recipient)) {
        const auto wraps = rosters.wraps_at(on.workspace.no(), position);
        for (std::size_t leaf = 0; leaf < wraps.size(); ++leaf) {
            const protocol::SealedWrap& wrap = wraps[leaf];
            if (wrap.recipient != request.recipient) continue;
            answer.wraps.push_back(
                {position, wrap.turf, wrap.epoch, leaf, wraps.size(), wrap.wrap,
                 protocol::wrap_path(wraps, leaf)});
        }
    }
    return answer;
}

}  // namespace vereda::server
