#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/log/local_dot.h"
#include "protocol/event.h"

namespace vereda::engine {

/// An edit of one record, put together write by write. Owns the values, which the event itself only
/// borrows.
class EditDraft {
  public:
    /// `own` is the log that it will be written to.
    EditDraft(LocalDot record, LogOrdinal own) : record_(record), own_(own) {}

    /// `value` and `element` are encoded CBOR items; `over` what the write has seen and replaces.
    void set(std::uint32_t field, ByteView value, std::span<const LocalDot> over);
    void add(std::uint32_t field, ByteView element);
    void remove(std::uint32_t field, ByteView element, std::span<const LocalDot> over);
    void consent(const protocol::CodeOrText& channel, protocol::ConsentState state);

    [[nodiscard]] bool empty() const { return event_.writes.empty(); }
    /// The event's body; `source` for one that an import makes.
    [[nodiscard]] Bytes encode(std::optional<std::string_view> source = std::nullopt);

  private:
    [[nodiscard]] ByteView keep(ByteView bytes);
    protocol::Write& append(protocol::Write::Kind kind, std::uint32_t field, ByteView value);

    LocalDot record_;
    LogOrdinal own_;
    protocol::Edit event_;
    std::deque<Bytes> values_;  // does not move what it holds
};

/// What a write has seen, as an open entry of the log `own` about `record` says it.
[[nodiscard]] protocol::Over over_of(
    std::span<const LocalDot> seen, LocalDot record, LogOrdinal own);

/// A channel by its code, or as the words it is. Borrows `channel`.
[[nodiscard]] protocol::CodeOrText channel_term(std::string_view channel);

}  // namespace vereda::engine
