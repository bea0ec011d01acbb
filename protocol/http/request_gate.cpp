#include "protocol/http/request_gate.h"

namespace vereda::http {
namespace {

GateError gate_error(SignatureError error) {
    switch (error) {
        case SignatureError::missing:
            return GateError::not_signed;
        case SignatureError::bad_signature:
            return GateError::bad_signature;
        case SignatureError::digest_mismatch:
            return GateError::digest_mismatch;
        case SignatureError::malformed:
        case SignatureError::wrong_components:
            break;
    }
    return GateError::malformed;
}

}  // namespace

std::string_view name_of(GateError error) {
    switch (error) {
        case GateError::not_signed:
            return "not-signed";
        case GateError::malformed:
            return "malformed-signature";
        case GateError::clock:
            return "clock";
        case GateError::unknown_key:
            return "unknown-key";
        case GateError::bad_signature:
            return "bad-signature";
        case GateError::digest_mismatch:
            return "digest-mismatch";
        case GateError::replayed:
            return "replayed";
        case GateError::busy:
            return "busy";
    }
    return "unknown";
}

protocol::Refusal refusal_of(GateError error) {
    switch (error) {
        case GateError::clock:
            return protocol::Refusal::clock_differs;
        case GateError::replayed:
            return protocol::Refusal::repeated;
        case GateError::busy:
            return protocol::Refusal::too_fast;
        case GateError::not_signed:
        case GateError::malformed:
        case GateError::unknown_key:
        case GateError::bad_signature:
        case GateError::digest_mismatch:
            break;
    }
    return protocol::Refusal::bad_signature;
}

unsigned status_of(GateError error) { return error == GateError::busy ? 429 : 401; }

RequestGate::RequestGate(
    std::string authority, protocol::Millis started, KeyFilter standing_of,
    crypto::Entropy& entropy, std::size_t strangers)
    : authority_(std::move(authority)),
      started_s_(started.value / 1000),
      standing_of_(std::move(standing_of)),
      members_(entropy),
      strangers_(entropy, strangers) {}

std::expected<RequestSignature, GateError> RequestGate::admit(
    const Request& request, protocol::Millis now) {
    const std::int64_t now_s = now.value / 1000;
    const auto claims = parse_request_signature(request);
    if (!claims) return std::unexpected(gate_error(claims.error()));
    const bool ahead = claims->created_s > now_s + ahead_s_max;
    if (ahead || claims->expires_s <= now_s || claims->created_s < started_s_) {
        return std::unexpected(GateError::clock);
    }
    const KeyStanding standing = standing_of_(claims->key, request);
    if (standing == KeyStanding::none) return std::unexpected(GateError::unknown_key);
    auto verified = verify_request(request, authority_);
    if (!verified) return std::unexpected(gate_error(verified.error()));
    ReplayWindow& window = standing == KeyStanding::member ? members_ : strangers_;
    const auto fresh = window.admit(*verified, now_s);
    if (fresh) return *std::move(verified);
    return std::unexpected(
        fresh.error() == ReplayError::replayed ? GateError::replayed : GateError::busy);
}

}  // namespace vereda::http
