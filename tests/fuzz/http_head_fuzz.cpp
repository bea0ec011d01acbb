#include "protocol/http/listener/request_head.h"
#include "protocol/http/message_signature.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::http;

/// A head that is read has one framing, and its signature fields may hold anything: claims are read
/// or refused, and nothing verifies.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto head = parse_request_head(as_text({data, size}));
    if (!head) return 0;
    const Request& request = head->request;
    fuzz::expect(request.method == "GET" || request.method == "POST", "no other method is spoken");
    fuzz::expect(
        request.headers.count("transfer-encoding") == 0, "a body is framed by its length alone");
    fuzz::expect(request.headers.count("content-length") <= 1, "one length at most");
    for (const Header& line : request.headers.lines()) {
        fuzz::expect(line.value.find_first_of("\r\n") == std::string::npos, "a value is one line");
    }
    const auto claims = parse_request_signature(request);
    if (claims) {
        fuzz::expect(
            claims->expires_s - claims->created_s <= lifetime_s_max, "no signature lives for long");
        fuzz::expect(
            !verify_request(request, "fuzz.example").has_value(), "nobody guesses a signature");
    }
    const RequestLine line = line_of(request);
    const Response response{.status = 200, .headers = request.headers, .body = {}};
    fuzz::expect(!verify_response(response, line).has_value(), "nobody guesses a hub's signature");
    return 0;
}
