#include "hub_client.h"

#include <arpa/inet.h>
#include <charconv>
#include <csignal>
#include <fstream>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/entropy.h"
#include "engine/clock.h"
#include "protocol/http/message_signature.h"
#include "protocol/http/origin.h"
#include "protocol/http/paths.h"
#include "server/serve.h"

namespace vereda::server::test {

struct HubClient::Connection {
    explicit Connection(std::uint16_t port) {
        ::signal(SIGPIPE, SIG_IGN);
        socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int at_once = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
        tls = SSL_new(context);
        const bool connected =
            ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
            SSL_set_fd(tls, socket) == 1 && SSL_connect(tls) == 1;
        if (!connected) {
            close();
            throw std::runtime_error("no hub at this port");
        }
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(); }

    void close() {
        SSL_free(tls);
        SSL_CTX_free(context);
        ::close(socket);
    }
    bool write(const std::string& bytes) {
        return SSL_write(tls, bytes.data(), static_cast<int>(bytes.size())) ==
               static_cast<int>(bytes.size());
    }
    /// Reads until `buffer` holds `size` bytes.
    bool fill(std::size_t size) {
        while (buffer.size() < size) {
            char piece[16384];
            const int got = SSL_read(tls, piece, sizeof piece);
            if (got <= 0) return false;
            buffer.append(piece, static_cast<std::size_t>(got));
        }
        return true;
    }

    int socket = -1;
    SSL_CTX* context = nullptr;
    SSL* tls = nullptr;
    std::string buffer;
};

namespace {

std::uint16_t port_of(const std::string& url) { return http::parse_origin(url)->port; }

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

http::Response parse_head(const std::string& head) {
    http::Response response;
    std::istringstream lines(head);
    std::string line;
    std::getline(lines, line);
    response.status = static_cast<unsigned>(std::stoul(line.substr(9, 3)));
    while (std::getline(lines, line) && line.size() > 1) {
        const auto colon = line.find(':');
        response.headers.add(
            lower(line.substr(0, colon)), line.substr(colon + 2, line.size() - colon - 3));
    }
    return response;
}

}  // namespace

HubClient::HubClient(const std::string& url)
    : authority_(http::parse_origin(url)->authority()),
      connection_(std::make_unique<Connection>(port_of(url))) {}

HubClient::~HubClient() = default;

std::optional<http::Response> HubClient::send(const http::Request& request) {
    std::string wire = request.method + " " + request.target + " HTTP/1.1\r\nhost: " + authority_;
    wire += "\r\ncontent-length: " + std::to_string(request.body.size()) + "\r\n";
    for (const http::Header& line : request.headers.lines()) {
        wire += line.name + ": " + line.value + "\r\n";
    }
    wire += "\r\n";
    wire.append(as_text(request.body));
    if (!connection_->write(wire)) return std::nullopt;

    std::string& buffer = connection_->buffer;
    while (buffer.find("\r\n\r\n") == std::string::npos) {
        if (!connection_->fill(buffer.size() + 1)) return std::nullopt;
    }
    const std::size_t head_size = buffer.find("\r\n\r\n") + 4;
    http::Response response = parse_head(buffer.substr(0, head_size));
    const auto length = response.headers.only("content-length");
    const std::size_t size = length ? std::stoul(std::string(*length)) : 0;
    if (!connection_->fill(head_size + size)) return std::nullopt;
    append(response.body, std::string_view(buffer).substr(head_size, size));
    buffer.erase(0, head_size + size);
    return response;
}

std::optional<http::Response> HubClient::get(const std::string& target) {
    http::Request request;
    request.method = "GET";
    request.target = target;
    return send(request);
}

http::Request HubClient::signed_request(
    const protocol::WorkspaceId& workspace, protocol::MessageName name, Bytes body,
    const crypto::SigningKey& http_key) const {
    engine::SystemClock clock;
    crypto::SystemEntropy entropy;
    http::Request request;
    request.method = "POST";
    request.target = http::message_path(workspace, text_of(name));
    request.headers.add("content-type", std::string(http::message_content_type));
    request.body = std::move(body);
    http::sign_request(request, authority_, http_key, clock.now(), entropy);
    return request;
}

std::optional<http::Response> HubClient::post(
    const protocol::WorkspaceId& workspace, protocol::MessageName name, Bytes body,
    const crypto::SigningKey& http_key) {
    return send(signed_request(workspace, name, std::move(body), http_key));
}

HubProcess::HubProcess(const std::string& data) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ == 0) {
        ::close(ends[0]);
        std::ofstream ready("/dev/fd/" + std::to_string(ends[1]));
        std::ofstream log(data + ".log", std::ios::app);
        ServeConfig config;
        config.data = data;
        config.listen = {"127.0.0.1", 0};
        ::_exit(static_cast<int>(serve(config, ready, log)));
    }
    ::close(ends[1]);
    std::string line;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line.push_back(c);
    ::close(ends[0]);
    const auto start = line.find("https://");
    if (start == std::string::npos) throw std::runtime_error("the hub did not start");
    url_ = line.substr(start, line.find('"', start) - start);
}

HubProcess::~HubProcess() {
    if (process_ > 0) kill_now();
    if (process_ > 0) wait();
}

void HubProcess::kill_now() { ::kill(process_, SIGKILL); }

int HubProcess::stop() {
    ::kill(process_, SIGTERM);
    return wait();
}

int HubProcess::wait() {
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace vereda::server::test
