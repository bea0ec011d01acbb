#pragma once

#include <compare>
#include <cstdint>

namespace vereda::client {

/// Bytes on the wire as TCP carried them: TLS, HTTP and retransmissions included, IP and TCP
/// headers not.
struct ByteCount {
    std::uint64_t up = 0;
    std::uint64_t down = 0;
    auto operator<=>(const ByteCount&) const = default;
    ByteCount& operator+=(const ByteCount& more) {
        up += more.up;
        down += more.down;
        return *this;
    }
};

/// What went over this TCP socket since it was opened. Source: TCP_INFO, Linux 4.19 and later;
/// zeros where there is none.
[[nodiscard]] ByteCount bytes_on_socket(int socket);

}  // namespace vereda::client
