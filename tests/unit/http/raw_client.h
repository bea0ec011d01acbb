#pragma once

#include <csignal>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace vereda::http::test {

/// A client that sends whatever bytes a test likes, over TLS or plainly. Blocking; reads give up
/// after five seconds.
class RawClient {
  public:
    enum class Handshake { now, never, plain };

    explicit RawClient(
        std::uint16_t port, Handshake handshake = Handshake::now, int version_max = TLS1_3_VERSION)
        : RawClient(AF_INET, handshake, version_max) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        start(reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    /// Plainly, at a Unix socket.
    explicit RawClient(const std::string& path) : RawClient(AF_UNIX, Handshake::plain, 0) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        start(reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient() {
        SSL_free(tls_);
        SSL_CTX_free(context_);
        if (fd_ >= 0) close(fd_);
    }

    [[nodiscard]] bool is_connected() const { return connected_; }
    [[nodiscard]] bool is_secure() const { return secure_; }
    bool send(std::string_view bytes) {
        const int size = static_cast<int>(bytes.size());
        if (handshake_ != Handshake::plain) return SSL_write(tls_, bytes.data(), size) == size;
        return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == size;
    }
    /// Bytes below TLS, or the lack of them.
    void send_unencrypted(std::string_view bytes) {
        (void)::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    /// The next answer: its head and as many bytes as it announces. What came is returned if the
    /// server closes.
    std::string receive() {
        while (!is_whole() && read_on()) continue;
        return take(is_whole() ? whole_size() : received_.size());
    }
    /// All bytes up to and with `end`. What came is returned if the server closes.
    std::string receive_until(std::string_view end) {
        while (received_.find(end) == std::string::npos && read_on()) continue;
        const std::size_t at = received_.find(end);
        return take(at == std::string::npos ? received_.size() : at + end.size());
    }
    /// All bytes until the server closes.
    std::string receive_all() {
        while (read_on()) continue;
        return take(received_.size());
    }

    /// True when the server closes within the time.
    bool is_closed_within(int ms) {
        pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
        if (poll(&waiting, 1, ms) != 1) return false;
        char byte = 0;
        return !secure_ ? recv(fd_, &byte, 1, 0) <= 0 : SSL_read(tls_, &byte, 1) <= 0;
    }

    /// Vanishes without a word, as a laptop whose link breaks, or a killed process.
    void vanish() {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd_);
        fd_ = -1;
    }

  private:
    RawClient(int family, Handshake handshake, int version_max)
        : context_(SSL_CTX_new(TLS_client_method())),
          tls_(SSL_new(context_)),
          fd_(socket(family, SOCK_STREAM, 0)),
          handshake_(handshake) {
        std::signal(SIGPIPE, SIG_IGN);  // writing to a server that has closed is part of the tests
        SSL_set_max_proto_version(tls_, version_max);
        const timeval limit{.tv_sec = 5, .tv_usec = 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    void start(const sockaddr* address, socklen_t size) {
        connected_ = connect(fd_, address, size) == 0;
        SSL_set_fd(tls_, fd_);
        if (connected_ && handshake_ == Handshake::now) secure_ = SSL_connect(tls_) == 1;
    }

    bool read_on() {
        char chunk[4096];
        const ssize_t size = handshake_ == Handshake::plain ? recv(fd_, chunk, sizeof chunk, 0)
                                                            : SSL_read(tls_, chunk, sizeof chunk);
        if (size > 0) received_.append(chunk, static_cast<std::size_t>(size));
        return size > 0;
    }
    std::string take(std::size_t size) {
        std::string taken = received_.substr(0, size);
        received_.erase(0, size);
        return taken;
    }
    [[nodiscard]] std::size_t whole_size() const {
        const std::size_t head = received_.find("\r\n\r\n");
        if (head == std::string::npos) return std::string::npos;
        constexpr std::string_view length = "content-length: ";
        const std::size_t at = received_.find(length);
        if (at == std::string::npos || at > head) return head + 4;
        return head + 4 + std::stoul(received_.substr(at + length.size()));
    }
    [[nodiscard]] bool is_whole() const {
        const std::size_t size = whole_size();
        return size != std::string::npos && received_.size() >= size;
    }

    SSL_CTX* context_;
    SSL* tls_;
    int fd_;
    Handshake handshake_;
    bool connected_ = false;
    bool secure_ = false;
    std::string received_;
};

}  // namespace vereda::http::test
