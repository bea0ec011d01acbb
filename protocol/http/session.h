#pragma once

// clang-format off
#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange and forgets it
// clang-format on
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "protocol/http/listener/connection_limits.h"
#include "protocol/http/listener/request_head.h"
#include "protocol/http/listener/server.h"

// Only under sanitizers, g++ 12 takes Asio's recycled coroutine frames for memory of another
// allocator.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

/// The listener's inside: one connection and the thread it lives on. For server.cpp and session.cpp
/// alone, since Beast costs seconds in every file that sees it.
namespace vereda::http {

namespace net = boost::asio;
namespace beast = boost::beast;

/// What all connections share.
struct Shared {
    Shared(const Limits& limits_, Handler handler_, EventLog log_)
        : limits(limits_),
          handler(std::move(handler_)),
          log(std::move(log_)),
          connections(limits.connections_max, limits.connections_per_address_max) {}

    const Limits limits;
    const Handler handler;
    const EventLog log;
    ConnectionLimits connections;
    net::ssl::context tls{net::ssl::context::tlsv13_server};
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> turned_away = 0;
    std::atomic<std::uint64_t> requests = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> timed_out = 0;
};

class Session;

/// One thread and the sessions it runs. All members but `io` are touched on that thread only.
/// Shared with every unanswered request, so that a late answer finds the queue still there.
struct Worker {
    net::io_context io{1};
    net::steady_timer stop_timer{io};
    std::unordered_set<Session*> sessions;
    bool stopping = false;

    void begin_stop(std::chrono::milliseconds grace);
    void add(Session& session);
    void remove(Session& session);
};

/// One connection: handshake, then request by request until either side has had enough. Lives on
/// its worker's thread.
class Session : public std::enable_shared_from_this<Session> {
  public:
    Session(
        net::ip::tcp::socket socket, std::string remote, ConnectionLimits::Place place,
        std::shared_ptr<Shared> shared, const std::shared_ptr<Worker>& worker);
    ~Session();

    /// The whole life of the connection. Holds the session.
    static net::awaitable<void> run(std::shared_ptr<Session> self);

    /// Ends a connection that waits for a request; one that runs a request ends after it.
    void stop_when_idle();
    /// Ends it now, whatever it does.
    void stop_now();

  private:
    enum class Next { keep, close, drain };

    net::awaitable<bool> handshake();
    net::awaitable<Next> serve_one();
    net::awaitable<bool> wait_for_request();
    net::awaitable<std::size_t> read_head();
    net::awaitable<bool> read_body(Bytes& body, std::size_t size);
    net::awaitable<Response> ask_handler(Request request);
    net::awaitable<bool> write(Response response, bool keep_alive);
    net::awaitable<Next> refuse(unsigned status, std::string_view reason);
    net::awaitable<void> drain();
    void hand_over(Request request);
    void deliver(std::uint64_t number, Response response);
    void expire_after(std::chrono::milliseconds time);
    void note(const beast::error_code& error, std::string_view event);
    [[nodiscard]] std::chrono::milliseconds time_for(std::size_t bytes) const;

    const std::shared_ptr<Shared> shared_;
    const std::weak_ptr<Worker> worker_;
    const ConnectionLimits::Place place_;
    const std::string remote_;
    beast::ssl_stream<beast::tcp_stream> stream_;
    net::steady_timer answer_timer_;
    std::optional<Response> answer_;
    std::uint64_t request_number_ = 0;
    std::string buffer_;  // received, not yet used
    bool idle_ = false;
};

}  // namespace vereda::http
