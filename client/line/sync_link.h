#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/line/connection_bytes.h"
#include "crypto/entropy.h"
#include "crypto/signature.h"
#include "engine/clock.h"
#include "protocol/http/listener/tls_identity.h"
#include "protocol/http/origin.h"
#include "protocol/sync/message.h"

/// The laptop's line to its hub.
namespace vereda::client {

enum class LinkError {
    unreachable,  ///< No connection, cut off, or the hub is down or too busy (5xx without its
                  ///< signature).
    wrong_pin,    ///< Somebody else's TLS key: interception, a captive portal, or another hub.
                  ///< Nothing was sent.
    timeout,
    not_a_hub,    ///< Speaks no TLS 1.3, or answers without a hub's signature: HTML, a redirect,
                  ///< nonsense.
    another_hub,  ///< Signed, but not by the key that we know.
    refused,      ///< The listener turned the request away before any hub saw it (4xx without a
                  ///< signature).
    clock,        ///< Refused for the time even after setting ours by the hub's.
    answer_too_large,
};

[[nodiscard]] std::string_view name_of(LinkError error);

struct LinkOptions {
    http::Origin hub;
    http::TlsPin pin{};
    /// The hub's signing key. Unknown at `init`: then the first answer's key is taken, because the
    /// pin vouches for it.
    std::optional<crypto::PublicKey> hub_key;
    std::string proxy;  ///< As curl's CURLOPT_PROXY, such as "socks5h://127.0.0.1:9050"; empty:
                        ///< none, whatever the environment says.
    std::chrono::milliseconds connect_time = std::chrono::seconds(15);
    std::chrono::seconds stall_time{
        60};  ///< Given up when slower than 16 bytes per second for so long.
    std::size_t answer_bytes_max = protocol::message_size_max;
};

/// An answer that the hub's signature binds to the very request it answers.
struct HubAnswer {
    unsigned status = 0;  ///< Anything but 200 has a protocol::RefusalAnswer for a body.
    Bytes body;
    crypto::PublicKey hub_key{};
    protocol::Millis hub_time{};  ///< To the second.
};

/// One TLS 1.3 connection to one hub, opened at the first request and kept open; requests signed
/// with the device's HTTP key, answers verified. No redirects, cookies, compression or ambient
/// proxies. For one thread at a time.
class SyncLink {
  public:
    SyncLink(
        LinkOptions options, crypto::SigningKey http_key, engine::Clock& clock,
        crypto::Entropy& entropy);
    SyncLink(SyncLink&&) noexcept;
    SyncLink& operator=(SyncLink&&) noexcept;
    ~SyncLink();

    /// Sends `body` (application/cbor) to `path` and returns the hub's answer, whatever its status.
    /// A refusal for the clock or for a repeated nonce is answered by signing once more. Safe to
    /// repeat after any error.
    [[nodiscard]] std::expected<HubAnswer, LinkError> post(std::string_view path, ByteView body);
    /// The same without a body and without our signature: `GET /v1/hub`.
    [[nodiscard]] std::expected<HubAnswer, LinkError> get(std::string_view path);

    /// All bytes of all connections so far.
    [[nodiscard]] ByteCount bytes() const;
    /// What is added to our clock since the hub objected to it; 0 before.
    [[nodiscard]] std::int64_t clock_offset_ms() const;
    /// The hub's key: the one given, or else the one learned.
    [[nodiscard]] const std::optional<crypto::PublicKey>& hub_key() const;
    /// What the network library said of the last failure, for the log; no personal data.
    [[nodiscard]] const std::string& last_failure() const;
    /// Closes the connection; the next request opens another.
    void disconnect();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace vereda::client
