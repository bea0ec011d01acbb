#pragma once

#include <expected>
#include <memory>
#include <string>

#include "client/line/sync_link.h"
#include "protocol/http/exchange.h"

namespace vereda::client {

/// A pinned connection over libcurl: carries requests as they are and understands none of them. For
/// sync_link.cpp.
class HttpsConnection {
  public:
    explicit HttpsConnection(const LinkOptions& options);
    HttpsConnection(const HttpsConnection&) = delete;
    HttpsConnection& operator=(const HttpsConnection&) = delete;
    ~HttpsConnection();

    /// Any answer, however strange. Errors: `unreachable`, `wrong_pin`, `timeout`, `not_a_hub`,
    /// `answer_too_large`.
    [[nodiscard]] std::expected<http::Response, LinkError> exchange(const http::Request& request);
    [[nodiscard]] ByteCount bytes() const;
    [[nodiscard]] const std::string& last_failure() const { return last_failure_; }
    void disconnect();

  private:
    struct Curl;
    std::unique_ptr<Curl> curl_;
    std::string last_failure_;
};

}  // namespace vereda::client
