#pragma once

// Lives here: a listener (TLS, loopback, Unix socket), its connections, limits and threads.
// Begin: here: a handler goes in, answers come out.
// Must not know: what is asked and answered; Beast stays in its sources.

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "protocol/http/exchange.h"
#include "protocol/http/listener/body_source.h"
#include "protocol/http/listener/tls_identity.h"
#include "protocol/sync/message.h"

/// An HTTP/1.1 listener, its limits, and the plain functions it calls. It speaks TLS 1.3, or
/// plainly to programs of the same machine. Neither Beast nor Asio shows.
namespace vereda::http {

using Seconds = std::chrono::seconds;

/// What a peer may cost us. A request gets `body_time` plus one second per `bytes_per_second_min`
/// announced bytes from its first byte on, however it dribbles. So does its answer, unless its body
/// is asked for.
struct Limits {
    std::size_t head_bytes_max = 8 * 1024;
    std::size_t body_bytes_max = protocol::message_size_max;
    std::size_t connections_max = 1024;
    std::size_t connections_per_address_max = 64;  ///< IPv6: per /64. A Unix socket is one address.
    std::chrono::milliseconds handshake_time = Seconds(10);
    std::chrono::milliseconds head_time = Seconds(10);
    std::chrono::milliseconds body_time = Seconds(20);
    std::size_t bytes_per_second_min = 1024;
    std::chrono::milliseconds idle_time = Seconds(60);  ///< Between two requests of one connection.
    std::chrono::milliseconds answer_time = Seconds(30);  ///< For the handler; then 503.
    std::chrono::milliseconds stop_time = Seconds(10);    ///< For running requests at `stop`.
    /// For a peer to take one piece, 16 KiB at most, of a body that is asked for.
    std::chrono::milliseconds stall_time = Seconds(20);
};

using Reply = std::variant<Response, StreamedResponse>;

/// Hands one answer back, whole or streamed. From any thread; only the first call counts. One that
/// goes uncalled answers 500.
class Answer {
  public:
    using Deliver = std::move_only_function<void(Reply)>;
    explicit Answer(Deliver deliver) : deliver_(std::move(deliver)) {}
    Answer(Answer&& other) noexcept : deliver_(std::exchange(other.deliver_, nullptr)) {}
    Answer& operator=(Answer&&) = delete;
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer() {
        if (deliver_) (*this)({.status = 500, .headers = {}, .body = {}});
    }
    void operator()(Response response) { give(std::move(response)); }
    /// An answer that comes too late, or to nobody, destroys its source unasked; on any thread.
    void stream(StreamedResponse response) { give(std::move(response)); }

  private:
    void give(Reply reply) {
        if (Deliver deliver = std::exchange(deliver_, nullptr)) deliver(std::move(reply));
    }

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

/// Why a server does not listen where it was told to.
enum class ListenError {
    not_loopback,  ///< Without TLS, only addresses like 127.0.0.1 and ::1 are served.
    path_unfit,    ///< A path of a Unix socket is empty, has a zero byte or is over 107 bytes.
    path_taken,    ///< A live server has that socket, or the file is not a socket.
};

/// Listens at one place and serves from its making on. All three kinds keep the same limits.
class Server {
  public:
    /// Over TLS. Throws std::system_error when the address cannot be had.
    Server(
        const ServerOptions& options, const TlsIdentity& identity, Handler handler, EventLog log);

    /// Without TLS, at a loopback address. Error: `not_loopback`. Throws as above.
    [[nodiscard]] static std::expected<Server, ListenError> plain(
        const ServerOptions& options, Handler handler, EventLog log);

    /// At a Unix socket that only its owner may use (0600); `address` and `port` do not matter. The
    /// file of a dead process is replaced; `stop` removes it. Requests have an empty `remote`.
    /// Errors: `path_unfit`, `path_taken`. Throws std::system_error when the folder cannot be used.
    [[nodiscard]] static std::expected<Server, ListenError> on_unix_socket(
        const std::filesystem::path& path, const ServerOptions& options, Handler handler,
        EventLog log);

    Server(Server&& other) noexcept;
    Server& operator=(Server&&) = delete;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Stops, if nobody has.
    ~Server();

    [[nodiscard]] std::uint16_t port() const;  ///< 0 for a Unix socket.
    [[nodiscard]] ServerCounts counts() const;

    /// Stops accepting, closes idle connections, lets running requests finish (for `stop_time` at
    /// most), returns when all is closed. Streamed bodies of unknown size end at once. Not from
    /// within the handler or a body.
    void stop();

  private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace vereda::http
