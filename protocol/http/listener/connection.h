#pragma once

// clang-format off
#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange and forgets it
// clang-format on
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "protocol/http/listener/connection_limits.h"
#include "protocol/http/listener/server.h"

// Only under sanitizers, g++ 12 takes Asio's recycled coroutine frames for memory of another
// allocator.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

/// The listener's inside that no kind of socket changes: a connection as its handler and its worker
/// see it. For the sources of this folder alone, since Asio costs seconds in every file.
namespace vereda::http {

namespace net = boost::asio;

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
    std::optional<net::ssl::context> tls;  ///< Nothing: connections are plain.
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> turned_away = 0;
    std::atomic<std::uint64_t> requests = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> timed_out = 0;
};

class Connection;

/// One thread and the connections it runs. All members but `io` are touched on that thread only.
/// Shared with every unanswered request, so that a late answer finds the queue still there.
struct Worker {
    net::io_context io{1};
    net::steady_timer stop_timer{io};
    std::unordered_set<Connection*> connections;
    bool stopping = false;

    void begin_stop(std::chrono::milliseconds grace);
    void add(Connection& connection);
    void remove(Connection& connection);
};

/// A peer that was let in, and where it is served.
struct Arrival {
    std::string remote;
    ConnectionLimits::Place place;
    std::shared_ptr<Shared> shared;
    std::shared_ptr<Worker> worker;
};

/// One connection without its stream: what it asks its handler, and what wakes it while it waits.
/// Lives on its worker's thread.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    explicit Connection(Arrival arrival);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual ~Connection();

    /// Ends a connection that waits for a request, or sends a body without end. One that runs
    /// another request ends after it.
    void stop_when_idle();
    /// Ends it now, whatever it does.
    void stop_now();

  protected:
    virtual void close_stream() = 0;
    /// Reads on while nothing is sent, so that a peer that goes is noticed. What comes of it is
    /// told to `heard`. Never cancelled: with TLS, that would cancel writes too.
    virtual void listen() = 0;

    /// What the handler answers, or 503 when that takes too long.
    net::awaitable<Reply> ask_handler(Request request);

    /// A body begins: what its source wakes this connection with.
    [[nodiscard]] Wake begin_body();
    /// A source is about to be asked: a wake from now on counts.
    void forget_wakes() { woken_->store(false); }
    /// Until the source wakes it. False when the peer went, or the server stops.
    net::awaitable<bool> wait_for_wake();
    void end_body() { woken_.reset(); }

    /// Until `listen` heard something, the time is over or the server stops.
    net::awaitable<void> wait_to_hear(std::chrono::milliseconds time);
    void heard(std::string_view bytes, bool is_end);

    [[nodiscard]] bool is_stopping() const;
    void note(const boost::system::error_code& error, std::string_view event);
    [[nodiscard]] std::chrono::milliseconds time_for(std::size_t bytes) const;

    const std::shared_ptr<Shared> shared_;
    const std::weak_ptr<Worker> worker_;
    const std::string remote_;
    std::string buffer_;  // received, not yet used
    bool idle_ = false;
    bool endless_ = false;    // sends a body of unknown size
    bool listening_ = false;  // one read is under way, which only `heard` ends

  private:
    using Woken = std::shared_ptr<std::atomic<bool>>;

    void hand_over(Request request);
    void deliver(std::uint64_t number, Reply reply);
    void wake(const Woken& by);

    const ConnectionLimits::Place place_;
    net::steady_timer answer_timer_;
    std::optional<Reply> answer_;
    std::uint64_t request_number_ = 0;
    net::steady_timer bell_;  // rings when the body, the peer or the server has news
    Woken woken_;             // the present body's
    bool gone_ = false;
    bool stopped_ = false;
};

}  // namespace vereda::http
