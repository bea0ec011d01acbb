#pragma once

namespace vereda::engine::sync {

/// The hub's epoch, kept among the vault's odds and ends while a hub in a new epoch has not been
/// offered everything yet: the offer outlives a session that was cut.
inline constexpr const char* offering_name = "offering-everything";

}  // namespace vereda::engine::sync
