#include "client/program.h"

#include <new>
#include <ostream>
#include <system_error>
#include <unistd.h>

#include "client/command_line.h"
#include "client/commands/commands.h"
#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/file_failure.h"
#include "client/desk/problems/vault_problem.h"
#include "client/process.h"

namespace vereda::client {
namespace {

Outcome carry_out(const CommandLine& line, Report& report) {
    try {
        Application application(line.settings, report);
        return std::visit(
            [&](const auto& command) { return run(application, command); }, line.command);
    } catch (const FileFailure& failure) {
        return std::unexpected(problem_of(failure));
    } catch (const engine::StorageFailure& failure) {
        return std::unexpected(problem_of(failure.fault(), failure.what()));
    } catch (const std::bad_alloc&) {
        return std::unexpected(failed("no_memory"));
    } catch (const std::system_error& failure) {
        return std::unexpected(failed("machine_failed", {{"said", failure.what()}}));
    }
}

/// Tells what went wrong; the exit code. Whoever closed the pipe has read enough (`| head`): that
/// needs no words, only the code.
int end_of(Report& report, Outcome outcome) {
    if (outcome && !report.is_read()) {
        outcome = std::unexpected(problem_of(ClientProblem::not_shown));
    }
    if (outcome) return static_cast<int>(*outcome);
    const bool had_enough = outcome.error().code == "not_shown" && is_closed_pipe(STDOUT_FILENO);
    if (!had_enough) report.problem(outcome.error());
    return static_cast<int>(outcome.error().exit);
}

}  // namespace

int run_program(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
    const auto parsed = parse_command_line(std::move(arguments));
    Report::Form form{
        .json = false, .out = terminal_of(Stream::out), .err = terminal_of(Stream::err)};
    if (!parsed) {
        const UsageError& error = parsed.error();
        form.json = error.json;
        Report(out, err, form)
            .problem(usage(
                "usage", {{"error", error.error}, {"why", error.why}, {"advice", error.advice}}));
        return static_cast<int>(Exit::usage);
    }
    if (const auto* help = std::get_if<HelpText>(&*parsed)) {
        Report report(out, err, form);
        report.raw(help->text);
        report.flush();
        return end_of(report, Exit::ok);
    }
    const auto& line = std::get<CommandLine>(*parsed);
    form.json = line.settings.json;
    Report report(out, err, form);
    return end_of(report, carry_out(line, report));
}

}  // namespace vereda::client
