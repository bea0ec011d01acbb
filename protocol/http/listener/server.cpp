#include "protocol/http/listener/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/ssl.h>
#include <optional>
#include <thread>
#include <vector>

#include "crypto/assert.h"
#include "protocol/http/session.h"

namespace vereda::http {
namespace {

using net::ip::tcp;
using WorkGuard = net::executor_work_guard<net::io_context::executor_type>;

constexpr std::chrono::milliseconds accept_pause{100};

/// TLS 1.3 and one key exchange; no tickets (500 bytes for a resumption that saves no time), no
/// compression.
void prepare(net::ssl::context& tls, const TlsIdentity& identity) {
    tls.use_private_key(net::buffer(identity.private_key_pem), net::ssl::context::pem);
    tls.use_certificate(net::buffer(identity.certificate_pem), net::ssl::context::pem);
    SSL_CTX* native = tls.native_handle();
    const bool prepared = SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) == 1 &&
                          SSL_CTX_set_num_tickets(native, 0) == 1 &&
                          SSL_CTX_set1_groups_list(native, "X25519:P-256") == 1;
    VEREDA_ASSERT(prepared);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
}

/// What one address may hold connections under: IPv4 itself, IPv6 the network that one household is
/// given.
std::string share_of(const net::ip::address& address) {
    if (!address.is_v6() || address.to_v6().is_v4_mapped()) return address.to_string();
    const auto bytes = address.to_v6().to_bytes();
    return {bytes.begin(), bytes.begin() + 8};
}

/// For whatever a coroutine ends with: each one of ours handles its errors, so this is the failing
/// machine.
auto logged(const EventLog& log, std::string_view event) {
    return [&log, event](const std::exception_ptr& failure) {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& reason) {
            log(event, reason.what());
        }
    };
}

}  // namespace

struct Server::Parts {
    Parts(const ServerOptions& options, const TlsIdentity& identity, Handler handler, EventLog log)
        : shared(std::make_shared<Shared>(options.limits, std::move(handler), std::move(log))) {
        prepare(shared->tls, identity);
        for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
            workers.push_back(std::make_shared<Worker>());
            guards.emplace_back(workers.back()->io.get_executor());
        }
        acceptor.emplace(workers.front()->io);
        listen(tcp::endpoint(net::ip::make_address(options.address), options.port));
    }

    void listen(const tcp::endpoint& endpoint) {
        acceptor->open(endpoint.protocol());
        acceptor->set_option(tcp::acceptor::reuse_address(true));
        acceptor->bind(endpoint);
        acceptor->listen();
        port = acceptor->local_endpoint().port();
    }

    net::awaitable<void> accept() {
        net::steady_timer pause(workers.front()->io);
        for (std::size_t turn = 0; acceptor->is_open(); ++turn) {
            const std::shared_ptr<Worker> worker = workers[turn % workers.size()];
            boost::system::error_code error;
            tcp::socket socket = co_await acceptor->async_accept(
                worker->io, net::redirect_error(net::use_awaitable, error));
            if (!error) welcome(std::move(socket), worker);
            if (!error || error == net::error::operation_aborted) continue;
            shared->log("accept_failed", error.message());  // out of descriptors: others will close
            pause.expires_after(accept_pause);
            co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
        }
    }

    /// One connection that cannot be had must not end the listener.
    void welcome(tcp::socket socket, const std::shared_ptr<Worker>& worker) {
        try {
            admit(std::move(socket), worker);
        } catch (const std::exception& failure) {
            shared->log("accept_failed", failure.what());
        }
    }

    void admit(tcp::socket socket, const std::shared_ptr<Worker>& worker) {
        boost::system::error_code error;
        const tcp::endpoint peer = socket.remote_endpoint(error);
        if (error) return;  // gone already
        auto place = shared->connections.enter(share_of(peer.address()));
        if (!place) {
            ++shared->turned_away;
            shared->log("connection_turned_away", "too many");
            return;
        }
        ++shared->accepted;
        socket.set_option(tcp::no_delay(true), error);
        auto session = std::make_shared<Session>(
            std::move(socket), peer.address().to_string(), *std::move(place), shared, worker);
        net::co_spawn(
            worker->io, Session::run(std::move(session)), logged(shared->log, "session_failed"));
    }

    void start() {
        net::co_spawn(workers.front()->io, accept(), logged(shared->log, "listener_failed"));
        for (const auto& worker : workers) {
            threads.emplace_back([worker] { worker->io.run(); });
        }
    }

    void stop() {
        if (threads.empty()) return;
        net::post(workers.front()->io, [this] {
            boost::system::error_code ignored;
            acceptor->close(ignored);
        });
        for (const auto& worker : workers) {
            net::post(worker->io, [worker, grace = shared->limits.stop_time] {
                worker->begin_stop(grace);
            });
        }
        guards.clear();
        threads.clear();  // joins
    }

    std::shared_ptr<Shared> shared;
    std::vector<std::shared_ptr<Worker>> workers;
    std::optional<tcp::acceptor> acceptor;
    std::vector<WorkGuard> guards;
    std::vector<std::jthread> threads;
    std::uint16_t port = 0;
};

Server::Server(
    const ServerOptions& options, const TlsIdentity& identity, Handler handler, EventLog log)
    : parts_(std::make_unique<Parts>(options, identity, std::move(handler), std::move(log))) {
    parts_->start();
}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return parts_->port; }

ServerCounts Server::counts() const {
    const Shared& shared = *parts_->shared;
    return {
        .open = shared.connections.open(),
        .accepted = shared.accepted,
        .turned_away = shared.turned_away,
        .requests = shared.requests,
        .refused = shared.refused,
        .timed_out = shared.timed_out};
}

void Server::stop() { parts_->stop(); }

}  // namespace vereda::http
