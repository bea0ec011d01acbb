#pragma once

// Lives here: the HTTP door of the hub: paths, metrics, the event log.
// Begin: here.
// Must not know: how a request is judged, and where it is kept.

#include <functional>

#include "protocol/http/listener/server.h"
#include "protocol/http/request_gate.h"
#include "server/hub/group_commit.h"
#include "server/routes/event_log.h"
#include "server/routes/metrics.h"

namespace vereda::server {

/// From HTTP requests to the hub and back:
///
///     POST /v1/<workspace>/<name>   through the gate, prepared here, stored in a group,
///                                   the answer signed
///     GET  /v1/hub                  the hub's card
///     GET  /healthz
///     GET  /metrics
///
/// Everything is borrowed and outlives the requests. Safe from any thread.
class Routes {
  public:
    struct Parts {
        Hub& hub;
        GroupCommit& group;
        http::RequestGate& gate;
        Metrics& metrics;
        EventLog& log;
        engine::Clock& clock;  ///< The gate's and the answers' signatures': it never goes back.
        std::function<ConnectionNumbers()> connections;
    };
    explicit Routes(Parts parts) : parts_(std::move(parts)) {}

    void handle(http::Request request, http::Answer answer) const;

    /// Whom the gate lets through: devices of the roster; for founding and enrolling, anyone.
    [[nodiscard]] static http::RequestGate::KeyFilter key_filter(const Hub& hub);

  private:
    void answer_message(http::Request request, http::Answer answer) const;
    void submit(HubRequest message, http::RequestLine line, http::Answer answer) const;
    void refuse(
        protocol::Refusal code, std::string_view name, const http::RequestLine& line,
        http::Answer answer) const;
    /// Signs an answer of the hub and counts it.
    [[nodiscard]] http::Response response_to(
        HubAnswer answer, std::string_view name, std::size_t bytes_in,
        const http::RequestLine& line) const;
    [[nodiscard]] http::Response plain(std::string_view path, const http::RequestLine& line) const;

    Parts parts_;
};

}  // namespace vereda::server
