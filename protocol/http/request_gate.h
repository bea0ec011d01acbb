#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/http/message_signature.h"
#include "protocol/http/replay_window.h"
#include "protocol/message.h"

namespace vereda::http {

enum class GateError {
    not_signed,   ///< No signature with our tag.
    malformed,    ///< Out of the profile: form, components, parameters, repeated fields.
    clock,        ///< Created ahead of the hub's time, expired, or from before the hub started.
    unknown_key,  ///< The hub knows no such key.
    bad_signature,
    digest_mismatch,
    replayed,
    busy,  ///< The replay window is full.
};

/// A word for the log.
[[nodiscard]] std::string_view name_of(GateError error);
/// The code of the refusal that the hub answers with; HTTP status 401, but 429 for `too_fast`. The
/// answer must be signed, for a client that hears `clock_differs` sets its clock by the signature's
/// time.
[[nodiscard]] protocol::Refusal refusal_of(GateError error);
[[nodiscard]] unsigned status_of(GateError error);

/// Decides whether a request is fresh and by whom: the one door in front of every message. Cheapest
/// checks first: an unknown key or a wrong clock costs no cryptography. Safe from any thread if
/// `is_known` is.
class RequestGate {
  public:
    /// Whether a key may speak at this target at all; told before the signature is verified.
    using KeyFilter = std::function<bool(const crypto::PublicKey& key, const Request& request)>;
    /// A client's clock may be ahead by so much.
    static constexpr std::int64_t ahead_s_max = 30;

    /// `authority` from the configured public URL. `started`: requests created earlier are refused
    /// as `clock`, for the replay window of an earlier run is gone.
    RequestGate(
        std::string authority, protocol::Millis started, KeyFilter is_known,
        crypto::Entropy& entropy);

    [[nodiscard]] std::expected<RequestSignature, GateError> admit(
        const Request& request, protocol::Millis now);
    [[nodiscard]] std::size_t remembered() const { return window_.size(); }

  private:
    const std::string authority_;
    const std::int64_t started_s_;
    const KeyFilter is_known_;
    ReplayWindow window_;
};

}  // namespace vereda::http
