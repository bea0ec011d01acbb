#include "protocol/http/listener/tls_identity.h"
#include "server/config.h"
#include "server/data/hub_guard.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::server;

/// What a hub reads before it serves: its guard, its TLS key, the address it was told.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView file(data, size);
    const auto guard = parse_guard(file);
    if (guard) fuzz::expect_same(encode(*guard), file, "a guard has one encoding");
    const std::string_view text = as_text(file);
    if (const auto address = parse_listen_address(text)) {
        fuzz::expect(!address->host.empty(), "an address has a host");
        std::string url = address->url().substr(std::string_view("https://").size());
        if (address->port == 443) url += ":443";  // https means it
        fuzz::expect(parse_listen_address(url) == address, "an address survives being written");
    }
    if (const auto identity = http::parse_tls_identity(text)) {
        const std::string again = identity->private_key_pem + identity->certificate_pem;
        const auto read = http::parse_tls_identity(again);
        fuzz::expect(read && read->pin == identity->pin, "a TLS identity survives being written");
    }
    return 0;
}
