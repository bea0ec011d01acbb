#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "protocol/http/listener/connection.h"

namespace vereda::http {

/// The whole life of one connection, from handshake to goodbye. Spawned on its worker's thread.
[[nodiscard]] net::awaitable<void> serve_tls(net::ip::tcp::socket socket, Arrival arrival);
[[nodiscard]] net::awaitable<void> serve_plain(net::ip::tcp::socket socket, Arrival arrival);
[[nodiscard]] net::awaitable<void> serve_plain(
    net::local::stream_protocol::socket socket, Arrival arrival);

}  // namespace vereda::http
