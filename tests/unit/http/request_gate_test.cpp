#include "protocol/http/request_gate.h"

#include <catch2/catch.hpp>
#include <thread>

using namespace vereda;
using namespace vereda::http;

namespace {

constexpr protocol::Millis noon{1'763'812'800'000};
constexpr std::int64_t year_ms = 31'557'600'000;
const std::string hub = "hub.example.org";

protocol::Millis later(std::int64_t ms) { return {noon.value + ms}; }

struct Laptop {
    crypto::SigningKey key = crypto::SigningKey::from_seed(Bytes(32, 7));
    crypto::SeededEntropy entropy{3};

    Request push(protocol::Millis now) {
        Request request{
            .method = "POST",
            .target = "/v1/00/push",
            .headers = {{"content-type", "application/cbor"}},
            .body = {1, 2, 3},
            .remote = {}};
        sign_request(request, hub, key, now, entropy);
        return request;
    }
};

RequestGate open_gate(protocol::Millis started = later(-year_ms * 20)) {
    crypto::SeededEntropy entropy(4);
    return {
        hub, started, [](const crypto::PublicKey&, const Request&) { return KeyStanding::member; },
        entropy};
}

RequestSignature claims(std::uint8_t nonce, std::int64_t expires_s) {
    RequestSignature out;
    out.nonce[0] = nonce;
    out.expires_s = expires_s;
    return out;
}

}  // namespace

TEST_CASE("a request is admitted once", "[http]") {
    Laptop laptop;
    RequestGate gate = open_gate();
    const Request request = laptop.push(noon);
    CHECK(gate.admit(request, noon).has_value());
    CHECK(gate.admit(request, noon) == std::unexpected(GateError::replayed));
    CHECK(gate.admit(request, later(299'000)) == std::unexpected(GateError::replayed));
    CHECK(gate.admit(request, later(300'000)) == std::unexpected(GateError::clock));
    CHECK(gate.admit(laptop.push(noon), noon).has_value());
}

TEST_CASE("a clock off by years either way is told so, not believed", "[http]") {
    Laptop laptop;
    RequestGate gate = open_gate();
    const std::int64_t years = GENERATE(-10, -1, 1, 12);
    CHECK(
        gate.admit(laptop.push(later(years * year_ms)), noon) == std::unexpected(GateError::clock));
}

TEST_CASE("a clock a little ahead or four minutes behind is let in", "[http]") {
    Laptop laptop;
    RequestGate gate = open_gate();
    CHECK(gate.admit(laptop.push(later(30'000)), noon).has_value());
    CHECK(gate.admit(laptop.push(later(31'000)), noon) == std::unexpected(GateError::clock));
    CHECK(gate.admit(laptop.push(later(-240'000)), noon).has_value());
}

TEST_CASE("what an earlier run of the hub may have accepted is not accepted again", "[http]") {
    Laptop laptop;
    const Request request = laptop.push(noon);
    CHECK(open_gate(later(-1000)).admit(request, later(2000)).has_value());
    RequestGate restarted = open_gate(later(1000));
    CHECK(restarted.admit(request, later(2000)) == std::unexpected(GateError::clock));
}

TEST_CASE(
    "an unknown key is refused before its signature is looked at, and is not remembered",
    "[http]") {
    Laptop laptop;
    crypto::SeededEntropy entropy(4);
    RequestGate gate(
        hub, later(-1000),
        [](const crypto::PublicKey&, const Request&) { return KeyStanding::none; }, entropy);
    Request request = laptop.push(noon);
    request.method = "PUT";
    CHECK(gate.admit(request, noon) == std::unexpected(GateError::unknown_key));
    CHECK(gate.remembered() == 0);
}

TEST_CASE("strangers who fill their window keep no member out", "[http]") {
    Laptop member;
    Laptop stranger{.key = crypto::SigningKey::from_seed(Bytes(32, 8))};
    crypto::SeededEntropy entropy(4);
    RequestGate gate(
        hub, later(-1000),
        [&](const crypto::PublicKey& key, const Request&) {
            return key == member.key.public_key() ? KeyStanding::member : KeyStanding::stranger;
        },
        entropy, 2);
    CHECK(gate.admit(stranger.push(noon), noon).has_value());
    const Request second = stranger.push(noon);
    CHECK(gate.admit(second, noon).has_value());
    CHECK(gate.admit(second, noon) == std::unexpected(GateError::replayed));
    CHECK(gate.admit(stranger.push(noon), noon) == std::unexpected(GateError::busy));
    CHECK(gate.admit(member.push(noon), noon).has_value());
}

TEST_CASE("a forged request does not use up the honest one's nonce", "[http]") {
    Laptop laptop;
    RequestGate gate = open_gate();
    const Request honest = laptop.push(noon);
    Request forged = honest;
    forged.body.push_back(4);
    CHECK(gate.admit(forged, noon) == std::unexpected(GateError::digest_mismatch));
    forged.method = "PUT";
    CHECK(gate.admit(forged, noon) == std::unexpected(GateError::bad_signature));
    CHECK(gate.admit(honest, noon).has_value());
}

TEST_CASE("only a clock and a repetition are told apart from a bad signature", "[http]") {
    CHECK(refusal_of(GateError::clock) == protocol::Refusal::clock_differs);
    CHECK(refusal_of(GateError::replayed) == protocol::Refusal::repeated);
    CHECK(refusal_of(GateError::unknown_key) == protocol::Refusal::bad_signature);
    CHECK(refusal_of(GateError::not_signed) == protocol::Refusal::bad_signature);
    CHECK(status_of(GateError::unknown_key) == 401);
    CHECK(status_of(GateError::busy) == 429);
}

TEST_CASE(
    "the replay window forgets what has expired and refuses rather than forget earlier", "[http]") {
    crypto::SeededEntropy entropy(5);
    ReplayWindow window(entropy, 2);
    CHECK(window.admit(claims(1, 100), 0).has_value());
    CHECK(window.admit(claims(2, 200), 0).has_value());
    CHECK(window.admit(claims(3, 300), 0) == std::unexpected(ReplayError::full));
    CHECK(window.admit(claims(1, 100), 0) == std::unexpected(ReplayError::replayed));
    CHECK(window.admit(claims(3, 300), 100).has_value());
    CHECK(window.size() == 2);
    CHECK(window.admit(claims(4, 900), 300).has_value());
    CHECK(window.size() == 1);
}

TEST_CASE("two keys may use the same nonce", "[http]") {
    crypto::SeededEntropy entropy(5);
    ReplayWindow window(entropy);
    RequestSignature first = claims(1, 100);
    RequestSignature second = first;
    second.key[0] = 1;
    CHECK(window.admit(first, 0).has_value());
    CHECK(window.admit(second, 0).has_value());
}

TEST_CASE("of eight threads with one request, one is let in", "[http]") {
    crypto::SeededEntropy entropy(5);
    ReplayWindow window(entropy);
    std::atomic<int> admitted = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            if (window.admit(claims(1, 100), 0)) ++admitted;
        });
    }
    threads.clear();
    CHECK(admitted == 1);
}
