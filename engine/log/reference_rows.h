#pragma once

#include "engine/log/log_store.h"
#include "protocol/payload.h"

namespace vereda::engine {

/// What the references in a block of `log` mean here. Gives a number to each log that an entry of
/// the block refers to and that nobody has mentioned before; a table's other rows get none, so a
/// stranger's table cannot fill the vault.
[[nodiscard]] ReferenceTable reference_table(
    LogStore& store, LogOrdinal log, const protocol::OpenedPayload& payload);

}  // namespace vereda::engine
