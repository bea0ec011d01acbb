#include "protocol/http/listener/tls_identity.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sys/stat.h>

using namespace vereda;
using namespace vereda::http;

namespace {

/// A folder of its own, gone afterwards.
struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "vereda-tls-XXXXXX").string();
        path = mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a TLS identity comes back from its PEM text with the same pin", "[http]") {
    const TlsIdentity made = make_tls_identity();
    const auto parsed = parse_tls_identity(made.private_key_pem + made.certificate_pem);
    REQUIRE(parsed.has_value());
    CHECK(parsed->pin == made.pin);
    CHECK(parsed->certificate_pem == made.certificate_pem);
    CHECK(make_tls_identity().pin != made.pin);
}

TEST_CASE("the pin of a known key is what openssl computes", "[http]") {
    // openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64, for the Ed25519 key
    // of RFC 9421 B.1.4 with a certificate made by openssl req -x509.
    const auto parsed = parse_tls_identity(
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
        "-----END PRIVATE KEY-----\n"
        "-----BEGIN CERTIFICATE-----\n"
        "MIIBFjCByaADAgECAhQqCpU+1QQy5w1nHqEyCVORF/qzBDAFBgMrZXAwADAgFw0y\n"
        "NjExMjIxMDI3NDdaGA8yMTI2MTAyOTEwMjc0N1owADAqMAUGAytlcAMhACa0C4+T\n"
        "//PYlxEvfrxYKyMtvXJRfQgv6Dz7MN3OQ9G7o1MwUTAdBgNVHQ4EFgQUpXeppg0V\n"
        "vNAHVCY3ixrXf63hGagwHwYDVR0jBBgwFoAUpXeppg0VvNAHVCY3ixrXf63hGagw\n"
        "DwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQDn4UuF+lWNg8Y8gxR1bVt3b9j0UzVH\n"
        "K4HOomvMYJA8EndRze1XPakqQpiqk+K4YUXemW6SC0EoqtjyE8nMSScO\n"
        "-----END CERTIFICATE-----\n");
    REQUIRE(parsed.has_value());
    CHECK(pin_text(parsed->pin) == "sha256//NFcWBst6DXG+N35nHdzMrioWntdzNZghQSkjHNMMSjw=");
}

TEST_CASE("a key and the certificate of another are refused", "[http]") {
    CHECK(
        parse_tls_identity(
            make_tls_identity().private_key_pem + make_tls_identity().certificate_pem)
            .error() == TlsIdentityError::mismatched);
    CHECK(parse_tls_identity("").error() == TlsIdentityError::malformed);
    CHECK(
        parse_tls_identity(make_tls_identity().private_key_pem).error() ==
        TlsIdentityError::malformed);
}

TEST_CASE(
    "the first start makes an identity that only its owner reads, the second finds it", "[http]") {
    const Folder folder;
    const auto file = folder.path / "tls.pem";
    const auto first = load_or_make_tls_identity(file);
    REQUIRE(first.has_value());
    struct stat status {};
    REQUIRE(stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const auto second = load_or_make_tls_identity(file);
    REQUIRE(second.has_value());
    CHECK(second->pin == first->pin);
}

TEST_CASE("a damaged identity is an error and stays as it is", "[http]") {
    const Folder folder;
    const auto file = folder.path / "tls.pem";
    std::ofstream(file) << "half a ke";
    CHECK(load_or_make_tls_identity(file).error() == TlsIdentityError::malformed);
    CHECK(std::filesystem::file_size(file) == 9);
}

TEST_CASE("a start that was cut off while storing does not stand in the way", "[http]") {
    const Folder folder;
    std::ofstream(folder.path / "tls.pem.new") << "half a ke";
    CHECK(load_or_make_tls_identity(folder.path / "tls.pem").has_value());
}

TEST_CASE("a pin has one spelling", "[http]") {
    const TlsPin pin = make_tls_identity().pin;
    CHECK(parse_pin(pin_text(pin)) == pin);
    CHECK_FALSE(parse_pin("sha256//").has_value());
    CHECK_FALSE(parse_pin(pin_text(pin).substr(8)).has_value());
    CHECK_FALSE(parse_pin(pin_text(pin) + ";" + pin_text(pin)).has_value());
}
