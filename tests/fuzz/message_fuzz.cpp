#include <cstdlib>

#include "protocol/sync/message.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

/// What a parser takes must encode to the very same bytes.
template <class Parse>
void round_trip(Parse parse, ByteView body) {
    const auto parsed = parse(body);
    if (!parsed) return;
    const Bytes again = encode(*parsed);
    if (!std::equal(again.begin(), again.end(), body.begin(), body.end())) std::abort();
}

}  // namespace

/// The first byte chooses the message, the rest is its body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView body(data + 1, size - 1);
    switch (data[0] % 18) {
        case 0:
            round_trip(parse_refusal_answer, body);
            break;
        case 1:
            round_trip(parse_found_request, body);
            break;
        case 2:
            round_trip(parse_found_answer, body);
            break;
        case 3:
            round_trip(parse_roster_read_request, body);
            break;
        case 4:
            round_trip(parse_roster_read_answer, body);
            break;
        case 5:
            round_trip(parse_roster_append_request, body);
            break;
        case 6:
            round_trip(parse_roster_append_answer, body);
            break;
        case 7:
            round_trip(parse_enrol_request, body);
            break;
        case 8:
            round_trip(parse_enrol_answer, body);
            break;
        case 9:
            round_trip(parse_wraps_read_request, body);
            break;
        case 10:
            round_trip(parse_wraps_read_answer, body);
            break;
        case 11:
            round_trip(parse_push_request, body);
            break;
        case 12:
            round_trip(parse_push_answer, body);
            break;
        case 13:
            round_trip(parse_pull_request, body);
            break;
        case 14:
            round_trip(parse_pull_answer, body);
            break;
        case 15:
            round_trip(parse_hub_card, body);
            break;
        case 16:
            round_trip(parse_went_back_request, body);
            break;
        case 17:
            round_trip(parse_went_back_answer, body);
            break;
    }
    return 0;
}
