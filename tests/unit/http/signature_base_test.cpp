#include "protocol/http/signature_base.h"

#include <catch2/catch.hpp>

#include "protocol/http/base64.h"
#include "protocol/http/content_digest.h"
#include "protocol/http/origin.h"
#include "tests/unit/http/vectors.h"

using namespace vereda;
using namespace vereda::http;
using nlohmann::json;

namespace {

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(c));
    return text;
}

Headers read_headers(const json& lines) {
    Headers headers;
    for (const json& line : lines) headers.add(lower(line[0]), line[1]);
    return headers;
}

template <std::size_t size>
ByteArray<size> last_bytes(const Bytes& from) {
    ByteArray<size> out;
    std::copy(from.end() - size, from.end(), out.begin());
    return out;
}

/// "https://example.com/path" cut into authority and target.
struct Url {
    std::string authority;
    std::string target;
    explicit Url(const std::string& text) {
        const std::size_t slash = text.find('/', 8);
        authority = parse_origin(text.substr(0, slash))->authority();
        target = text.substr(slash);
    }
};

const Headers none;
const RequestParts get{.method = "GET", .authority = "a.example", .target = "/p", .headers = &none};

InnerList covering(std::vector<Item> items) {
    return {.items = std::move(items), .parameters = {}};
}
Item component(std::string name, std::vector<Parameter> parameters = {}) {
    return {.value = std::move(name), .parameters = std::move(parameters)};
}

}  // namespace

TEST_CASE("the signature base of RFC 9421 B.2.6 is built and its signature verifies", "[http]") {
    const json vector = load_vectors("rfc9421/vectors.json");
    const json& request = vector["request"];
    const Url url(request["target"]);
    Headers headers = read_headers(request["headers"]);
    headers.add("signature-input", vector["b26"]["signature_input"]);
    headers.add("signature", vector["b26"]["signature"]);
    const std::string method = request["method"];

    const auto found = find_signature(headers, "sig-b26");
    REQUIRE(found.has_value());
    const auto base = signature_base(
        RequestParts{
            .method = method,
            .authority = url.authority,
            .target = url.target,
            .headers = &headers},
        found->input);
    REQUIRE(base.has_value());
    CHECK(*base == vector["b26"]["signature_base"].get<std::string>());

    const auto spki = *parse_base64(vector["key"]["public_spki_der_b64"].get<std::string>());
    const auto key = last_bytes<32>(spki);
    CHECK(crypto::verify(key, as_bytes(*base), found->signature));
    const auto pkcs8 = *parse_base64(vector["key"]["private_pkcs8_der_b64"].get<std::string>());
    CHECK(
        crypto::SigningKey::from_seed(last_bytes<32>(pkcs8)).sign(as_bytes(*base)) ==
        found->signature);
}

TEST_CASE("the Ed25519 signatures of web-bot-auth verify", "[http]") {
    const auto file =
        GENERATE("web_bot_auth_architecture_v1.json", "web_bot_auth_architecture_v2.json");
    int verified = 0;
    for (const json& test : load_vectors(std::string("web-bot-auth/") + file)) {
        if (test["key"]["kty"] != "OKP") continue;
        const Url url(test["target_url"]);
        Headers headers{
            {"signature-input", test["signature_input"]}, {"signature", test["signature"]}};
        if (test.contains("signature_agent"))
            headers.add("signature-agent", test["signature_agent"]);

        const auto label = find_tagged_label(headers, "web-bot-auth");
        REQUIRE(label.has_value());
        const auto found = find_signature(headers, *label);
        REQUIRE(found.has_value());
        const auto base = signature_base(
            RequestParts{
                .method = "GET",
                .authority = url.authority,
                .target = url.target,
                .headers = &headers},
            found->input);
        REQUIRE(base.has_value());
        const auto key = last_bytes<32>(*parse_base64url(test["key"]["x"].get<std::string>()));
        CHECK(crypto::verify(key, as_bytes(*base), found->signature));
        ++verified;
    }
    CHECK(verified == 2);
}

TEST_CASE("the content digest of RFC 9530's bodies is the published one", "[http]") {
    const json test = load_vectors("rfc9421/vectors.json")["content_digest"][0];
    const std::string body = test["body"];
    const std::string field = "sha-256=:" + test["sha-256"].get<std::string>() + ":";
    CHECK(content_digest(as_bytes(body)) == field);
    CHECK(verify_content_digest(field, as_bytes(body)).has_value());
    CHECK(
        verify_content_digest(field, as_bytes(body + " ")) ==
        std::unexpected(DigestError::mismatch));
}

TEST_CASE("a content digest of another form or algorithm is refused", "[http]") {
    const std::string good = content_digest({});
    for (const std::string& field :
         {std::string(), std::string("sha-256=:iQ==:"), std::string("sha-256=abc"),
          "sha-512" + good.substr(7), good + ";a", good + ", sha-512=:iQ==:", good + ", " + good,
          std::string("sha-256")}) {
        INFO(field);
        CHECK(verify_content_digest(field, {}) == std::unexpected(DigestError::malformed));
    }
}

TEST_CASE("repeated field lines are joined and trimmed as RFC 9421 says", "[http]") {
    const Headers headers{{"x-a", " one "}, {"x-b", "b"}, {"x-a", "two\t"}};
    RequestParts message = get;
    message.headers = &headers;
    CHECK(
        signature_base(message, covering({component("x-a")})) ==
        "\"x-a\": one, two\n\"@signature-params\": (\"x-a\")");
}

TEST_CASE(
    "a base refuses a component twice, missing, unknown or with a parameter it does not know",
    "[http]") {
    CHECK(
        signature_base(get, covering({component("@path"), component("@path")})) ==
        std::unexpected(BaseError::repeated_component));
    CHECK(
        signature_base(get, covering({component("x-none")})) ==
        std::unexpected(BaseError::missing_component));
    CHECK(
        signature_base(get, covering({component("@status")})) ==
        std::unexpected(BaseError::unsupported_component));
    CHECK(
        signature_base(get, covering({component("@path", {{"req", true}})})) ==
        std::unexpected(BaseError::unsupported_component));
    CHECK(
        signature_base(get, covering({component("@path", {{"tr", true}})})) ==
        std::unexpected(BaseError::unsupported_component));
    CHECK(
        signature_base(get, covering({{.value = Token{"date"}, .parameters = {}}})) ==
        std::unexpected(BaseError::malformed_component));
}

TEST_CASE("a field value with a line break cannot forge a line of the base", "[http]") {
    const Headers headers{{"x-a", "one\n\"@method\": DELETE"}};
    RequestParts message = get;
    message.headers = &headers;
    CHECK(
        signature_base(message, covering({component("x-a")})) ==
        std::unexpected(BaseError::malformed_component));
}

TEST_CASE("two signatures with one tag are refused, one beside a stranger's is found", "[http]") {
    const std::string ours = "a=(\"@path\");tag=\"t\"";
    CHECK(
        find_tagged_label({{"signature-input", ours + ", b=(\"@path\");tag=\"t\""}}, "t") ==
        std::unexpected(TagError::repeated));
    CHECK(find_tagged_label({{"signature-input", ours + ", b=(\"@path\");tag=\"u\""}}, "t") == "a");
    CHECK(
        find_tagged_label({{"signature-input", ours}, {"signature-input", ours}}, "t") ==
        std::unexpected(TagError::malformed));
    CHECK(find_tagged_label({}, "t") == std::unexpected(TagError::missing));
}
