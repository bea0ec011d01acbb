#pragma once

#include "protocol/cbor.h"
#include "protocol/sync/message.h"

/// The pieces that several messages share. For protocol/sync/message*.cpp only.
namespace vereda::protocol {

void write(CborWriter& out, const Acceptance& leaf);
void write(CborWriter& out, const LogTip& head);
void write(CborWriter& out, const SignedHead& head);
void write(CborWriter& out, const SealedWrap& wrap);
void write(CborWriter& out, const ServedEntry& entry);
void write(CborWriter& out, const PullRequest& request);
void write(CborWriter& out, const PulledTurf& pulled);
/// null where there is none.
void write(CborWriter& out, const std::optional<PullRequest>& request);

void read(CborReader& in, Acceptance& leaf);
void read(CborReader& in, LogTip& head);
void read(CborReader& in, SignedHead& head);
void read(CborReader& in, SealedWrap& wrap);
void read(CborReader& in, ServedEntry& entry);
void read(CborReader& in, PullRequest& request);
void read(CborReader& in, PulledTurf& pulled);
void read(CborReader& in, std::optional<PullRequest>& request);

/// Takes an unsigned time in milliseconds.
[[nodiscard]] Millis read_time(CborReader& in);
void write_time(CborWriter& out, Millis time);

/// A whole item of at least one byte, kept as it came.
[[nodiscard]] Bytes read_item(CborReader& in);
/// A byte string of at most `size_max` bytes.
[[nodiscard]] Bytes read_bytes(CborReader& in, std::size_t size_max);

template <class Item>
void write_all(CborWriter& out, const std::vector<Item>& items) {
    out.array(items.size());
    for (const Item& item : items) write(out, item);
}
template <class Item>
void read_all(CborReader& in, std::vector<Item>& items) {
    const std::size_t count = in.array();
    for (std::size_t i = 0; i < count && in.ok(); ++i) read(in, items.emplace_back());
}

/// Encoded items, one after another in an array.
void write_items(CborWriter& out, const std::vector<Bytes>& items);
/// Fails on more than `count_max` of them.
void read_items(CborReader& in, std::vector<Bytes>& items, std::size_t count_max);

/// The value if everything was read and believed, else `malformed`.
template <class Message>
[[nodiscard]] Parsed<Message> finish(const CborReader& in, Message message) {
    if (!in.finished()) return std::unexpected(MessageError::malformed);
    return message;
}

}  // namespace vereda::protocol
