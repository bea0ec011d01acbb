#include "client/program.h"

#include <new>
#include <ostream>
#include <system_error>
#include <unistd.h>

#include "client/commands/commands.h"
#include "client/file_failure.h"
#include "client/process.h"
#include "client/words.h"

namespace vereda::client {
namespace {

Outcome carry_out(const CommandLine& line, Report& report) {
    try {
        Application application(line.settings, report);
        return std::visit(
            [&](const auto& command) { return run(application, command); }, line.command);
    } catch (const FileFailure& failure) {
        return std::unexpected(words_for(failure));
    } catch (const engine::StorageFailure& failure) {
        return std::unexpected(words_for(failure.fault(), failure.what()));
    } catch (const std::bad_alloc&) {
        return std::unexpected(Problem{
            Exit::failed, "no_memory", "The machine has not enough memory.",
            "Opening a vault with a passphrase takes 256 MiB for half a second, on purpose.",
            "Close other programs and try again."});
    } catch (const std::system_error& failure) {
        return std::unexpected(Problem{
            Exit::failed, "machine_failed", "The machine failed.", failure.what(),
            "What was acknowledged before is safe. Try again."});
    }
}

/// Tells what went wrong; the exit code. Whoever closed the pipe has read enough (`| head`): that
/// needs no words, only the code.
int end_of(Report& report, Outcome outcome) {
    if (outcome && !report.is_read()) {
        outcome = std::unexpected(words_for(ClientProblem::not_shown));
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
        form.json = parsed.error().json;
        Report(out, err, form)
            .problem(
                {Exit::usage, "usage", parsed.error().error, parsed.error().why,
                 parsed.error().advice});
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
