#include "client/line/connection_bytes.h"

// Not <netinet/tcp.h>: glibc's tcp_info ends before the byte counters.
#include <cstddef>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace vereda::client {

ByteCount bytes_on_socket(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
    if (size < offsetof(tcp_info, tcpi_bytes_retrans) + sizeof info.tcpi_bytes_retrans) return {};
    return {.up = info.tcpi_bytes_sent - info.tcpi_bytes_retrans, .down = info.tcpi_bytes_received};
}

}  // namespace vereda::client
