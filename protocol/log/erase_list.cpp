#include "protocol/log/erase_list.h"

#include <algorithm>

#include "crypto/assert.h"
#include "protocol/cbor.h"
#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

/// True when each item is greater than the one before.
template <class Item, class Key>
bool ascends(const std::vector<Item>& items, Key key) {
    const auto falls = [&](const Item& a, const Item& b) { return !(key(a) < key(b)); };
    return std::ranges::adjacent_find(items, falls) == items.end();
}

bool is_ordered(const EraseList& list) {
    return ascends(list.records, [](const Dot& record) { return record; }) &&
           ascends(list.blocks, [](const ErasedSlots& erased) { return erased.block; });
}

Dot read_record(CborReader& reader) {
    Dot record;
    reader.array_of(2);
    record.log = reader.id<LogId>();
    record.seq.value = reader.unsigned_integer();
    if (record.seq.value == 0 || record.seq.value > seq_max) reader.fail();
    return record;
}

EmptySlots read_slots(CborReader& reader) {
    EmptySlots slots;
    std::uint64_t last = 0;
    for (std::size_t left = reader.array(); left > 0 && reader.ok(); --left) {
        const std::uint64_t slot = reader.unsigned_integer();
        if (slot <= last || slot > block_entries_max) {
            reader.fail();
        } else {
            slots.set(static_cast<std::size_t>(slot));
        }
        last = slot;
    }
    if (slots.none()) reader.fail();
    return slots;
}

ErasedSlots read_block(CborReader& reader) {
    ErasedSlots erased;
    reader.array_of(2);
    erased.block = reader.id<BlockHash>();
    erased.slots = read_slots(reader);
    return erased;
}

void write_slots(CborWriter& writer, const EmptySlots& slots) {
    VEREDA_ASSERT(slots.any() && !slots[0]);
    writer.array(slots.count());
    for (std::size_t slot = 1; slot < slots.size(); ++slot) {
        if (slots[slot]) writer.unsigned_integer(slot);
    }
}

}  // namespace

Bytes encode_erase_list(const EraseList& list) {
    VEREDA_ASSERT(is_ordered(list));
    Bytes out;
    CborWriter writer(out);
    writer.array(2).array(list.records.size());
    for (const Dot& record : list.records) {
        writer.array(2).byte_string(record.log.view()).unsigned_integer(record.seq.value);
    }
    writer.array(list.blocks.size());
    for (const ErasedSlots& erased : list.blocks) {
        writer.array(2).byte_string(erased.block.view());
        write_slots(writer, erased.slots);
    }
    return out;
}

std::expected<EraseList, EraseListError> parse_erase_list(ByteView wire) {
    CborReader reader(wire);
    EraseList list;
    reader.array_of(2);
    for (std::size_t left = reader.array(); left > 0 && reader.ok(); --left) {
        list.records.push_back(read_record(reader));
    }
    for (std::size_t left = reader.array(); left > 0 && reader.ok(); --left) {
        list.blocks.push_back(read_block(reader));
    }
    if (!reader.finished() || !is_ordered(list)) return std::unexpected(EraseListError::malformed);
    return list;
}

}  // namespace vereda::protocol
