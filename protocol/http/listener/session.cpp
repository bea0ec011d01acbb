#include "protocol/http/listener/session.h"

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <variant>

#include "protocol/http/listener/outgoing_body.h"
#include "protocol/http/listener/request_head.h"
#include "protocol/http/listener/response_head.h"

// Everything awaited has a name first: g++ 12.2 destroys temporaries of a co_await expression
// twice.
namespace vereda::http {
namespace {

namespace beast = boost::beast;
using net::redirect_error;
using net::use_awaitable;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using UnixStream = beast::basic_stream<net::local::stream_protocol>;

constexpr std::size_t drain_bytes_max = 1024 * 1024;
constexpr std::chrono::milliseconds drain_time{2000};

/// One connection: handshake, then request by request until either side has had enough.
template <class Stream>
class Session final : public Connection {
  public:
    template <class... Args>
    explicit Session(Arrival arrival, Args&&... args)
        : Connection(std::move(arrival)), stream_(std::forward<Args>(args)...) {}

    /// Holds the session.
    static net::awaitable<void> run(std::shared_ptr<Session> self);

  private:
    enum class Next { keep, close, drain };

    net::awaitable<void> serve_all();
    net::awaitable<bool> handshake();
    net::awaitable<Next> serve_one();
    net::awaitable<Next> serve(RequestHead head);
    net::awaitable<bool> wait_for_request();
    net::awaitable<bool> read_on();
    net::awaitable<std::size_t> read_head();
    net::awaitable<bool> read_body(Bytes& body, std::size_t size);
    net::awaitable<bool> send(Reply reply, RangeWish wish, bool keep_alive);
    net::awaitable<bool> send_whole(Response response, bool keep_alive);
    net::awaitable<bool> send_streamed(StreamedResponse response, RangeWish wish, bool keep_alive);
    net::awaitable<bool> send_body(OutgoingBody body);
    net::awaitable<bool> write(std::string bytes, std::chrono::milliseconds time);
    net::awaitable<Next> refuse(unsigned status, std::string_view reason);
    net::awaitable<void> drain();
    void say_goodbye(net::socket_base::shutdown_type what);
    void close_stream() override { lowest().close(); }
    void listen() override;

    auto& lowest() { return beast::get_lowest_layer(stream_); }
    void expire_after(std::chrono::milliseconds time) { lowest().expires_after(time); }

    Stream stream_;
    std::array<char, 1024> heard_{};  // for the read of `listen`
};

template <class Stream>
net::awaitable<void> Session<Stream>::run(std::shared_ptr<Session> self) {
    const std::shared_ptr<Worker> worker = self->worker_.lock();
    if (worker == nullptr || worker->stopping) co_return;
    worker->add(*self);
    try {
        co_await self->serve_all();
    } catch (...) {
        self->close_stream();  // or the read of `listen` would hold the session
        throw;
    }
    self->say_goodbye(net::socket_base::shutdown_both);
    self->close_stream();
}

template <class Stream>
net::awaitable<void> Session<Stream>::serve_all() {
    const bool secure = co_await handshake();
    Next next = secure ? Next::keep : Next::close;
    while (next == Next::keep) next = co_await serve_one();
    if (next == Next::drain) co_await drain();
}

template <class Stream>
net::awaitable<bool> Session<Stream>::handshake() {
    beast::error_code error;
    if constexpr (std::is_same_v<Stream, TlsStream>) {
        expire_after(shared_->limits.handshake_time);
        idle_ = true;
        co_await stream_.async_handshake(
            net::ssl::stream_base::server, redirect_error(use_awaitable, error));
        idle_ = false;
        note(error, "tls_failed");
    }
    co_return !error;
}

/// Waits for a request, reads it, has it answered.
template <class Stream>
net::awaitable<typename Session<Stream>::Next> Session<Stream>::serve_one() {
    const bool arriving = co_await wait_for_request();
    if (!arriving) co_return Next::close;
    const std::size_t head_size = co_await read_head();
    if (head_size == 0) co_return Next::close;
    if (head_size > shared_->limits.head_bytes_max) {
        const Next next = co_await refuse(431, "head_too_large");
        co_return next;
    }

    auto head = parse_request_head(std::string_view(buffer_).substr(0, head_size));
    if (!head) {
        const Next next = co_await refuse(status_of(head.error()), "malformed_head");
        co_return next;
    }
    if (head->content_length > shared_->limits.body_bytes_max) {
        const Next next = co_await refuse(413, "body_too_large");
        co_return next;
    }
    buffer_.erase(0, head_size);
    const Next next = co_await serve(*std::move(head));
    co_return next;
}

template <class Stream>
net::awaitable<typename Session<Stream>::Next> Session<Stream>::serve(RequestHead head) {
    const bool whole = co_await read_body(head.request.body, head.content_length);
    if (!whole) co_return Next::close;
    head.request.remote = remote_;
    RangeWish wish = range_wish(head.request);
    ++shared_->requests;
    Reply reply = co_await ask_handler(std::move(head.request));
    const bool keep_alive = head.keep_alive && !is_stopping();
    const bool sent = co_await send(std::move(reply), std::move(wish), keep_alive);
    if (!sent) co_return Next::close;
    co_return keep_alive ? Next::keep : Next::drain;
}

template <class Stream>
net::awaitable<bool> Session<Stream>::wait_for_request() {
    if (!buffer_.empty()) co_return true;
    if (is_stopping()) co_return false;
    idle_ = true;
    const bool has_come = co_await read_on();
    idle_ = false;
    co_return has_come;
}

template <class Stream>
net::awaitable<bool> Session<Stream>::read_on() {
    if (listening_) {  // since a body had nothing to send: what that read brings is the request
        co_await wait_to_hear(shared_->limits.idle_time);
        co_return !buffer_.empty();
    }
    buffer_.resize(shared_->limits.head_bytes_max);
    const auto space = net::buffer(buffer_);
    beast::error_code error;
    expire_after(shared_->limits.idle_time);
    const std::size_t size =
        co_await stream_.async_read_some(space, redirect_error(use_awaitable, error));
    buffer_.resize(size);
    co_return !error;
}

/// The size of the head now at the front of the buffer; 0 when the peer went, more than the limit
/// when it has no end.
template <class Stream>
net::awaitable<std::size_t> Session<Stream>::read_head() {
    beast::error_code error;
    expire_after(shared_->limits.head_time);
    auto space = net::dynamic_buffer(buffer_, shared_->limits.head_bytes_max);
    const std::size_t size = co_await net::async_read_until(
        stream_, space, "\r\n\r\n", redirect_error(use_awaitable, error));
    if (error == net::error::not_found) co_return shared_->limits.head_bytes_max + 1;
    note(error, "request_cut_off");
    co_return error ? 0 : size;
}

template <class Stream>
net::awaitable<bool> Session<Stream>::read_body(Bytes& body, std::size_t size) {
    const std::size_t here = std::min(size, buffer_.size());
    body.reserve(size);
    body.assign(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(here));
    buffer_.erase(0, here);
    if (here == size) co_return true;

    body.resize(size);
    const auto space = net::buffer(body) + here;
    beast::error_code error;
    expire_after(time_for(size));
    co_await net::async_read(stream_, space, redirect_error(use_awaitable, error));
    note(error, "request_cut_off");
    co_return !error;
}

template <class Stream>
net::awaitable<bool> Session<Stream>::send(Reply reply, RangeWish wish, bool keep_alive) {
    bool sent = false;
    if (auto* streamed = std::get_if<StreamedResponse>(&reply)) {
        sent = co_await send_streamed(std::move(*streamed), std::move(wish), keep_alive);
    } else {
        sent = co_await send_whole(std::get<Response>(std::move(reply)), keep_alive);
    }
    co_return sent;
}

template <class Stream>
net::awaitable<bool> Session<Stream>::send_whole(Response response, bool keep_alive) {
    const ResponseHead head{
        .status = response.status,
        .headers = std::move(response.headers),
        .size = response.body.size()};
    std::string bytes = text_of(head, keep_alive);
    bytes.append(as_text(response.body));
    const auto time = time_for(bytes.size());
    const bool sent = co_await write(std::move(bytes), time);
    co_return sent;
}

/// The head goes ahead by itself: a body may have nothing to say for long.
template <class Stream>
net::awaitable<bool> Session<Stream>::send_streamed(
    StreamedResponse response, RangeWish wish, bool keep_alive) {
    const ResponseHead head = head_for(wish, response);
    endless_ = !head.size;
    if (endless_ && is_stopping()) co_return false;
    OutgoingBody body(std::move(response.body), head.size);
    std::string text = text_of(head, keep_alive);
    bool sent = co_await write(std::move(text), shared_->limits.stall_time);
    if (sent) sent = co_await send_body(std::move(body));
    endless_ = false;
    end_body();
    co_return sent;
}

/// Piece by piece, each when the peer has taken the one before. False when it ends unfinished.
template <class Stream>
net::awaitable<bool> Session<Stream>::send_body(OutgoingBody body) {
    body.begin(begin_body());
    for (bool going_on = true; going_on;) {
        forget_wakes();
        OutgoingBody::Piece piece = body.next();
        const BodyState state = piece.state;
        if (!piece.bytes.empty())
            going_on = co_await write(std::move(piece.bytes), shared_->limits.stall_time);
        if (going_on && state == BodyState::ended) co_return true;
        if (going_on && state == BodyState::later) going_on = co_await wait_for_wake();
    }
    co_return false;
}

/// One buffer: of two, Beast 1.74 loses the second when it is larger than 16 KiB (a two-buffer
/// sequence whose first is used up reads as empty to its flat_stream).
template <class Stream>
net::awaitable<bool> Session<Stream>::write(std::string bytes, std::chrono::milliseconds time) {
    const auto all = net::buffer(bytes);
    beast::error_code error;
    expire_after(time);
    co_await net::async_write(stream_, all, redirect_error(use_awaitable, error));
    note(error, "answer_cut_off");
    co_return !error;
}

template <class Stream>
net::awaitable<typename Session<Stream>::Next> Session<Stream>::refuse(
    unsigned status, std::string_view reason) {
    ++shared_->refused;
    shared_->log("request_refused", reason);
    Response response{.status = status, .headers = {}, .body = {}};
    const bool written = co_await send_whole(std::move(response), false);
    co_return written ? Next::drain : Next::close;
}

/// Says goodbye and swallows what the peer is still sending: closing a socket with unread bytes
/// resets it, and the peer would lose the answer.
template <class Stream>
net::awaitable<void> Session<Stream>::drain() {
    say_goodbye(net::socket_base::shutdown_send);
    co_await wait_to_hear(drain_time);
    if (listening_) co_return;
    expire_after(drain_time);
    beast::error_code error;
    std::array<char, 4096> waste;
    const auto space = net::buffer(waste);
    for (std::size_t total = 0; !error && total < drain_bytes_max;) {
        total += co_await lowest().async_read_some(space, redirect_error(use_awaitable, error));
    }
}

template <class Stream>
void Session<Stream>::say_goodbye(net::socket_base::shutdown_type what) {
    beast::error_code ignored;
    lowest().socket().shutdown(what, ignored);
}

template <class Stream>
void Session<Stream>::listen() {
    listening_ = true;
    lowest().expires_never();
    auto arrived = [self = shared_from_this(), this](
                       const beast::error_code& error, std::size_t size) {
        heard({heard_.data(), size}, static_cast<bool>(error));
    };
    stream_.async_read_some(net::buffer(heard_), std::move(arrived));
}

template <class Stream, class... Args>
net::awaitable<void> begin(Arrival arrival, Args&&... args) {
    auto session =
        std::make_shared<Session<Stream>>(std::move(arrival), std::forward<Args>(args)...);
    return Session<Stream>::run(std::move(session));
}

}  // namespace

net::awaitable<void> serve_tls(net::ip::tcp::socket socket, Arrival arrival) {
    net::ssl::context& tls = *arrival.shared->tls;
    return begin<TlsStream>(std::move(arrival), beast::tcp_stream(std::move(socket)), tls);
}

net::awaitable<void> serve_plain(net::ip::tcp::socket socket, Arrival arrival) {
    return begin<PlainStream>(std::move(arrival), std::move(socket));
}

net::awaitable<void> serve_plain(net::local::stream_protocol::socket socket, Arrival arrival) {
    return begin<UnixStream>(std::move(arrival), std::move(socket));
}

}  // namespace vereda::http
