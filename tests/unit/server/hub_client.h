#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/signature.h"
#include "protocol/http/exchange.h"
#include "protocol/sync/message.h"

namespace vereda::server::test {

/// One TLS connection to a hub on this machine, one request at a time, blocking. For tests: it
/// checks no pin.
class HubClient {
  public:
    /// Throws std::runtime_error when nobody listens.
    explicit HubClient(const std::string& url);
    ~HubClient();

    /// Nothing when the connection broke before the whole answer had come.
    [[nodiscard]] std::optional<http::Response> send(const http::Request& request);
    [[nodiscard]] std::optional<http::Response> get(const std::string& target);
    /// Signs and sends one message.
    [[nodiscard]] std::optional<http::Response> post(
        const protocol::WorkspaceId& workspace, protocol::MessageName name, Bytes body,
        const crypto::SigningKey& http_key);
    /// The request that `post` sends.
    [[nodiscard]] http::Request signed_request(
        const protocol::WorkspaceId& workspace, protocol::MessageName name, Bytes body,
        const crypto::SigningKey& http_key) const;

  private:
    struct Connection;
    std::string authority_;
    std::unique_ptr<Connection> connection_;
};

/// A hub in a process of its own.
class HubProcess {
  public:
    /// Starts one and waits until it takes requests. Call it while no other thread runs: it forks.
    explicit HubProcess(const std::string& data);
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;
    /// Kills it, if it still lives.
    ~HubProcess();

    [[nodiscard]] const std::string& url() const { return url_; }
    /// SIGKILL: it gets no chance to tidy up. From any thread.
    void kill_now();
    /// SIGTERM; its exit code.
    int stop();

  private:
    int wait();
    int process_ = -1;
    std::string url_;
};

}  // namespace vereda::server::test
