#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/http/listener/body_source.h"
#include "protocol/http/listener/byte_range.h"

/// The head of an answer, and what of its body a client gets. Pure functions.
namespace vereda::http {

struct ResponseHead {
    unsigned status = 200;
    Headers headers;
    std::optional<std::uint64_t> size;  ///< Nothing: the body comes in chunks.
};

/// As it is sent, its empty line included. No reason phrase: nobody reads it (RFC 9112 §4 lets it
/// be empty). The headers hold no line breaks, or it asserts.
[[nodiscard]] std::string text_of(const ResponseHead& head, bool keep_alive);

/// What a request says about ranges. Kept, because the request itself goes to the handler.
struct RangeWish {
    std::optional<RangeField> range;  ///< Nothing: the whole body.
    std::optional<std::string> if_range;
};

/// Only GET has ranges. A Range that is malformed, repeated, of another unit or of several parts
/// counts as none (RFC 9110 §14.2).
[[nodiscard]] RangeWish range_wish(const Request& request);

/// Decides what is sent: the whole body, a part (206), or nothing (416). Moves the headers out,
/// skips in the source, and lets it go when nothing of it is sent.
[[nodiscard]] ResponseHead head_for(const RangeWish& wish, StreamedResponse& response);

}  // namespace vereda::http
