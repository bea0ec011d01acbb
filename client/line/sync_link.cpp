#include "client/line/sync_link.h"

#include <algorithm>

#include "client/line/https_connection.h"
#include "protocol/http/message_signature.h"
#include "protocol/http/paths.h"

namespace vereda::client {
namespace {

using http::Request;
using http::Response;

/// What an answer without a hub's signature says by its status alone.
LinkError unsigned_answer(unsigned status) {
    if (status >= 500) return LinkError::unreachable;
    if (status >= 400) return LinkError::refused;
    return LinkError::not_a_hub;
}

/// The refusals that signing once more may settle.
std::optional<protocol::Refusal> refusal_to_sign_again(const HubAnswer& answer) {
    if (answer.status != 401) return std::nullopt;
    const auto refusal = protocol::parse_refusal_answer(answer.body);
    if (!refusal) return std::nullopt;
    const bool settled_by_signing = refusal->code == protocol::Refusal::clock_differs ||
                                    refusal->code == protocol::Refusal::repeated;
    return settled_by_signing ? std::optional(refusal->code) : std::nullopt;
}

}  // namespace

std::string_view name_of(LinkError error) {
    switch (error) {
        case LinkError::unreachable:
            return "unreachable";
        case LinkError::wrong_pin:
            return "wrong_pin";
        case LinkError::timeout:
            return "timeout";
        case LinkError::not_a_hub:
            return "not_a_hub";
        case LinkError::another_hub:
            return "another_hub";
        case LinkError::refused:
            return "refused";
        case LinkError::clock:
            return "clock";
        case LinkError::answer_too_large:
            return "answer_too_large";
    }
    return "unknown";
}

struct SyncLink::Parts {
    Parts(
        const LinkOptions& options, crypto::SigningKey key, engine::Clock& clock_,
        crypto::Entropy& entropy_)
        : connection(options),
          authority(options.hub.authority()),
          hub_key(options.hub_key),
          http_key(std::move(key)),
          clock(clock_),
          entropy(entropy_) {}

    std::expected<HubAnswer, LinkError> send(const Request& request) {
        auto response = connection.exchange(request);
        if (!response) return std::unexpected(response.error());
        const auto signature = http::verify_response(*response, http::line_of(request));
        if (!signature) {
            failure = "HTTP " + std::to_string(response->status) +
                      ", signature: " + std::string(http::name_of(signature.error()));
            const bool unsigned_at_all = signature.error() == http::SignatureError::missing;
            return std::unexpected(
                unsigned_at_all ? unsigned_answer(response->status) : LinkError::not_a_hub);
        }
        if (hub_key && *hub_key != signature->key) return std::unexpected(LinkError::another_hub);
        hub_key = signature->key;
        return HubAnswer{
            .status = response->status,
            .body = std::move(response->body),
            .hub_key = signature->key,
            .hub_time = {signature->created_s * 1000}};
    }

    std::expected<HubAnswer, LinkError> post_once(std::string_view path, ByteView body) {
        Request request{
            .method = "POST",
            .target = std::string(path),
            .headers = {{"content-type", std::string(http::message_content_type)}},
            .body = Bytes(body.begin(), body.end()),
            .remote = {}};
        // A dead battery's clock may stand before 1970, for which the signature has no number.
        const std::int64_t now_ms = std::max<std::int64_t>(clock.now().value + offset_ms, 0);
        http::sign_request(request, authority, http_key, {now_ms}, entropy);
        return send(request);
    }

    HttpsConnection connection;
    const std::string authority;
    std::optional<crypto::PublicKey> hub_key;
    const crypto::SigningKey http_key;
    engine::Clock& clock;
    crypto::Entropy& entropy;
    std::int64_t offset_ms = 0;
    std::string failure;
};

SyncLink::SyncLink(
    LinkOptions options, crypto::SigningKey http_key, engine::Clock& clock,
    crypto::Entropy& entropy)
    : parts_(std::make_unique<Parts>(options, std::move(http_key), clock, entropy)) {}
SyncLink::SyncLink(SyncLink&&) noexcept = default;
SyncLink& SyncLink::operator=(SyncLink&&) noexcept = default;
SyncLink::~SyncLink() = default;

std::expected<HubAnswer, LinkError> SyncLink::post(std::string_view path, ByteView body) {
    auto answer = parts_->post_once(path, body);
    if (!answer) return answer;
    const auto refusal = refusal_to_sign_again(*answer);
    if (!refusal) return answer;
    if (refusal == protocol::Refusal::clock_differs) {
        parts_->offset_ms = answer->hub_time.value - parts_->clock.now().value;
    }
    auto second = parts_->post_once(path, body);
    if (second && refusal_to_sign_again(*second) == protocol::Refusal::clock_differs) {
        return std::unexpected(LinkError::clock);
    }
    return second;
}

std::expected<HubAnswer, LinkError> SyncLink::get(std::string_view path) {
    const Request request{
        .method = "GET", .target = std::string(path), .headers = {}, .body = {}, .remote = {}};
    return parts_->send(request);
}

ByteCount SyncLink::bytes() const { return parts_->connection.bytes(); }
std::int64_t SyncLink::clock_offset_ms() const { return parts_->offset_ms; }
const std::optional<crypto::PublicKey>& SyncLink::hub_key() const { return parts_->hub_key; }

const std::string& SyncLink::last_failure() const {
    return parts_->failure.empty() ? parts_->connection.last_failure() : parts_->failure;
}

void SyncLink::disconnect() { parts_->connection.disconnect(); }

}  // namespace vereda::client
