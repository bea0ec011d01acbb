#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/http/exchange.h"
#include "protocol/http/listener/tls_identity.h"
#include "protocol/sync/message.h"

/// An HTTP/1.1 listener over TLS 1.3, its limits, and the plain functions it calls. Neither Beast
/// nor Asio shows.
namespace vereda::http {

using Seconds = std::chrono::seconds;

/// What a peer may cost us. A request gets `body_time` plus one second per `bytes_per_second_min`
/// announced bytes from its first byte on, however it dribbles; so does its answer.
struct Limits {
    std::size_t head_bytes_max = 8 * 1024;
    std::size_t body_bytes_max = protocol::message_size_max;
    std::size_t connections_max = 1024;
    std::size_t connections_per_address_max = 64;  ///< IPv6: per /64.
    std::chrono::milliseconds handshake_time = Seconds(10);
    std::chrono::milliseconds head_time = Seconds(10);
    std::chrono::milliseconds body_time = Seconds(20);
    std::size_t bytes_per_second_min = 1024;
    std::chrono::milliseconds idle_time = Seconds(60);  ///< Between two requests of one connection.
    std::chrono::milliseconds answer_time = Seconds(30);  ///< For the handler; then 503.
    std::chrono::milliseconds stop_time = Seconds(10);    ///< For running requests at `stop`.
};

/// Hands one answer back. From any thread; only the first call counts. One that goes uncalled
/// answers 500.
class Answer {
  public:
    using Deliver = std::move_only_function<void(Response)>;
    explicit Answer(Deliver deliver) : deliver_(std::move(deliver)) {}
    Answer(Answer&& other) noexcept : deliver_(std::exchange(other.deliver_, nullptr)) {}
    Answer& operator=(Answer&&) = delete;
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer() {
        if (deliver_) (*this)({.status = 500, .headers = {}, .body = {}});
    }
    void operator()(Response response) {
        if (Deliver deliver = std::exchange(deliver_, nullptr)) deliver(std::move(response));
    }

  private:
    Deliver deliver_;
};

/// Called on a listener's thread, by several at once: it must not block. It may answer at once or
/// later, from another thread, as a group commit does. An exception is logged and answered 500.
using Handler = std::function<void(Request, Answer)>;

/// Told what happened, from any thread: an event name ("tls_failed", "request_refused") and a
/// reason, no personal data.
using EventLog = std::function<void(std::string_view event, std::string_view reason)>;

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0 takes a free one.
    unsigned threads = 1;
    Limits limits;
};

/// Totals since the start, but `open`, which is now.
struct ServerCounts {
    std::uint64_t open = 0;
    std::uint64_t accepted = 0;
    std::uint64_t turned_away = 0;  ///< Over a connection limit.
    std::uint64_t requests = 0;     ///< Handed to the handler.
    std::uint64_t refused = 0;      ///< Answered by the listener itself: malformed, too large.
    std::uint64_t timed_out = 0;
};

class Server {
  public:
    /// Listens and serves at once. Throws std::system_error when the address cannot be had.
    Server(
        const ServerOptions& options, const TlsIdentity& identity, Handler handler, EventLog log);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Stops, if nobody has.
    ~Server();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerCounts counts() const;

    /// Stops accepting, closes idle connections, lets running requests finish (for `stop_time` at
    /// most), returns when all is closed. Not from within the handler.
    void stop();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace vereda::http
