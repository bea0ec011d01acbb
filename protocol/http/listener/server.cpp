#include "protocol/http/listener/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/ssl.h>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "crypto/assert.h"
#include "protocol/http/listener/session.h"
#include "protocol/http/listener/unix_socket.h"

namespace vereda::http {
namespace {

using local = net::local::stream_protocol;
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

std::string share_of(const tcp::endpoint& peer) { return share_of(peer.address()); }
std::string share_of(const local::endpoint&) { return "unix"; }

std::string remote_of(const tcp::endpoint& peer) { return peer.address().to_string(); }
std::string remote_of(const local::endpoint&) { return {}; }

net::awaitable<void> serve(tcp::socket socket, Arrival arrival) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const bool secure = arrival.shared->tls.has_value();
    return secure ? serve_tls(std::move(socket), std::move(arrival))
                  : serve_plain(std::move(socket), std::move(arrival));
}

net::awaitable<void> serve(local::socket socket, Arrival arrival) {
    return serve_plain(std::move(socket), std::move(arrival));
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
    Parts(const ServerOptions& options, Handler handler, EventLog log)
        : shared(std::make_shared<Shared>(options.limits, std::move(handler), std::move(log))) {
        for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
            workers.push_back(std::make_shared<Worker>());
            guards.emplace_back(workers.back()->io.get_executor());
        }
    }

    void listen(const tcp::endpoint& endpoint) {
        auto& opened = acceptor.emplace<tcp::acceptor>(workers.front()->io);
        opened.open(endpoint.protocol());
        opened.set_option(tcp::acceptor::reuse_address(true));
        opened.bind(endpoint);
        opened.listen();
        port = opened.local_endpoint().port();
        start(opened);
    }

    void listen(UnixSocket socket) {
        unix_socket.emplace(std::move(socket));
        auto& opened = acceptor.emplace<local::acceptor>(workers.front()->io);
        opened.assign(local(), unix_socket->release());
        start(opened);
    }

    template <class Acceptor>
    net::awaitable<void> accept(Acceptor& from) {
        net::steady_timer pause(workers.front()->io);
        for (std::size_t turn = 0; from.is_open(); ++turn) {
            const std::shared_ptr<Worker> worker = workers[turn % workers.size()];
            boost::system::error_code error;
            auto socket = co_await from.async_accept(
                worker->io, net::redirect_error(net::use_awaitable, error));
            if (!error) welcome(std::move(socket), worker);
            if (!error || error == net::error::operation_aborted) continue;
            shared->log("accept_failed", error.message());  // out of descriptors: others will close
            pause.expires_after(accept_pause);
            co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
        }
    }

    /// One connection that cannot be had must not end the listener.
    template <class Socket>
    void welcome(Socket socket, const std::shared_ptr<Worker>& worker) {
        try {
            admit(std::move(socket), worker);
        } catch (const std::exception& failure) {
            shared->log("accept_failed", failure.what());
        }
    }

    template <class Socket>
    void admit(Socket socket, const std::shared_ptr<Worker>& worker) {
        boost::system::error_code error;
        const auto peer = socket.remote_endpoint(error);
        if (error) return;  // gone already
        auto place = shared->connections.enter(share_of(peer));
        if (!place) {
            ++shared->turned_away;
            shared->log("connection_turned_away", "too_many");
            return;
        }
        ++shared->accepted;
        Arrival arrival{
            .remote = remote_of(peer),
            .place = *std::move(place),
            .shared = shared,
            .worker = worker};
        net::co_spawn(
            worker->io, serve(std::move(socket), std::move(arrival)),
            logged(shared->log, "session_failed"));
    }

    template <class Acceptor>
    void start(Acceptor& from) {
        net::co_spawn(workers.front()->io, accept(from), logged(shared->log, "listener_failed"));
        for (const auto& worker : workers) {
            threads.emplace_back([worker] { worker->io.run(); });
        }
    }

    void close_acceptor() {
        boost::system::error_code ignored;
        if (auto* at_port = std::get_if<tcp::acceptor>(&acceptor)) at_port->close(ignored);
        if (auto* at_path = std::get_if<local::acceptor>(&acceptor)) at_path->close(ignored);
    }

    void stop() {
        if (threads.empty()) return;
        if (unix_socket) unix_socket->remove_file();
        net::post(workers.front()->io, [this] { close_acceptor(); });
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
    std::optional<UnixSocket> unix_socket;
    std::variant<std::monostate, tcp::acceptor, local::acceptor> acceptor;
    std::vector<WorkGuard> guards;
    std::vector<std::jthread> threads;
    std::uint16_t port = 0;
};

Server::Server(
    const ServerOptions& options, const TlsIdentity& identity, Handler handler, EventLog log)
    : parts_(std::make_unique<Parts>(options, std::move(handler), std::move(log))) {
    prepare(parts_->shared->tls.emplace(net::ssl::context::tlsv13_server), identity);
    parts_->listen(tcp::endpoint(net::ip::make_address(options.address), options.port));
}

std::expected<Server, ListenError> Server::plain(
    const ServerOptions& options, Handler handler, EventLog log) {
    const net::ip::address address = net::ip::make_address(options.address);
    if (!address.is_loopback()) return std::unexpected(ListenError::not_loopback);
    auto parts = std::make_unique<Parts>(options, std::move(handler), std::move(log));
    parts->listen(tcp::endpoint(address, options.port));
    return Server(std::move(parts));
}

std::expected<Server, ListenError> Server::on_unix_socket(
    const std::filesystem::path& path, const ServerOptions& options, Handler handler,
    EventLog log) {
    auto socket = UnixSocket::listen(path);
    if (!socket) return std::unexpected(socket.error());
    auto parts = std::make_unique<Parts>(options, std::move(handler), std::move(log));
    parts->listen(*std::move(socket));
    return Server(std::move(parts));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::Server(Server&& other) noexcept = default;

Server::~Server() {
    if (parts_ != nullptr) stop();
}

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
