#include "client/line/hub_line.h"

#include "client/desk/problems/client_problem.h"
#include "client/line/hub_problem.h"
#include "protocol/http/paths.h"

namespace vereda::client {

Or<LinkOptions> hub_of(const engine::Workspace& workspace) {
    LinkOptions options;
    std::string url;
    if (const auto& joining = workspace.beginnings().joining) {
        url = joining->hub_url;
        options.pin = joining->hub_pin;
    } else if (const auto& hub = workspace.roster().hub()) {
        url = hub->url;
        options.pin = hub->pin;
        options.hub_key = hub->signing_key;
    } else {
        return std::unexpected(problem_of(ClientProblem::no_hub));
    }
    const auto origin = http::parse_origin(url);
    if (!origin) return std::unexpected(problem_of(ClientProblem::bad_hub_url, url));
    options.hub = *origin;
    return options;
}

Or<protocol::HubCard> read_hub_card(SyncLink& link) {
    const auto answer = link.get(http::hub_path);
    if (!answer) return std::unexpected(problem_of(answer.error()));
    auto card = protocol::parse_hub_card(answer->body);
    if (answer->status != 200 || !card || card->signing_key != answer->hub_key) {
        return std::unexpected(problem_of(LinkError::not_a_hub));
    }
    return std::move(*card);
}

Or<HubLine> HubLine::to_hub_of(engine::Workspace& workspace) {
    auto options = hub_of(workspace);
    if (!options) return std::unexpected(options.error());
    engine::Environment& environment = workspace.environment();
    SyncLink link(
        std::move(*options), workspace.identity().keys.http.clone(), environment.clock,
        environment.entropy);
    return HubLine(std::move(link), workspace.identity().workspace);
}

Or<std::expected<Bytes, protocol::Refusal>> HubLine::exchange(
    const engine::sync::Message& message) {
    using Answer = std::expected<Bytes, protocol::Refusal>;
    const std::string path = http::message_path(workspace_, protocol::text_of(message.name));
    auto answer = link_.post(path, message.body);
    if (!answer) return std::unexpected(problem_of(answer.error()));
    if (answer->status == 200) return Answer(std::move(answer->body));
    const auto refusal = protocol::parse_refusal_answer(answer->body);
    if (!refusal) return std::unexpected(problem_of(LinkError::not_a_hub));
    return Answer(std::unexpected(refusal->code));
}

Or<engine::sync::Report> HubLine::run(engine::sync::Session& session, const Told& told) {
    while (const auto message = session.next()) {
        auto answer = exchange(*message);
        if (!answer) return std::unexpected(answer.error());
        session.receive(std::move(*answer));
        if (told) told(session.report());
    }
    const engine::sync::Report& report = session.report();
    if (report.trouble != engine::sync::Trouble::none) {
        return std::unexpected(problem_of(report.trouble, report.refusal));
    }
    return report;
}

Or<void> HubLine::run(engine::sync::RosterChange& change) {
    while (const auto message = change.next()) {
        auto answer = exchange(*message);
        if (!answer) return std::unexpected(answer.error());
        change.receive(std::move(*answer));
    }
    if (!change.is_done()) {
        return std::unexpected(
            problem_of(change.trouble(), change.refusal(), change.write_error()));
    }
    return {};
}

ByteCount HubLine::close() {
    link_.disconnect();
    return link_.bytes();
}

}  // namespace vereda::client
