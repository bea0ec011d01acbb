#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "protocol/http/exchange.h"

/// The head of an HTTP/1.1 request, read so strictly that no two programs can differ on where it
/// ends.
namespace vereda::http {

enum class HeadError {
    malformed,        ///< 400: RFC 9112 broken, folded lines, bare CR or LF, doubtful framing.
    length_required,  ///< 411: a POST without Content-Length.
    expectation,      ///< 417: any Expect.
    not_implemented,  ///< 501: a method other than GET and POST.
    version,          ///< 505: anything but HTTP/1.1.
};

[[nodiscard]] unsigned status_of(HeadError error);

struct RequestHead {
    Request request;  ///< Body and remote still empty; field names in lower case.
    std::uint64_t content_length = 0;
    bool keep_alive = true;
};

inline constexpr std::size_t target_size_max = 1024;
inline constexpr std::size_t header_lines_max = 40;

/// Reads a whole head, its empty line included. Refuses any Transfer-Encoding, a repeated
/// Content-Length or Host, and obsolete line folding: what request smuggling is made of (RFC 9112
/// §11.2). Errors: HeadError.
[[nodiscard]] std::expected<RequestHead, HeadError> parse_request_head(std::string_view head);

}  // namespace vereda::http
