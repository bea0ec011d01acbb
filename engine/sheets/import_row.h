#pragma once

#include <map>
#include <string>
#include <unordered_set>

#include "engine/actions/edit_draft.h"
#include "engine/actions/source_edit.h"
#include "engine/sheets/sheet_import.h"

namespace vereda::engine {

/// Takes one row after the other into a turf, by the rules of `import_sheet`.
class RowImport {
  public:
    RowImport(
        Workspace& workspace, TurfNumber turf, const ImportOptions& options, ImportResult& result);

    void take(const SheetRow& row);

  private:
    [[nodiscard]] std::string key_of(const SheetRow& row);
    void create(const SheetRow& row, const std::string& key);
    void update(const SheetRow& row, LocalDot contact);
    void write_values(SourceEdit& said, const SheetRow& row);
    void write_consents(SourceEdit& said, const SheetRow& row);
    void append(EntryDraft draft, const SheetRow& row, std::uint64_t& counter);
    void append(const EditDraft& edit, const SheetRow& row);
    [[nodiscard]] LocalDot next_entry() const;
    void reject(const SheetRow& row, RowProblem why);
    void reject(const SheetRow& row, const ActionError& error);

    Workspace& workspace_;
    TurfNumber turf_;
    std::string source_;
    const ImportOptions& options_;
    ImportResult& result_;
    LogOrdinal own_;
    /// How often a content has come, by its hash.
    std::map<std::string, std::uint64_t> same_rows_;
    std::unordered_set<std::string> would_add_;  ///< Keys that a dry run would have added.
};

}  // namespace vereda::engine
