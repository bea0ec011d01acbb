#include "protocol/http/listener/connection.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>

// Everything awaited has a name first: g++ 12.2 destroys temporaries of a co_await expression
// twice.
namespace vereda::http {

void Worker::begin_stop(std::chrono::milliseconds grace) {
    stopping = true;
    if (connections.empty()) return;
    stop_timer.expires_after(grace);
    stop_timer.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        for (Connection* connection : connections) connection->stop_now();
    });
    for (Connection* connection : connections) connection->stop_when_idle();
}

void Worker::add(Connection& connection) { connections.insert(&connection); }

void Worker::remove(Connection& connection) {
    connections.erase(&connection);
    if (stopping && connections.empty()) stop_timer.cancel();
}

Connection::Connection(Arrival arrival)
    : shared_(std::move(arrival.shared)),
      worker_(arrival.worker),
      remote_(std::move(arrival.remote)),
      place_(std::move(arrival.place)),
      answer_timer_(arrival.worker->io),
      bell_(arrival.worker->io) {}

Connection::~Connection() {
    if (const auto worker = worker_.lock()) worker->remove(*this);
}

void Connection::stop_when_idle() {
    if (idle_ || endless_) stop_now();
}

void Connection::stop_now() {
    stopped_ = true;
    answer_timer_.cancel();
    bell_.cancel();
    close_stream();
}

bool Connection::is_stopping() const {
    const std::shared_ptr<Worker> worker = worker_.lock();
    return worker == nullptr || worker->stopping;
}

net::awaitable<Reply> Connection::ask_handler(Request request) {
    answer_.reset();
    ++request_number_;
    answer_timer_.expires_after(shared_->limits.answer_time);
    hand_over(std::move(request));
    boost::system::error_code error;
    co_await answer_timer_.async_wait(net::redirect_error(net::use_awaitable, error));
    ++request_number_;  // from here on an answer is too late
    if (answer_) {
        Reply reply = *std::move(answer_);
        answer_.reset();
        co_return reply;
    }
    if (!error) note(boost::beast::error::timeout, "answer_late");
    Reply late = Response{.status = 503, .headers = {}, .body = {}};
    co_return late;
}

void Connection::hand_over(Request request) {
    const std::weak_ptr<Connection> self = weak_from_this();
    // The answer comes through the worker's queue even when it comes at once, so it never overtakes
    // the wait for it.
    Answer answer([self, worker = worker_.lock(), number = request_number_](Reply reply) {
        auto arrive = [self, number, reply = std::move(reply)]() mutable {
            if (const auto connection = self.lock()) connection->deliver(number, std::move(reply));
        };
        net::post(worker->io, std::move(arrive));
    });
    try {
        shared_->handler(std::move(request), std::move(answer));
    } catch (const std::exception& failure) {
        shared_->log("handler_failed", failure.what());
    }
}

void Connection::deliver(std::uint64_t number, Reply reply) {
    if (number != request_number_ || answer_) return;
    answer_ = std::move(reply);
    answer_timer_.cancel();
}

Wake Connection::begin_body() {
    woken_ = std::make_shared<std::atomic<bool>>(false);
    const std::weak_ptr<Connection> self = weak_from_this();
    // Of many wakes between two questions one goes through the queue, or a busy source could
    // flood it.
    return [self, worker = worker_.lock(), woken = woken_] {
        if (woken->exchange(true)) return;
        net::post(worker->io, [self, woken] {
            if (const auto connection = self.lock()) connection->wake(woken);
        });
    };
}

/// A wake for an earlier body says nothing about this one.
void Connection::wake(const Woken& by) {
    if (by == woken_) bell_.cancel();
}

net::awaitable<bool> Connection::wait_for_wake() {
    // Others of this thread have their turn, however busy the source is.
    if (woken_->load()) co_await net::post(bell_.get_executor(), net::use_awaitable);
    while (!woken_->load() && !gone_ && !stopped_) {
        // With a request waiting, there is no room to read on: it is served first.
        if (!listening_ && buffer_.empty()) listen();
        boost::system::error_code rung;
        bell_.expires_at(net::steady_timer::time_point::max());
        co_await bell_.async_wait(net::redirect_error(net::use_awaitable, rung));
    }
    co_return !gone_ && !stopped_;
}

net::awaitable<void> Connection::wait_to_hear(std::chrono::milliseconds time) {
    if (!listening_ || stopped_) co_return;
    boost::system::error_code rung;
    bell_.expires_after(time);
    co_await bell_.async_wait(net::redirect_error(net::use_awaitable, rung));
}

void Connection::heard(std::string_view bytes, bool is_end) {
    listening_ = false;
    buffer_.append(bytes);
    gone_ = is_end;
    bell_.cancel();
}

void Connection::note(const boost::system::error_code& error, std::string_view event) {
    if (!error) return;
    if (error == boost::beast::error::timeout) ++shared_->timed_out;
    shared_->log(event, error.message());
}

std::chrono::milliseconds Connection::time_for(std::size_t bytes) const {
    return shared_->limits.body_time + Seconds(bytes / shared_->limits.bytes_per_second_min);
}

}  // namespace vereda::http
