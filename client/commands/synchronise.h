#pragma once

#include "client/commands/application.h"
#include "client/desk/status_shown.h"
#include "client/line/hub_line.h"

/// One conversation with the hub, as several commands have it.
namespace vereda::client {

/// What a sync did: entries, and bytes on the socket.
struct SyncResult {
    engine::sync::Report report;
    ByteCount bytes;
    SyncNews news;           ///< What it told.
    std::size_t healed = 0;  ///< Places that the disk had damaged and that are whole again.
};

/// Runs one session to its end over one connection, with a progress bar.
[[nodiscard]] Or<SyncResult> synchronise(
    Application& application, engine::Workspace& workspace, engine::sync::Plan plan = {});
/// The same over a line that is open already.
[[nodiscard]] Or<engine::sync::Report> converse(
    Application& application, engine::Workspace& workspace, HubLine& line,
    engine::sync::Plan plan = {});

/// Tells what a session met that somebody should know of: blocks refused, forks, keys missing.
/// `now` by this laptop's clock.
void tell_oddities(Report& report, const engine::sync::Report& session, protocol::Millis now);

/// {"pushed":…,"pulled":…,"bytes_up":…,"bytes_down":…}, and what else there is to say.
[[nodiscard]] Json json_of(const SyncResult& result);
[[nodiscard]] std::string text_of(const SyncResult& result);

}  // namespace vereda::client
