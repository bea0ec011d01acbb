#pragma once

#include "client/answers/report.h"
#include "client/desk/status_shown.h"

namespace vereda::client {

/// Remarks on what a sync tells once: work that a retraction hides, and own work that the disk has
/// destroyed. Times are seen from `now`.
void tell(Report& report, const SyncNews& news, protocol::Millis now);

}  // namespace vereda::client
