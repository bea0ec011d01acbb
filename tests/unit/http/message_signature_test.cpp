#include "protocol/http/message_signature.h"

#include <catch2/catch.hpp>

#include "protocol/http/content_digest.h"

using namespace vereda;
using namespace vereda::http;

namespace {

constexpr protocol::Millis noon{1'763'812'800'000};
constexpr std::string_view hub = "hub.example.org:8443";

crypto::SigningKey key_of(std::uint8_t seed) {
    return crypto::SigningKey::from_seed(Bytes(32, seed));
}

/// 0, 1, 2, …: so that the fields can be written down.
class CountingEntropy final : public crypto::Entropy {
  public:
    explicit CountingEntropy(std::uint8_t first = 0) : next_(first) {}
    void fill(std::span<std::uint8_t> out) override {
        for (std::uint8_t& byte : out) byte = next_++;
    }

  private:
    std::uint8_t next_;
};

Request unsigned_push(std::string target = "/v1/00/push") {
    const ByteView body = as_bytes("block");
    return {
        .method = "POST",
        .target = std::move(target),
        .headers = {{"content-type", "application/cbor"}},
        .body = Bytes(body.begin(), body.end()),
        .remote = {}};
}

Request signed_push(std::string target = "/v1/00/push") {
    CountingEntropy entropy;
    Request request = unsigned_push(std::move(target));
    sign_request(request, hub, key_of(7), noon, entropy);
    return request;
}

std::string& value_of(Headers& headers, std::string_view name) {
    for (Header& line : headers.lines()) {
        if (line.name == name) return line.value;
    }
    throw std::logic_error("no such header");
}

void replace(std::string& text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
}

Response signed_answer(const RequestLine& line) {
    const ByteView body = as_bytes("stored");
    Response response{.status = 200, .headers = {}, .body = Bytes(body.begin(), body.end())};
    sign_response(response, line, key_of(9), noon);
    return response;
}

}  // namespace

TEST_CASE("a request is accepted as its signer made it", "[http]") {
    const auto verified = verify_request(signed_push(), hub);
    REQUIRE(verified.has_value());
    CHECK(verified->key == key_of(7).public_key());
    CHECK(verified->created_s == noon.value / 1000);
    CHECK(verified->expires_s == noon.value / 1000 + 300);
    CHECK(verified->label == "v");
}

TEST_CASE("the signature fields are the ones the document shows", "[http]") {
    const Request request = signed_push();
    CHECK(
        request.headers.only("signature-input") ==
        "v=(\"@method\" \"@authority\" \"@path\" \"content-digest\" "
        "\"content-type\");created=1763812800"
        ";expires=1763813100;nonce=\"AAECAwQFBgcICQoLDA0ODw==\";keyid=\"6kpsY-KcUgq-9VB7Ey7F-"
        "ZVHdq6-vnuSQh7qaRRG0iw\""
        ";alg=\"ed25519\";tag=\"vereda/1\"");
}

TEST_CASE("a query is covered when there is one, and only then", "[http]") {
    Request with_query = signed_push("/v1/00/pull?from=1");
    CHECK(
        value_of(with_query.headers, "signature-input").find("\"@path\" \"@query\" ") !=
        std::string::npos);
    CHECK(verify_request(with_query, hub).has_value());
    with_query.target = "/v1/00/pull?from=2";
    CHECK(verify_request(with_query, hub) == std::unexpected(SignatureError::bad_signature));
    with_query.target = "/v1/00/pull";
    CHECK(verify_request(with_query, hub) == std::unexpected(SignatureError::wrong_components));
    Request without = signed_push();
    without.target += "?";
    CHECK(verify_request(without, hub) == std::unexpected(SignatureError::wrong_components));
}

TEST_CASE("a request changed on the way is refused", "[http]") {
    Request request = signed_push();
    SECTION("method") { request.method = "PUT"; }
    SECTION("path") { request.target = "/v1/00/pull"; }
    SECTION("content type") { value_of(request.headers, "content-type") = "text/plain"; }
    SECTION("digest and body together") {
        request.body.push_back(0);
        value_of(request.headers, "content-digest") = content_digest(request.body);
    }
    SECTION("created") {
        replace(value_of(request.headers, "signature-input"), "=1763812800", "=1763812801");
    }
    SECTION("expires") {
        replace(value_of(request.headers, "signature-input"), "=1763813100", "=1763813099");
    }
    SECTION("nonce") {
        replace(value_of(request.headers, "signature-input"), "nonce=\"AAEC", "nonce=\"AAED");
    }
    SECTION("signature") { replace(value_of(request.headers, "signature"), "v=:", "v=:A"); }
    CHECK_FALSE(verify_request(request, hub).has_value());
}

TEST_CASE("a request for another hub is refused, whatever its Host field says", "[http]") {
    Request request = signed_push();
    request.headers.add("host", std::string(hub));
    CHECK(
        verify_request(request, "other.example.org") ==
        std::unexpected(SignatureError::bad_signature));
}

TEST_CASE("a body that is not the signed one is refused by its digest", "[http]") {
    Request request = signed_push();
    request.body[0] ^= 1;
    CHECK(verify_request(request, hub) == std::unexpected(SignatureError::digest_mismatch));
}

TEST_CASE("another's key id does not verify", "[http]") {
    Request request = signed_push();
    Request other = unsigned_push();
    CountingEntropy entropy;
    sign_request(other, hub, key_of(8), noon, entropy);
    value_of(request.headers, "signature-input") = value_of(other.headers, "signature-input");
    CHECK(verify_request(request, hub) == std::unexpected(SignatureError::bad_signature));
}

TEST_CASE("a field given twice is refused", "[http]") {
    const std::string name =
        GENERATE("content-digest", "content-type", "signature-input", "signature");
    Request request = signed_push();
    request.headers.add(name, value_of(request.headers, name));
    CHECK(verify_request(request, hub) == std::unexpected(SignatureError::malformed));
}

TEST_CASE("a field left out is refused", "[http]") {
    const std::string name =
        GENERATE("content-digest", "content-type", "signature-input", "signature");
    Request request = signed_push();
    std::erase_if(request.headers.lines(), [&](const Header& line) { return line.name == name; });
    CHECK_FALSE(verify_request(request, hub).has_value());
}

TEST_CASE("a request without our tag is not signed", "[http]") {
    Request request = signed_push();
    replace(value_of(request.headers, "signature-input"), "vereda/1", "vereda/2");
    CHECK(verify_request(request, hub) == std::unexpected(SignatureError::missing));
    CHECK(verify_request(unsigned_push(), hub) == std::unexpected(SignatureError::missing));
}

TEST_CASE("components other than the profile's are refused", "[http]") {
    Request request = signed_push();
    std::string& input = value_of(request.headers, "signature-input");
    SECTION("fewer") { replace(input, " \"content-type\"", ""); }
    SECTION("more") { replace(input, "\"content-type\"", "\"content-type\" \"date\""); }
    SECTION("in another order") {
        replace(input, "\"@method\" \"@authority\"", "\"@authority\" \"@method\"");
    }
    SECTION("with a parameter") { replace(input, "\"content-type\"", "\"content-type\";bs"); }
    SECTION("none") { replace(input, input.substr(2, input.find(')') - 1), "()"); }
    CHECK(verify_request(request, hub) == std::unexpected(SignatureError::wrong_components));
}

TEST_CASE("parameters out of form are refused before any cryptography", "[http]") {
    Request request = signed_push();
    std::string& input = value_of(request.headers, "signature-input");
    SECTION("a lifetime over five minutes") {
        replace(input, "expires=1763813100", "expires=1763813101");
    }
    SECTION("expiry before creation") {
        replace(input, "expires=1763813100", "expires=1763812800");
    }
    SECTION("a negative time") { replace(input, "created=1763812800", "created=-1"); }
    SECTION("a short nonce") { replace(input, "AAECAwQFBgcICQoLDA0ODw==", "AAECAwQFBgcICQoLDA0O"); }
    SECTION("no nonce") { replace(input, ";nonce=\"AAECAwQFBgcICQoLDA0ODw==\"", ""); }
    SECTION("another algorithm") { replace(input, "ed25519", "hmac-sha256"); }
    SECTION("a stranger's parameter") { replace(input, ";alg", ";x=1;alg"); }
    SECTION("one parameter more, behind ours") {
        replace(input, ";tag=\"vereda/1\"", ";tag=\"vereda/1\";x=1");
    }
    SECTION("a parameter twice") { replace(input, ";alg", ";created=1;alg"); }
    SECTION("a time as text") { replace(input, "created=1763812800", "created=\"1763812800\""); }
    SECTION("a padded key id") { replace(input, "0iw\"", "0iw=\""); }
    CHECK(parse_request_signature(request) == std::unexpected(SignatureError::malformed));
}

TEST_CASE("a stranger's second signature does not hide ours", "[http]") {
    Request request = signed_push();
    value_of(request.headers, "signature-input") += ", proxy=(\"@method\");tag=\"proxy\"";
    value_of(request.headers, "signature") += ", proxy=:AAAA:";
    CHECK(verify_request(request, hub).has_value());
}

TEST_CASE("two signatures with our tag are refused", "[http]") {
    Request request = signed_push();
    std::string& input = value_of(request.headers, "signature-input");
    input += ", w" + input.substr(1);
    CHECK(verify_request(request, hub) == std::unexpected(SignatureError::malformed));
}

TEST_CASE(
    "an answer is accepted for the request it answers, with the hub's key and time", "[http]") {
    const RequestLine line = line_of(signed_push());
    const auto verified = verify_response(signed_answer(line), line);
    REQUIRE(verified.has_value());
    CHECK(verified->key == key_of(9).public_key());
    CHECK(verified->created_s == noon.value / 1000);
}

TEST_CASE("an answer to an unsigned request is bound to its method and path", "[http]") {
    const RequestLine line =
        line_of({.method = "GET", .target = "/v1/hub", .headers = {}, .body = {}, .remote = {}});
    CHECK(line.label.empty());
    const Response response = signed_answer(line);
    CHECK(verify_response(response, line).has_value());
    RequestLine other = line;
    other.target = "/v1/other";
    CHECK(verify_response(response, other) == std::unexpected(SignatureError::bad_signature));
    other.target = "/v1/hub?x";
    CHECK(verify_response(response, other) == std::unexpected(SignatureError::wrong_components));
}

TEST_CASE(
    "an answer to another request is refused, though method and path are the same", "[http]") {
    const RequestLine line = line_of(signed_push());
    Request later = unsigned_push();
    CountingEntropy entropy(100);
    sign_request(later, hub, key_of(7), noon, entropy);
    CHECK(
        verify_response(signed_answer(line), line_of(later)) ==
        std::unexpected(SignatureError::bad_signature));
}

TEST_CASE("an answer changed on the way is refused", "[http]") {
    const RequestLine line = line_of(signed_push());
    Response response = signed_answer(line);
    SECTION("status") {
        response.status = 409;
        CHECK(verify_response(response, line) == std::unexpected(SignatureError::bad_signature));
    }
    SECTION("body") {
        response.body[0] ^= 1;
        CHECK(verify_response(response, line) == std::unexpected(SignatureError::digest_mismatch));
    }
    SECTION("time") {
        replace(value_of(response.headers, "signature-input"), "=1763812800", "=1763812801");
        CHECK(verify_response(response, line) == std::unexpected(SignatureError::bad_signature));
    }
    SECTION("signature removed") {
        std::erase_if(response.headers.lines(), [](const Header& field) {
            return field.name.starts_with("sig");
        });
        CHECK(verify_response(response, line) == std::unexpected(SignatureError::missing));
    }
    SECTION("digest twice") {
        response.headers.add("content-digest", content_digest(response.body));
        CHECK(verify_response(response, line) == std::unexpected(SignatureError::malformed));
    }
}
