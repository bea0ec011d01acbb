#include "protocol/http/session.h"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "crypto/assert.h"

// Everything awaited has a name first: g++ 12.2 destroys temporaries of a co_await expression
// twice.
namespace vereda::http {
namespace {

using net::redirect_error;
using net::use_awaitable;

constexpr std::size_t drain_bytes_max = 1024 * 1024;
constexpr std::chrono::milliseconds drain_time{2000};

bool is_clean(const std::string& text) { return text.find_first_of("\r\n") == std::string::npos; }

/// The head of an answer. No reason phrase: nobody reads it (RFC 9112 §4 lets it be empty).
std::string head_of(const Response& response, bool keep_alive) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " \r\n";
    for (const Header& line : response.headers.lines()) {
        VEREDA_ASSERT(is_clean(line.name) && is_clean(line.value));
        head.append(line.name).append(": ").append(line.value).append("\r\n");
    }
    if (!keep_alive) head += "connection: close\r\n";
    return head + "content-length: " + std::to_string(response.body.size()) + "\r\n\r\n";
}

}  // namespace

void Worker::begin_stop(std::chrono::milliseconds grace) {
    stopping = true;
    if (sessions.empty()) return;
    stop_timer.expires_after(grace);
    stop_timer.async_wait([this](const beast::error_code& error) {
        if (error) return;
        for (Session* session : sessions) session->stop_now();
    });
    for (Session* session : sessions) session->stop_when_idle();
}

void Worker::add(Session& session) { sessions.insert(&session); }

void Worker::remove(Session& session) {
    sessions.erase(&session);
    if (stopping && sessions.empty()) stop_timer.cancel();
}

Session::Session(
    net::ip::tcp::socket socket, std::string remote, ConnectionLimits::Place place,
    std::shared_ptr<Shared> shared, const std::shared_ptr<Worker>& worker)
    : shared_(std::move(shared)),
      worker_(worker),
      place_(std::move(place)),
      remote_(std::move(remote)),
      stream_(beast::tcp_stream(std::move(socket)), shared_->tls),
      answer_timer_(worker->io) {}

Session::~Session() {
    if (const auto worker = worker_.lock()) worker->remove(*this);
}

net::awaitable<void> Session::run(std::shared_ptr<Session> self) {
    const std::shared_ptr<Worker> worker = self->worker_.lock();
    if (worker == nullptr || worker->stopping) co_return;
    worker->add(*self);
    const bool secure = co_await self->handshake();
    Next next = secure ? Next::keep : Next::close;
    while (next == Next::keep) next = co_await self->serve_one();
    if (next == Next::drain) co_await self->drain();
    beast::error_code ignored;
    beast::get_lowest_layer(self->stream_)
        .socket()
        .shutdown(net::ip::tcp::socket::shutdown_both, ignored);
    beast::get_lowest_layer(self->stream_).close();
}

void Session::stop_when_idle() {
    if (idle_) stop_now();
}

void Session::stop_now() {
    answer_timer_.cancel();
    beast::get_lowest_layer(stream_).close();
}

net::awaitable<bool> Session::handshake() {
    beast::error_code error;
    expire_after(shared_->limits.handshake_time);
    idle_ = true;
    co_await stream_.async_handshake(
        net::ssl::stream_base::server, redirect_error(use_awaitable, error));
    idle_ = false;
    note(error, "tls_failed");
    co_return !error;
}

/// Waits for a request, reads it, has it answered.
net::awaitable<Session::Next> Session::serve_one() {
    const bool arriving = co_await wait_for_request();
    if (!arriving) co_return Next::close;
    const std::size_t head_size = co_await read_head();
    if (head_size == 0) co_return Next::close;
    if (head_size > shared_->limits.head_bytes_max) {
        const Next next = co_await refuse(431, "head too large");
        co_return next;
    }

    auto head = parse_request_head(std::string_view(buffer_).substr(0, head_size));
    if (!head) {
        const Next next = co_await refuse(status_of(head.error()), "malformed head");
        co_return next;
    }
    if (head->content_length > shared_->limits.body_bytes_max) {
        const Next next = co_await refuse(413, "body too large");
        co_return next;
    }
    buffer_.erase(0, head_size);
    const bool whole = co_await read_body(head->request.body, head->content_length);
    if (!whole) co_return Next::close;

    head->request.remote = remote_;
    ++shared_->requests;
    Response response = co_await ask_handler(std::move(head->request));
    const std::shared_ptr<Worker> worker = worker_.lock();
    const bool keep_alive = head->keep_alive && worker != nullptr && !worker->stopping;
    const bool written = co_await write(std::move(response), keep_alive);
    if (!written) co_return Next::close;
    co_return keep_alive ? Next::keep : Next::drain;
}

net::awaitable<bool> Session::wait_for_request() {
    if (!buffer_.empty()) co_return true;
    const std::shared_ptr<Worker> worker = worker_.lock();
    if (worker == nullptr || worker->stopping) co_return false;
    buffer_.resize(shared_->limits.head_bytes_max);
    const auto space = net::buffer(buffer_);
    beast::error_code error;
    expire_after(shared_->limits.idle_time);
    idle_ = true;
    const std::size_t size =
        co_await stream_.async_read_some(space, redirect_error(use_awaitable, error));
    idle_ = false;
    buffer_.resize(size);
    co_return !error;
}

/// The size of the head now at the front of the buffer; 0 when the peer went, more than the limit
/// when it has no end.
net::awaitable<std::size_t> Session::read_head() {
    beast::error_code error;
    expire_after(shared_->limits.head_time);
    auto space = net::dynamic_buffer(buffer_, shared_->limits.head_bytes_max);
    const std::size_t size = co_await net::async_read_until(
        stream_, space, "\r\n\r\n", redirect_error(use_awaitable, error));
    if (error == net::error::not_found) co_return shared_->limits.head_bytes_max + 1;
    note(error, "request_cut_off");
    co_return error ? 0 : size;
}

net::awaitable<bool> Session::read_body(Bytes& body, std::size_t size) {
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

net::awaitable<Response> Session::ask_handler(Request request) {
    answer_.reset();
    ++request_number_;
    answer_timer_.expires_after(shared_->limits.answer_time);
    hand_over(std::move(request));
    beast::error_code error;
    co_await answer_timer_.async_wait(redirect_error(use_awaitable, error));
    ++request_number_;  // from here on an answer is too late
    if (answer_) {
        Response response = *std::move(answer_);
        co_return response;
    }
    if (!error) note(beast::error::timeout, "answer_late");
    co_return Response{.status = 503, .headers = {}, .body = {}};
}

void Session::hand_over(Request request) {
    const std::weak_ptr<Session> self = weak_from_this();
    // The answer comes through the worker's queue even when it comes at once, so it never overtakes
    // the wait for it.
    Answer answer([self, worker = worker_.lock(), number = request_number_](Response response) {
        auto arrive = [self, number, response = std::move(response)]() mutable {
            if (const auto session = self.lock()) session->deliver(number, std::move(response));
        };
        net::post(worker->io, std::move(arrive));
    });
    try {
        shared_->handler(std::move(request), std::move(answer));
    } catch (const std::exception& failure) {
        shared_->log("handler_failed", failure.what());
    }
}

void Session::deliver(std::uint64_t number, Response response) {
    if (number != request_number_ || answer_) return;
    answer_ = std::move(response);
    answer_timer_.cancel();
}

net::awaitable<bool> Session::write(Response response, bool keep_alive) {
    // One buffer: of two, Beast 1.74 loses the second when it is larger than 16 KiB (a two-buffer
    // sequence whose first is used up reads as empty to its flat_stream).
    std::string bytes = head_of(response, keep_alive);
    bytes.append(as_text(response.body));
    const auto all = net::buffer(bytes);
    beast::error_code error;
    expire_after(time_for(bytes.size()));
    co_await net::async_write(stream_, all, redirect_error(use_awaitable, error));
    note(error, "answer_cut_off");
    co_return !error;
}

net::awaitable<Session::Next> Session::refuse(unsigned status, std::string_view reason) {
    ++shared_->refused;
    shared_->log("request_refused", reason);
    Response response{.status = status, .headers = {}, .body = {}};
    const bool written = co_await write(std::move(response), false);
    co_return written ? Next::drain : Next::close;
}

/// Says goodbye and swallows what the peer is still sending: closing a socket with unread bytes
/// resets it, and the peer would lose the answer.
net::awaitable<void> Session::drain() {
    beast::get_lowest_layer(stream_).expires_after(drain_time);
    beast::error_code error;
    beast::get_lowest_layer(stream_).socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
    std::array<char, 4096> waste;
    const auto space = net::buffer(waste);
    for (std::size_t total = 0; !error && total < drain_bytes_max;) {
        total += co_await stream_.next_layer().async_read_some(
            space, redirect_error(use_awaitable, error));
    }
}

void Session::expire_after(std::chrono::milliseconds time) {
    beast::get_lowest_layer(stream_).expires_after(time);
}

void Session::note(const beast::error_code& error, std::string_view event) {
    if (!error) return;
    if (error == beast::error::timeout) ++shared_->timed_out;
    shared_->log(event, error.message());
}

std::chrono::milliseconds Session::time_for(std::size_t bytes) const {
    return shared_->limits.body_time + Seconds(bytes / shared_->limits.bytes_per_second_min);
}

}  // namespace vereda::http
