#include "protocol/http/origin.h"

#include <catch2/catch.hpp>

#include "protocol/http/paths.h"

using namespace vereda;
using namespace vereda::http;

TEST_CASE(
    "an origin's authority is lower case and names the port only when it is not 443", "[http]") {
    CHECK(parse_origin("https://Hub.Example.ORG")->authority() == "hub.example.org");
    CHECK(parse_origin("HTTPS://hub.example.org:443/")->authority() == "hub.example.org");
    CHECK(parse_origin("https://127.0.0.1:8443")->authority() == "127.0.0.1:8443");
    CHECK(parse_origin("https://[::1]:8443/")->authority() == "[::1]:8443");
    CHECK(parse_origin("https://[::1]")->url() == "https://[::1]");
}

TEST_CASE("an origin refuses plain http, paths, users and bad ports", "[http]") {
    CHECK(parse_origin("http://hub.example.org") == std::unexpected(OriginError::not_https));
    CHECK(parse_origin("hub.example.org") == std::unexpected(OriginError::not_https));
    for (const char* url :
         {"https://", "https://h/path", "https://h?q", "https://u@h", "https://h:0",
          "https://h:65536", "https://h:", "https://h:8x", "https://[::1", "https://[]",
          "https://[::1]x:1", "https://h h", "https://h#f"}) {
        INFO(url);
        CHECK(parse_origin(url) == std::unexpected(OriginError::malformed));
    }
}

TEST_CASE("a message path comes back as it was made", "[http]") {
    protocol::WorkspaceId workspace;
    for (std::size_t i = 0; i < workspace.bytes.size(); ++i)
        workspace.bytes[i] = static_cast<std::uint8_t>(i * 9);
    const std::string path = message_path(workspace, "roster-append");
    CHECK(path.starts_with("/v1/0009121b"));
    const auto parsed = parse_message_path(path);
    REQUIRE(parsed.has_value());
    CHECK(parsed->workspace == workspace);
    CHECK(parsed->name == "roster-append");
}

TEST_CASE("a message path has one spelling", "[http]") {
    const std::string good = message_path({}, "push");
    for (const std::string& path :
         {good + "?a", good + "/", good + "%20", good.substr(1),
          "/v1/" + std::string(64, 'A') + "/push", "/v1/" + std::string(63, '0') + "/push",
          "/v1/" + std::string(64, '0') + "/",
          "/v1/" + std::string(64, '0') + "/" + std::string(33, 'a'), std::string("/v1/hub")}) {
        INFO(path);
        CHECK(parse_message_path(path) == std::unexpected(PathError::malformed));
    }
}
