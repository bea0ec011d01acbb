#include "protocol/http/base64.h"
#include "protocol/http/content_digest.h"
#include "protocol/http/listener/tls_identity.h"
#include "protocol/http/origin.h"
#include "protocol/http/paths.h"
#include "protocol/http/structured_field.h"
#include "protocol/sync/message.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::http;

/// What is read from a field is written and read again as the same; texts with one spelling come
/// back as they were.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    if (const auto fields = parse_dictionary(text)) {
        fuzz::expect(
            parse_dictionary(serialize(*fields)) == fields, "a dictionary survives being written");
    }
    if (const auto bytes = parse_base64(text))
        fuzz::expect(base64(*bytes) == text, "base64 has one text");
    if (const auto bytes = parse_base64url(text))
        fuzz::expect(base64url(*bytes) == text, "base64url has one text");
    if (const auto origin = parse_origin(text)) {
        fuzz::expect(parse_origin(origin->url()) == origin, "an origin survives being written");
    }
    if (const auto path = parse_message_path(text)) {
        fuzz::expect(message_path(path->workspace, path->name) == text, "a path has one spelling");
    }
    if (const auto name = protocol::parse_message_name(text)) {
        fuzz::expect(protocol::text_of(*name) == text, "a message has one name");
    }
    if (const auto pin = parse_pin(text))
        fuzz::expect(pin_text(*pin) == text, "a pin has one spelling");
    fuzz::expect(
        !verify_content_digest(text, data == nullptr ? ByteView{} : ByteView(data, size))
             .has_value(),
        "nobody finds the digest of its own field");
    return 0;
}
