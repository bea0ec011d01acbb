#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "protocol/http/exchange.h"

/// Bodies that are asked for piece by piece: events that go on, downloads larger than memory.
namespace vereda::http {

/// What a source says when it is asked for bytes.
enum class BodyState {
    more,   ///< Ask again when these bytes are sent. There is at least one.
    later,  ///< Nothing further yet: ask again when woken. Perhaps with bytes, perhaps none.
    ended,  ///< These were the last. Perhaps with bytes, perhaps none.
};

/// Tells the listener to ask a source again. From any thread, at any time, as often as one likes;
/// also when the connection is gone. It does not wait and calls nothing of the source.
using Wake = std::function<void()>;

/// The bytes of one answer's body. The listener owns it and asks when the peer has taken what was
/// given, so a slow reader slows its source. All calls come from the connection's thread, which
/// others share: none may block for long. An exception is logged ("session_failed") and ends the
/// connection.
///
/// The source is destroyed when it ended, when the peer went or was too slow, and when the server
/// stops. A peer that goes is noticed while the source waits, unless it had sent more requests. One
/// that vanished without a word is noticed only when bytes are sent. So a source that may be silent
/// for long should give some from time to time.
class BodySource {
  public:
    BodySource() = default;
    BodySource(const BodySource&) = delete;
    BodySource& operator=(const BodySource&) = delete;
    virtual ~BodySource() = default;

    /// Bytes in all, when that is known: they are announced, and a stop waits for them a while. A
    /// body of unknown size is sent in chunks, and ends unfinished when the server stops.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }

    /// True when Range may cut the body: `size` is known, and `skip` works.
    [[nodiscard]] virtual bool takes_ranges() const { return false; }
    /// Leaves out the first bytes. At most once, before `begin`.
    virtual void skip(std::uint64_t bytes) { static_cast<void>(bytes); }

    /// Comes once, before the first `next`. Who never says `later` need not keep `wake`.
    virtual void begin(Wake wake) { static_cast<void>(wake); }

    /// Appends at most `bytes_max` bytes to `out`, which comes empty. Not asked again after
    /// `ended`, nor when all bytes that the client is to get were given.
    [[nodiscard]] virtual BodyState next(Bytes& out, std::size_t bytes_max) = 0;
};

/// An answer whose body is asked for. With status 200 and a source that takes ranges, the listener
/// serves Range by itself. If-Range is compared with `etag` among the headers.
struct StreamedResponse {
    unsigned status = 200;
    Headers headers;
    std::unique_ptr<BodySource> body;  ///< Never null.
};

}  // namespace vereda::http
