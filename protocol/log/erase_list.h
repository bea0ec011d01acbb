#pragma once

#include <expected>
#include <vector>

#include "crypto/bytes.h"
#include "protocol/ids.h"
#include "protocol/log/salt_tree.h"

/// What an erase order asks for, readable by the holders of the turf's key alone.
///
///     list   = CBOR [[record…], [[block hash 32, [slot…]]…]]
///     record = [log 32, seq]
///
/// Records ascend by log and seq, blocks by hash, slots by number; nothing stands there twice.
/// Sealed and opened by `seal_erase_list` and `open_erase_list` (protocol/log/epoch_keys.h).
/// Source: docs/protocol.md "Erasure".
namespace vereda::protocol {

/// The slots of one block that an order names; at least one, bit i for slot i.
struct ErasedSlots {
    BlockHash block{};
    EmptySlots slots{};
    bool operator==(const ErasedSlots&) const = default;
};

struct EraseList {
    std::vector<Dot> records{};
    std::vector<ErasedSlots> blocks{};
    bool operator==(const EraseList&) const = default;
};

enum class EraseListError { malformed };

/// Records and blocks in ascending order already; aborts otherwise.
[[nodiscard]] Bytes encode_erase_list(const EraseList& list);
/// Error: `malformed`.
[[nodiscard]] std::expected<EraseList, EraseListError> parse_erase_list(ByteView wire);

}  // namespace vereda::protocol
