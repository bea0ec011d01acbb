#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/hash.h"
#include "engine/log/log_store.h"
#include "engine/merge/record_state.h"
#include "protocol/domain.h"
#include "protocol/log/event.h"

namespace vereda::engine {

/// Writes a turf's state in its canonical form into a hash (docs/protocol/digest.md): dots by the
/// ids of their logs, never by local numbers; no time of display.
class StateWriter {
  public:
    StateWriter(const LogStore& store, const protocol::TurfId& turf);

    /// An interaction as its creating entry alone made it.
    struct Visit {
        std::uint64_t kind = 0;
        std::uint64_t outcome = 0;
        std::optional<std::string_view> note;
        std::int64_t at_ms = 0;
    };

    /// Begins a record. What `own` wrote is said with one byte: in most records that is everything.
    void begin(std::uint8_t mark, LocalDot own) {
        own_ = own;
        byte(mark);
    }
    void number(std::uint64_t value);
    void bytes(ByteView value);
    void dot(LocalDot dot);
    void items(const RecordState::Items& items);
    /// The items of a contact that nothing but its creating entry wrote to. False, and nothing
    /// written, when that entry's values are in another order than the canonical one.
    [[nodiscard]] bool initial(LocalDot id, const protocol::ContactCreate& event);
    void visit(LocalDot id, const Visit& visit);

    /// The canonical order of dots.
    [[nodiscard]] bool before(LocalDot a, LocalDot b) const;
    [[nodiscard]] crypto::Hash finish();

  private:
    void byte(std::uint8_t value);
    void item(
        std::uint32_t field, LocalDot dot, bool live, std::string_view element,
        std::string_view value, std::string_view source);
    void flush();

    const LogStore& store_;
    protocol::DomainHash hash_;
    LocalDot own_;
    Bytes scratch_;
    Bytes buffer_;  // so that the hash is fed kilobytes, not numbers
};

}  // namespace vereda::engine
