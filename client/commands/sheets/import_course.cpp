#include "client/commands/sheets/import_course.h"

#include <csignal>

#include "client/desk/problems/action_problem.h"
#include "client/terminal/interruption.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

/// How far an import came, and what to say of it when it does not come to its end.
class Course {
  public:
    Course(Report& report, std::uint64_t total) : report_(report), total_(total) {}

    void committed(std::uint64_t rows) { in_ = rows; }
    /// Told in addition to whatever else went wrong.
    void tell() const {
        report_.note(Sentence{"remark.rows_in", {{"done", in_}, {"total", total_}}});
    }
    [[nodiscard]] Problem interrupted(int signal) const {
        const Exit exit = signal == SIGINT   ? Exit::interrupted
                          : signal == SIGHUP ? Exit::hung_up
                                             : Exit::terminated;
        return {exit, "interrupted.import", {{"done", in_}, {"total", total_}}};
    }

  private:
    Report& report_;
    std::uint64_t total_;
    std::uint64_t in_ = 0;
};

}  // namespace

Or<engine::ImportResult> take_rows(
    Report& report, engine::Workspace& workspace, engine::TurfNumber turf, engine::Sheet& sheet,
    engine::ImportOptions options) {
    const auto bar = report.progress(catalogue().say("progress.importing"), sheet.row_count());
    Course course(report, sheet.row_count());
    options.on_progress = [&bar](std::uint64_t done, std::uint64_t) { bar->advance_to(done); };
    options.on_commit = [&course](std::uint64_t rows) { course.committed(rows); };
    options.is_to_stop = [] { return Interruption::signal() != 0; };
    const Interruption interruption;
    try {
        auto result = engine::import_sheet(workspace, turf, sheet, options);
        bar->clear();
        if (!result) return std::unexpected(problem_of(result.error()));
        if (result->stopped) return std::unexpected(course.interrupted(Interruption::signal()));
        return std::move(*result);
    } catch (const engine::StorageFailure&) {
        bar->clear();
        course.tell();
        throw;
    }
}

}  // namespace vereda::client
