#pragma once

#include <string_view>

namespace vereda::engine {

/// Why an entry is not part of a roster.
enum class RosterError {
    malformed,      ///< Not an entry; also one at position 0 that is no genesis.
    newer_version,  ///< Of a kind that this version does not know: nothing after it can be judged.
    other_workspace,    ///< A genesis, but not the pinned one.
    gap,                ///< Further on than the next position: ask for what is between.
    wrong_predecessor,  ///< It stands on another entry than ours.
    fork,               ///< Valid, but another entry has its place: evidence, see Roster::forks.
    bad_signature,
    no_authority,      ///< Its signer may not sign that, here.
    invalid_key,       ///< Not on the curve, of small order, or not canonical.
    key_in_use,        ///< One key, one purpose, once.
    already_exists,    ///< Member, turf, invite, order or epoch of that name; or nothing would
                       ///< change.
    unknown_target,    ///< Names a member, device, turf, invite, order or entry that is not there.
    contradiction,     ///< Its parts, or it and an earlier entry, cannot both hold.
    last_coordinator,  ///< Nobody would be left who could sign.
    invite_used,
    invite_cancelled,
    needs_approval,  ///< The workspace's policy asks for `propose` and `approve`.
};

/// The enumerator's name, for logs and machine-readable output.
[[nodiscard]] std::string_view name_of(RosterError error);

}  // namespace vereda::engine
