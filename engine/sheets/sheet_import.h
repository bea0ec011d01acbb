#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/actions/actions.h"
#include "engine/sheets/sheet.h"

namespace vereda::engine {

struct ImportOptions {
    std::string source;  ///< The name of the sheet or system; with a row's key it names a contact.
    bool dry_run = false;  ///< Says what would happen and writes nothing.
    std::size_t rows_per_commit = 1000;
    std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  ///< May be empty.
    /// Told how many rows are in for good, after each commit; may be empty.
    std::function<void(std::uint64_t rows)> on_commit;
    /// Asked after each row; true ends the import there, and what was read is committed. May be
    /// empty.
    std::function<bool()> is_to_stop;
};

/// A row of somebody who was retracted: what it says is kept, and hidden with the contact.
struct HiddenRow {
    std::uint64_t line = 0;
    LocalDot contact;
};

struct ImportResult {
    std::uint64_t added = 0;
    std::uint64_t updated = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t conflicts = 0;  ///< Fields that now have two values, the sheet's and a person's.
    std::uint64_t kept_withdrawn = 0;  ///< Consents that the sheet gives and the person withdrew.
    std::vector<RejectedRow> rejected;
    std::vector<HiddenRow> retracted;  ///< Counted above as well, as updated or unchanged.
    bool stopped = false;              ///< By `is_to_stop`: there are rows that were not read.
};

/// Brings a sheet's rows into a turf. A row is the contact with its source and key; without a key,
/// it is the one that a row of the same content made before. What the sheet said last time is
/// written again by nobody, so a value edited by hand since stands; where the sheet changed too,
/// both values show as a conflict. A withdrawal of consent is never ended, and nobody
/// retracted is restored. Rows are committed in
/// groups; after a crash, importing the same sheet again goes on where it stopped. Error:
/// `no_authority` (nothing written).
[[nodiscard]] std::expected<ImportResult, ActionError> import_sheet(
    Workspace& workspace, TurfNumber turf, Sheet& sheet, const ImportOptions& options);

}  // namespace vereda::engine
