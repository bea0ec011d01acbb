#pragma once

#include "client/answers/report.h"
#include "client/desk/problems/problem.h"
#include "engine/sheets/sheet_import.h"

namespace vereda::client {

/// Takes a sheet's rows in, with a bar, until the end, a signal or a failure. When it does not come
/// to its end it says how many rows are in: as the problem of a signal, as a note beside a
/// StorageFailure, which it throws on.
[[nodiscard]] Or<engine::ImportResult> take_rows(
    Report& report, engine::Workspace& workspace, engine::TurfNumber turf, engine::Sheet& sheet,
    engine::ImportOptions options);

}  // namespace vereda::client
