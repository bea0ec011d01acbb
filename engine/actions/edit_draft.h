#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/workspace/log_writer.h"
#include "protocol/log/event.h"

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
    [[nodiscard]] const std::vector<protocol::Write>& writes() const { return event_.writes; }

    /// The edit as entries of the own log, the first of which will be `next`: one; or, where one
    /// cannot name all that its writes replace, as many as it takes, each of a field also over the
    /// one before. `parent` is an interaction's contact; `source` the import that makes the edit.
    /// Nothing when what it says itself is too long.
    [[nodiscard]] std::optional<std::vector<EntryDraft>> entries(
        LocalDot next, LocalDot parent = {},
        std::optional<std::string_view> source = std::nullopt) const;

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
