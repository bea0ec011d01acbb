#include "engine/sheets/sheet_import.h"

#include "engine/projection/projection.h"
#include "engine/sheets/import_row.h"

namespace vereda::engine {
namespace {

bool may_import(Workspace& workspace, TurfNumber turf) {
    const Roster& roster = workspace.roster();
    if (roster.empty()) return false;
    const auto may = [&](protocol::EventType type) {
        return roster.may_write(
            workspace.identity().keys.device(), workspace.store().turf(turf), type,
            roster.last_position());
    };
    return may(protocol::EventType::contact_create) && may(protocol::EventType::edit);
}

/// Rows in groups: each group is one commit of the log, and one of the projection.
class Groups {
  public:
    Groups(Workspace& workspace, const ImportOptions& options)
        : workspace_(workspace), options_(options) {
        begin();
    }
    /// `in`: it was not rejected.
    void row_done(bool in) {
        if (in) ++in_;
        if (++rows_ % std::max<std::size_t>(options_.rows_per_commit, 1) != 0) return;
        commit();
        begin();
    }
    void commit() {
        if (options_.dry_run) return;
        workspace_.projection().commit();
        workspace_.commit_group();
        if (options_.on_commit) options_.on_commit(in_);
    }

  private:
    void begin() {
        if (options_.dry_run) return;
        workspace_.begin_group();
        workspace_.projection().begin();
    }
    Workspace& workspace_;
    const ImportOptions& options_;
    std::uint64_t rows_ = 0;
    std::uint64_t in_ = 0;
};

}  // namespace

std::expected<ImportResult, ActionError> import_sheet(
    Workspace& workspace, TurfNumber turf, Sheet& sheet, const ImportOptions& options) {
    if (!may_import(workspace, turf))
        return std::unexpected(ActionError{ActionProblem::no_authority, {}});
    ImportResult result;
    RowImport rows(workspace, turf, options, result);
    Groups groups(workspace, options);
    std::uint64_t done = 0;
    while (auto row = sheet.next()) {
        const std::size_t rejected = result.rejected.size();
        if (row->has_value()) {
            rows.take(**row);
        } else {
            result.rejected.push_back(std::move(row->error()));
        }
        groups.row_done(result.rejected.size() == rejected);
        if (options.on_progress) options.on_progress(++done, sheet.row_count());
        result.stopped = options.is_to_stop && options.is_to_stop();
        if (result.stopped) break;
    }
    groups.commit();
    return result;
}

}  // namespace vereda::engine
