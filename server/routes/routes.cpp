#include "server/routes/routes.h"

#include "protocol/http/paths.h"

namespace vereda::server {
namespace {

using protocol::MessageName;
using protocol::Refusal;

http::Response text_response(unsigned status, std::string_view type, std::string_view text) {
    http::Response response;
    response.status = status;
    response.headers.add("content-type", std::string(type));
    append(response.body, text);
    return response;
}

bool is_open_to_anyone(std::string_view name) {
    return name == text_of(MessageName::found) || name == text_of(MessageName::enrol);
}

}  // namespace

http::RequestGate::KeyFilter Routes::key_filter(const Hub& hub) {
    return [&hub](const crypto::PublicKey& key, const http::Request& request) {
        const auto path = http::parse_message_path(request.target);
        if (!path) return http::KeyStanding::none;
        // First: who enrols becomes a member, and the same request must meet the same window then.
        if (is_open_to_anyone(path->name)) return http::KeyStanding::stranger;
        return hub.knows(path->workspace, key) ? http::KeyStanding::member
                                               : http::KeyStanding::none;
    };
}

void Routes::handle(http::Request request, http::Answer answer) const {
    if (request.method == "POST") return answer_message(std::move(request), std::move(answer));
    const std::string_view path = http::path_of(request.target);
    if (request.method != "GET") {
        return answer(text_response(405, "text/plain", "GET or POST\n"));
    }
    answer(plain(path, http::line_of(request)));
}

http::Response Routes::plain(std::string_view path, const http::RequestLine& line) const {
    if (path == http::health_path) return text_response(200, "text/plain", "ok\n");
    if (path == http::metrics_path) {
        const auto text = parts_.metrics.text(parts_.connections(), parts_.hub.card().hub_epoch);
        return text_response(200, "text/plain; version=0.0.4", text);
    }
    if (path == http::hub_path) {
        return response_to({200, encode(parts_.hub.card())}, "hub", 0, line);
    }
    return text_response(404, "text/plain", "nothing here\n");
}

void Routes::answer_message(http::Request request, http::Answer answer) const {
    const http::RequestLine line = http::line_of(request);
    const auto path = http::parse_message_path(request.target);
    const auto name = path ? protocol::parse_message_name(path->name) : std::nullopt;
    if (!name) return refuse(Refusal::unknown_name, "other", line, std::move(answer));
    const auto signature = parts_.gate.admit(request, parts_.clock.now());
    if (!signature) {
        const Refusal code = http::refusal_of(signature.error());
        return refuse(code, text_of(*name), line, std::move(answer));
    }
    submit(
        {*name, path->workspace, signature->key, std::move(request.body)}, line, std::move(answer));
}

void Routes::submit(HubRequest message, http::RequestLine line, http::Answer answer) const {
    const std::string_view name = text_of(message.name);
    const std::size_t bytes_in = message.body.size();
    PreparedPtr prepared = parts_.hub.prepare(std::move(message));
    parts_.group.submit(
        std::move(prepared), [this, name, bytes_in, line = std::move(line),
                              answer = std::move(answer)](HubAnswer hub_answer) mutable {
            answer(response_to(std::move(hub_answer), name, bytes_in, line));
        });
}

void Routes::refuse(
    Refusal code, std::string_view name, const http::RequestLine& line, http::Answer answer) const {
    answer(response_to(parts_.hub.refuse(code), name, 0, line));
}

http::Response Routes::response_to(
    HubAnswer answer, std::string_view name, std::size_t bytes_in,
    const http::RequestLine& line) const {
    parts_.metrics.count(ServedRequest{name, answer.status, bytes_in, answer.body.size()});
    if (answer.status != 200) {
        parts_.log.write(
            "request_refused",
            {{"message", std::string(name)}, {"status", std::to_string(answer.status)}});
    }
    http::Response response;
    response.status = answer.status;
    response.headers.add("content-type", std::string(http::message_content_type));
    response.body = std::move(answer.body);
    http::sign_response(response, line, parts_.hub.key(), parts_.clock.now());
    return response;
}

}  // namespace vereda::server
