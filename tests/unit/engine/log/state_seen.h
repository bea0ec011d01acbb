#pragma once

#include <string>
#include <vector>

#include "engine/log/log_store.h"
#include "engine/projection/projection.h"
#include "protocol/log/payload.h"

/// What the program makes of blocks, in the words of the independent reader
/// (tests/independent/read_state.py).
namespace vereda::tests {

/// Which rows of the table of a block in `log` are proven here.
[[nodiscard]] std::vector<bool> proven_rows(
    engine::LogStore& store, engine::LogOrdinal log, const protocol::OpenedPayload& payload);
/// What became of an entry: "applied", "malformed", "no authority", "unknown", "binds" …
[[nodiscard]] std::string status_of(const engine::Projection& projection, engine::LocalDot entry);
/// An entry of a later version binds this contact or interaction.
[[nodiscard]] bool is_bound(engine::Projection& projection, engine::LocalDot record);

}  // namespace vereda::tests
