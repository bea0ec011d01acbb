#include <filesystem>
#include <optional>

#include "client/api/vault_json.h"
#include "client/commands/commands.h"
#include "client/commands/sheets/export_row.h"
#include "client/desk/lookup.h"
#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/file_failure.h"
#include "client/terminal/interruption.h"
#include "client/words/catalogue.h"
#include "engine/storage/file_system.h"

namespace vereda::client {

void declare_export(Verb& program, Chosen& chosen) {
    struct Typed {
        ExportCommand command;
        std::string format;
    };
    const auto typed = std::make_shared<Typed>();
    Verb verb = program.verb("export", "Write contacts or interactions to a file, in clear");
    verb.choice("--format", typed->format, {"csv", "jsonl"}, "csv or jsonl", Need::required)
        .word("--turf", typed->command.turf, "Only of this turf")
        .flag("--interactions", typed->command.interactions, "Interactions instead of contacts")
        .word("FILE", typed->command.file, "Where to; standard output if not given")
        .flag("--replace", typed->command.replace, "Take the place of FILE if it is there")
        .examples(
            "  vereda export --format csv --turf North north.csv\n"
            "  vereda export --format csv --turf North --replace north.csv\n"
            "  vereda export --format jsonl --interactions > visits.jsonl\n"
            "Interactions with a contact that is lost or not here have its id and no name.\n"
            "The file is not encrypted. Cells that a spreadsheet would run as formulas are made "
            "harmless.");
    verb.chosen([typed, &chosen] {
        typed->command.jsonl = typed->format == "jsonl";
        chosen = Command(typed->command);
    });
}

namespace {

/// What stands in the way of a file at `path`, if anything does.
std::optional<Problem> hindrance(const std::string& path, bool replace) {
    if (path.empty() || path == "-") return std::nullopt;
    // It is written beside its place first; a file of that name is nobody's to take either.
    for (const std::string& at : {path, path + std::string(engine::unfinished_suffix)}) {
        std::error_code missing;
        const auto there = std::filesystem::symlink_status(at, missing);
        if (!std::filesystem::exists(there)) continue;
        if (!std::filesystem::is_regular_file(there))
            return problem_of(ClientProblem::no_plain_file, at);
        if (!replace) return problem_of(ClientProblem::file_exists, at);
    }
    return std::nullopt;
}

/// The same of what came to that place while the export was being written.
std::optional<Problem> new_hindrance(const ExportCommand& command) {
    std::error_code missing;
    const bool is_file = !command.file.empty() && command.file != "-";
    if (!is_file || command.replace || !std::filesystem::exists(command.file, missing))
        return std::nullopt;
    return problem_of(ClientProblem::file_exists, command.file);
}

/// Takes the export piece by piece: standard output, or a file that appears when it is whole.
class Destination {
  public:
    Destination(Application& application, const std::string& path)
        : report_(application.report()), path_(path) {
        if (path.empty() || path == "-") return;
        file_ =
            naming_file(FileUse::written, path_, [&] { return application.files().create(path); });
    }
    void write(std::string_view text) {
        if (file_) {
            naming_file(FileUse::written, path_, [&] { file_->write(as_bytes(text)); });
        } else {
            report_.raw(text);
        }
    }
    /// False when not everything was taken.
    [[nodiscard]] bool finish() {
        if (file_) {
            naming_file(FileUse::written, path_, [&] { file_->commit(); });
            return true;
        }
        report_.flush();
        return report_.is_read();
    }
    [[nodiscard]] bool is_file() const { return file_ != nullptr; }
    /// By a signal: what was begun in clear is to go, which a killed program could not see to.
    [[nodiscard]] bool is_stopped() const { return Interruption::signal() != 0; }
    [[nodiscard]] Problem stopped() const {
        const auto exit = static_cast<Exit>(128 + Interruption::signal());
        if (is_file()) return {exit, "interrupted.export_to_file", {{"file", path_}}};
        return {exit, "interrupted.export"};
    }

  private:
    Report& report_;
    std::string path_;
    std::unique_ptr<engine::FileWriter> file_;
};

/// What was written.
struct RowsWritten {
    std::uint64_t rows = 0;
    std::uint64_t with_conflicts = 0;
    std::uint64_t without_contact = 0;  ///< Interactions whose contact is lost or not here.
};

RowsWritten write_rows(
    ContactsExport& contacts, const ExportCommand& command, Destination& to, Progress& bar) {
    std::vector<std::string> channels;
    if (!command.jsonl) {
        channels = contacts.channels();
        to.write(csv_contact_header(channels));
    }
    RowsWritten written;
    while (const auto contact = contacts.next()) {
        bar.advance_to(contacts.done());
        if (to.is_stopped()) break;
        to.write(command.jsonl ? json_row(*contact) : csv_row(*contact, channels));
        ++written.rows;
        if (!contact->conflicts.empty()) ++written.with_conflicts;
    }
    return written;
}

RowsWritten write_rows(
    VisitsExport& contacts, const ExportCommand& command, Destination& to, Progress& bar) {
    if (!command.jsonl) to.write(csv_interaction_header());
    RowsWritten written;
    while (const auto visits = contacts.next()) {
        bar.advance_to(contacts.done());
        if (to.is_stopped()) break;
        for (const VisitExported& visit : *visits) {
            to.write(command.jsonl ? json_row(visit) : csv_row(visit));
            ++written.rows;
            if (!visit.contact_is_here) ++written.without_contact;
            if (!visit.conflicts.empty()) ++written.with_conflicts;
        }
    }
    return written;
}

template <class Rows>
Or<RowsWritten> export_rows(
    Application& application, Or<Rows> rows, const ExportCommand& command, Destination& to) {
    if (!rows) return std::unexpected(rows.error());
    const auto bar =
        application.report().progress(catalogue().say("progress.exporting"), rows->size());
    const RowsWritten written = write_rows(*rows, command, to, *bar);
    bar->clear();
    return written;
}

// Of several values a row has one: nobody is to take it for the only one.
void tell_conflicts(Report& report, const ExportCommand& command, const RowsWritten& written) {
    if (written.with_conflicts == 0) return;
    const std::string_view place = command.jsonl ? "key" : "column";
    const std::uint64_t count = written.with_conflicts;
    if (command.interactions)
        report.note(
            Sentence{"remark.export_conflicts.interactions", {{"count", count}, {"place", place}}});
    else
        report.note(
            Sentence{"remark.export_conflicts.people", {{"count", count}, {"place", place}}});
}

// Their rows have the contact's id and an empty name: nobody is to wonder.
void tell_missing(Report& report, const RowsWritten& written) {
    if (written.without_contact == 0) return;
    report.note(Sentence{"remark.export_missing", {{"count", written.without_contact}}});
}

}  // namespace

Outcome run(Application& application, const ExportCommand& command) {
    if (auto problem = hindrance(command.file, command.replace)) return std::unexpected(*problem);
    return application.with_desk([&](Desk& desk) -> Outcome {
        // Before the file is begun.
        if (!command.turf.empty()) {
            if (const auto turf = desk.expect_turf(command.turf); !turf)
                return std::unexpected(turf.error());
        }
        const Interruption interruption;
        Destination to(application, command.file);
        const auto written =
            command.interactions
                ? export_rows(application, desk.read(ExportVisits{command.turf}), command, to)
                : export_rows(application, desk.read(ExportContacts{command.turf}), command, to);
        if (!written) return std::unexpected(written.error());
        if (to.is_stopped()) return std::unexpected(to.stopped());
        if (auto problem = new_hindrance(command)) return std::unexpected(*problem);
        if (!to.finish()) return std::unexpected(problem_of(ClientProblem::not_shown));
        tell_conflicts(application.report(), command, *written);
        tell_missing(application.report(), *written);
        if (to.is_file()) {
            application.report().answer(
                json_of(FileWritten{command.file, written->rows}),
                catalogue().say(
                    "answer.exported", {{"count", written->rows}, {"file", command.file}}));
        }
        return Exit::ok;
    });
}

}  // namespace vereda::client
