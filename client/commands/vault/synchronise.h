#pragma once

// Lives here: what makes a vault, joins one, changes who opens it, and syncs.
// Begin: here, then `init.cpp` and `join.cpp`.
// Must not know: what a conversation is about (engine/sync).

#include "client/commands/application.h"
#include "client/desk/sync_done.h"
#include "client/line/hub_line.h"

/// One conversation with the hub, as several commands have it.
namespace vereda::client {

/// Runs one session to its end over one connection, with a progress bar.
[[nodiscard]] Or<SyncDone> synchronise(
    Application& application, engine::Workspace& workspace, engine::sync::Plan plan = {});
/// The same over a line that is open already.
[[nodiscard]] Or<engine::sync::Report> converse(
    Application& application, engine::Workspace& workspace, HubLine& line,
    engine::sync::Plan plan = {});

}  // namespace vereda::client
