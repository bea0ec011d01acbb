#include "protocol/http/listener/response_head.h"

#include "crypto/assert.h"

namespace vereda::http {
namespace {

bool is_clean(const std::string& text) { return text.find_first_of("\r\n") == std::string::npos; }

/// True when the body is still the one that the client has a part of. Only an equal strong etag
/// says so; a date counts as another body (RFC 9110 §13.1.5).
bool is_same_body(const RangeWish& wish, const Headers& headers) {
    if (!wish.if_range) return true;
    const auto etag = headers.only("etag");
    return etag && etag->starts_with('"') && *etag == *wish.if_range;
}

bool is_cut(const RangeWish& wish, const StreamedResponse& response) {
    return wish.range && response.status == 200 && response.body->takes_ranges() &&
           response.body->size() && is_same_body(wish, response.headers);
}

ResponseHead whole(StreamedResponse& response) {
    ResponseHead head{
        .status = response.status,
        .headers = std::move(response.headers),
        .size = response.body->size()};
    if (head.status == 200 && response.body->takes_ranges())
        head.headers.add("accept-ranges", "bytes");
    return head;
}

ResponseHead unsatisfiable(StreamedResponse& response, std::uint64_t size) {
    response.body.reset();
    return {
        .status = 416,
        .headers = {{"content-range", content_range(std::nullopt, size)}},
        .size = 0};
}

}  // namespace

std::string text_of(const ResponseHead& head, bool keep_alive) {
    std::string text = "HTTP/1.1 " + std::to_string(head.status) + " \r\n";
    for (const Header& line : head.headers.lines()) {
        VEREDA_ASSERT(is_clean(line.name) && is_clean(line.value));
        text.append(line.name).append(": ").append(line.value).append("\r\n");
    }
    if (!keep_alive) text += "connection: close\r\n";
    if (!head.size) return text + "transfer-encoding: chunked\r\n\r\n";
    return text + "content-length: " + std::to_string(*head.size) + "\r\n\r\n";
}

RangeWish range_wish(const Request& request) {
    const auto field = request.headers.only("range");
    if (request.method != "GET" || !field) return {};
    const auto range = parse_range(*field);
    if (!range) return {};
    RangeWish wish{.range = *range, .if_range = {}};
    // A repeated If-Range is an empty one, which no body fits.
    if (request.headers.count("if-range") > 0)
        wish.if_range = std::string(request.headers.only("if-range").value_or(""));
    return wish;
}

ResponseHead head_for(const RangeWish& wish, StreamedResponse& response) {
    if (!is_cut(wish, response)) return whole(response);
    const std::uint64_t size = *response.body->size();
    const auto range = range_within(*wish.range, size);
    if (!range) return unsatisfiable(response, size);
    response.body->skip(range->first);
    ResponseHead head{.status = 206, .headers = std::move(response.headers), .size = range->size};
    head.headers.add("content-range", content_range(range, size));
    return head;
}

}  // namespace vereda::http
