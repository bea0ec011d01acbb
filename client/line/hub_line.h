#pragma once

// Lives here: the laptop's line to its hub: one connection, signed requests, checked answers.
// Begin: here, then `sync_link.h`.
// Must not know: the terminal, words, what a conversation is about (engine/sync).

#include <expected>
#include <functional>

#include "client/desk/problems/problem.h"
#include "client/line/sync_link.h"
#include "engine/sync/roster_change.h"
#include "engine/sync/session.h"

/// The engine's conversations with a hub, carried over the link.
namespace vereda::client {

/// Where the workspace's hub is, as its roster or the invite says. Problem: it has none.
[[nodiscard]] Or<LinkOptions> hub_of(const engine::Workspace& workspace);

/// Anyone may ask a hub for its card; the pin is checked before anything is said. Learns the hub's
/// signing key.
[[nodiscard]] Or<protocol::HubCard> read_hub_card(SyncLink& link);

/// One workspace's line to its hub.
class HubLine {
  public:
    /// Opens nothing yet.
    [[nodiscard]] static Or<HubLine> to_hub_of(engine::Workspace& workspace);

    /// Runs the session to its end. Whatever it had done when it stopped is kept, and the next one
    /// goes on from there. The problem says what stopped it.
    /// `told` hears after every answer how far it is.
    using Told = std::function<void(const engine::sync::Report&)>;
    [[nodiscard]] Or<engine::sync::Report> run(
        engine::sync::Session& session, const Told& told = {});
    [[nodiscard]] Or<void> run(engine::sync::RosterChange& change);
    /// Closes the connection and counts.
    [[nodiscard]] ByteCount close();

  private:
    HubLine(SyncLink link, protocol::WorkspaceId workspace)
        : link_(std::move(link)), workspace_(workspace) {}
    [[nodiscard]] Or<std::expected<Bytes, protocol::Refusal>> exchange(
        const engine::sync::Message& message);

    SyncLink link_;
    protocol::WorkspaceId workspace_;
};

}  // namespace vereda::client
