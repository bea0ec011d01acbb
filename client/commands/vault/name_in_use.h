#pragma once

#include "client/commands/application.h"

namespace vereda::client {

/// For a laptop that has just joined: says so where another member or laptop has a name like its
/// own, and asks for another one. Only now can it be known, because names are readable to members
/// alone. Without a terminal, or with --json, it remarks on it and goes on. A new name is told to
/// the others at once where the hub is reached, else by the next sync.
void settle_names(Application& application, engine::Workspace& workspace);

}  // namespace vereda::client
