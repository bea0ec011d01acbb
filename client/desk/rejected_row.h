#pragma once

#include "client/desk/problems/sentence.h"
#include "engine/sheets/sheet_row.h"

namespace vereda::client {

/// Why a row of a sheet is not imported.
[[nodiscard]] Sentence why_rejected(const engine::RejectedRow& row);

}  // namespace vereda::client
