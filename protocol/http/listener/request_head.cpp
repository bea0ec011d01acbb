#include "protocol/http/listener/request_head.h"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <charconv>

namespace vereda::http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::request_parser<beast::http::empty_body>;

bool is_field_character(char c) { return c == '\t' || (c >= 0x20 && c != 0x7f) || c < 0; }

/// Every line ends in CR LF, no line begins with a space, no other control character: Beast would
/// let some pass.
bool has_plain_lines(std::string_view head) {
    while (!head.empty()) {
        const std::size_t end = head.find("\r\n");
        if (end == std::string_view::npos) return false;
        const std::string_view line = head.substr(0, end);
        if (line.starts_with(' ') || line.starts_with('\t')) return false;
        if (!std::ranges::all_of(line, is_field_character)) return false;
        head.remove_prefix(end + 2);
        if (line.empty()) return head.empty();
    }
    return false;
}

bool is_target(std::string_view target) {
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
    return target.starts_with('/') && target.size() <= target_size_max &&
           std::ranges::all_of(target, printable);
}

std::string lower(beast::string_view name) {
    std::string out(name.data(), name.size());
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

Request request_of(const Parser::value_type& message) {
    Request request{
        .method = std::string(message.method_string()),
        .target = std::string(message.target()),
        .headers = {},
        .body = {},
        .remote = {}};
    for (const auto& field : message) {
        request.headers.add(lower(field.name_string()), std::string(field.value()));
    }
    return request;
}

/// Digits alone, at most eighteen.
bool read_length(std::string_view text, std::uint64_t& out) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || text.size() > 18 || !std::ranges::all_of(text, is_digit)) return false;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return true;
}

/// Where the body ends, if there is but one reading of it.
std::expected<void, HeadError> read_framing(RequestHead& head) {
    const Headers& headers = head.request.headers;
    if (headers.count("transfer-encoding") > 0 || headers.count("host") != 1) {
        return std::unexpected(HeadError::malformed);
    }
    const auto length = headers.only("content-length");
    if (length) {
        if (!read_length(*length, head.content_length))
            return std::unexpected(HeadError::malformed);
    } else if (headers.count("content-length") > 0) {
        return std::unexpected(HeadError::malformed);
    } else if (head.request.method == "POST") {
        return std::unexpected(HeadError::length_required);
    }
    if (head.request.method == "GET" && head.content_length > 0)
        return std::unexpected(HeadError::malformed);
    return {};
}

}  // namespace

unsigned status_of(HeadError error) {
    switch (error) {
        case HeadError::malformed:
            return 400;
        case HeadError::length_required:
            return 411;
        case HeadError::expectation:
            return 417;
        case HeadError::not_implemented:
            return 501;
        case HeadError::version:
            return 505;
    }
    return 400;
}

std::expected<RequestHead, HeadError> parse_request_head(std::string_view text) {
    if (!has_plain_lines(text)) return std::unexpected(HeadError::malformed);
    Parser parser;
    parser.eager(false);
    beast::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(text.data(), text.size()), error);
    if (error == beast::http::error::bad_version) return std::unexpected(HeadError::version);
    // A length out of form is an error of the parser's too, and so is one that we would find
    // ourselves.
    if (error || !parser.is_header_done() || used != text.size())
        return std::unexpected(HeadError::malformed);

    const Parser::value_type& message = parser.get();
    if (message.version() != 11) return std::unexpected(HeadError::version);
    RequestHead head{
        .request = request_of(message), .content_length = 0, .keep_alive = message.keep_alive()};
    const Request& request = head.request;
    if (request.method != "GET" && request.method != "POST")
        return std::unexpected(HeadError::not_implemented);
    if (!is_target(request.target) || request.headers.lines().size() > header_lines_max) {
        return std::unexpected(HeadError::malformed);
    }
    if (request.headers.count("expect") > 0) return std::unexpected(HeadError::expectation);
    const auto framed = read_framing(head);
    if (!framed) return std::unexpected(framed.error());
    return head;
}

}  // namespace vereda::http
