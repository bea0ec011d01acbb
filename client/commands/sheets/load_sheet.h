#pragma once

#include "client/commands/application.h"
#include "engine/sheets/encoding.h"

namespace vereda::client {

/// The sheet that an import names, or for "-" standard input to its end, as UTF-8. Throws
/// FileFailure.
[[nodiscard]] Or<engine::DecodedText> load_sheet(
    Application& application, const ImportCommand& command);

}  // namespace vereda::client
