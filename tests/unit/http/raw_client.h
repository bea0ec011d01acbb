#pragma once

#include <csignal>
#include <cstdint>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace vereda::http::test {

/// A TLS client that sends whatever bytes a test likes. Blocking; reads give up after five seconds.
class RawClient {
  public:
    enum class Handshake { now, never };

    explicit RawClient(
        std::uint16_t port, Handshake handshake = Handshake::now, int version_max = TLS1_3_VERSION)
        : context_(SSL_CTX_new(TLS_client_method())),
          tls_(SSL_new(context_)),
          fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        std::signal(SIGPIPE, SIG_IGN);  // writing to a server that has closed is part of the tests
        SSL_set_max_proto_version(tls_, version_max);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        const timeval limit{.tv_sec = 5, .tv_usec = 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        SSL_set_fd(tls_, fd_);
        if (connected_ && handshake == Handshake::now) secure_ = SSL_connect(tls_) == 1;
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
        return SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) ==
               static_cast<int>(bytes.size());
    }
    /// Bytes below TLS, or the lack of them.
    void send_unencrypted(std::string_view bytes) {
        (void)::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    /// The next answer: its head and as many bytes as it announces. What came is returned if the
    /// server closes.
    std::string receive() {
        while (!is_whole()) {
            char chunk[4096];
            const int size = SSL_read(tls_, chunk, sizeof chunk);
            if (size <= 0) break;
            received_.append(chunk, static_cast<std::size_t>(size));
        }
        const std::size_t size = is_whole() ? whole_size() : received_.size();
        std::string answer = received_.substr(0, size);
        received_.erase(0, size);
        return answer;
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
    bool connected_ = false;
    bool secure_ = false;
    std::string received_;
};

}  // namespace vereda::http::test
