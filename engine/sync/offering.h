#pragma once

namespace vereda::engine::sync {

/// The hub's epoch, kept among the vault's odds and ends while a hub in a new epoch has not been
/// offered everything yet: the offer outlives a session that was cut.
inline constexpr const char* offering_name = "offering-everything";

/// The last hub epoch in which the hub was given this laptop's own changes of the roster again.
inline constexpr const char* roster_given_name = "roster-given-in-epoch";

/// The newest head of the roster's stream that the hub signed, as the body of `went-back`.
inline constexpr const char* roster_head_name = "roster-head";

/// What the hub has put off (engine/sync/hub_waits.h).
inline constexpr const char* hub_waits_name = "hub-waits";

}  // namespace vereda::engine::sync
