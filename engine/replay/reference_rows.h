#pragma once

#include "engine/log/log_store.h"
#include "protocol/log/payload.h"

namespace vereda::engine {

/// A table of more rows is proven as a whole or not at all: so a block is read again for the sake
/// of its proofs a few times at most, however its rows are shown one by one.
inline constexpr std::size_t rows_proven_alone_max = 8;

/// The table of a block, read on this laptop.
struct BlockReferences {
    ReferenceTable table;
    /// The blocks that would prove what entries take away: of each unproven row that one takes
    /// something away through, or of every unproven row where the table is proven as a whole.
    std::vector<protocol::BlockHashStart> unproven;
    /// The blocks that would tell which branch is meant, of rows that name a log which forked.
    std::vector<protocol::BlockHashStart> guessed;
    bool as_whole = false;
};

/// What the references in a block of `log` mean here, and which rows are proven
/// (docs/protocol.md "What a row proves"). Gives a number to each log in which a record of the
/// block lies and that nobody has mentioned before; other rows get none, so a stranger's table
/// cannot fill the vault.
[[nodiscard]] BlockReferences read_references(
    LogStore& store, LogOrdinal log, const protocol::OpenedPayload& payload);

}  // namespace vereda::engine
