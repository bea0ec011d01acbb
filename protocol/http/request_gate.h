#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/http/message_signature.h"
#include "protocol/http/replay_window.h"
#include "protocol/sync/message.h"

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

/// Who a key is to the hub, as far as its name tells.
enum class KeyStanding {
    none,      ///< May not speak at this target at all.
    stranger,  ///< The target is open to anyone: whose key it is makes no difference.
    member,    ///< A device's.
};

/// A word for the log.
[[nodiscard]] std::string_view name_of(GateError error);
/// The code of the refusal that the hub answers with; HTTP status 401, but 429 for `too_fast`. The
/// answer must be signed, because a client that hears `clock_differs` sets its clock by the
/// signature's time.
[[nodiscard]] protocol::Refusal refusal_of(GateError error);
[[nodiscard]] unsigned status_of(GateError error);

/// Decides whether a request is fresh and by whom: the one door in front of every message. Cheapest
/// checks first: an unknown key or a wrong clock costs no cryptography. Safe from any thread if
/// `standing_of` is.
class RequestGate {
  public:
    /// Told before the signature is verified.
    using KeyFilter =
        std::function<KeyStanding(const crypto::PublicKey& key, const Request& request)>;
    /// Requests of strangers remembered at once, apart from the members': whoever fills it keeps
    /// out newcomers and nobody else. 220 per second sustained.
    static constexpr std::size_t strangers_max = 1U << 16;
    /// A client's clock may be ahead by so much.
    static constexpr std::int64_t ahead_s_max = 30;

    /// `authority` from the configured public URL. `started`: requests created earlier are refused
    /// as `clock`, because the replay window of an earlier run is gone.
    RequestGate(
        std::string authority, protocol::Millis started, KeyFilter standing_of,
        crypto::Entropy& entropy, std::size_t strangers = strangers_max);

    [[nodiscard]] std::expected<RequestSignature, GateError> admit(
        const Request& request, protocol::Millis now);
    [[nodiscard]] std::size_t remembered() const { return members_.size() + strangers_.size(); }

  private:
    const std::string authority_;
    const std::int64_t started_s_;
    const KeyFilter standing_of_;
    ReplayWindow members_;
    ReplayWindow strangers_;
};

}  // namespace vereda::http
