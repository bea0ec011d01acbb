#pragma once

#include "client/answers/report.h"
#include "client/desk/sync_done.h"

namespace vereda::client {

/// Remarks on what a sync tells once: work that a retraction hides, and own work that the disk has
/// destroyed. Times are seen from `now`.
void tell(Report& report, const SyncNews& news, protocol::Millis now);

/// How much went up and down.
[[nodiscard]] std::string sync_text(const SyncDone& done);

}  // namespace vereda::client
