#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/answers/written_answer.h"
#include "client/api/batch_line.h"
#include "client/api/shown_json.h"
#include "client/commands/commands.h"
#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/file_failure.h"
#include "client/terminal/line_reader.h"
#include "client/words/catalogue.h"

namespace vereda::client {

void declare_batch(Verb& program, Chosen& chosen) {
    declare<BatchCommand>(
        program, chosen, "batch", "Many actions, one JSON object a line",
        [](Verb& verb, BatchCommand& c) {
            verb.word("FILE", c.file, "JSON Lines; standard input if not given or -")
                .number(
                    "--commit-every", c.commit_every,
                    "Make this many lines durable together (1): faster on slow disks")
                .examples(
                    "  "
                    "{\"do\":\"contact.add\",\"turf\":\"North\",\"key\":\"17\",\"set\":{\"name\":"
                    "\"Rosa\"},\"add\":{\"tags\":[\"x\"]}}\n"
                    "  "
                    "{\"do\":\"contact.set\",\"contact\":\"key:17\",\"set\":{\"city\":\"Cali\"},"
                    "\"consent\":{\"sms\":\"withdrawn\"}}\n"
                    "  "
                    "{\"do\":\"interaction.add\",\"contact\":\"key:17\",\"kind\":\"door\","
                    "\"outcome\":\"spoke\",\"note\":\"…\",\"at\":\"2026-03-01T17:30\"}\n"
                    "Also contact.retract, contact.restore, contact.release, "
                    "interaction.correct, interaction.retract, interaction.restore, "
                    "interaction.release, consent.lift, conflict.settle.\n"
                    "\"seen\":{FIELD:[ENTRY…]} in an edit names the entries that were shown "
                    "(--json contact show, conflicts list): what came since stays beside it.\n"
                    "Each line is answered once it is durable: {\"line\":1,\"ok\":true,\"id\":…}, "
                    "or "
                    "{\"line\":2,\"ok\":false,\"error\":…} and the rest goes on; exit code 7 "
                    "then.");
        });
}

namespace {

/// A line of the answer: why it was refused, or what came of it.
struct LineAnswer {
    std::uint64_t line = 0;
    const Or<Written>& written;
};

// That nothing else is said of a change means that there was one.
void add_written(JsonWriter& form, Written written) {
    if (written.changed.value_or(true)) written.changed.reset();
    members(form, written);
    form.if_any("future", written.to_come.has_value());
}

Json json_of(const LineAnswer& answer) {
    JsonWriter form;
    form.member("line", answer.line).member("ok", answer.written.has_value());
    if (answer.written) {
        add_written(form, *answer.written);
    } else {
        const ProblemSaid problem = said(answer.written.error());
        members(form, problem);
    }
    return form.done();
}

/// Lines carried out but not durable yet, and their answers, which wait for that.
class Group {
  public:
    Group(engine::Workspace& workspace, Report& report) : workspace_(workspace), report_(report) {}

    void open() {
        if (!workspace_.in_group()) workspace_.begin_group();
    }
    void answer_later(const Json& answer) { answers_ += answer.text + "\n"; }
    /// Durable, then answered, then flushed: in this order a reader may be killed at any moment.
    void commit() {
        if (workspace_.in_group()) workspace_.commit_group();
        report_.raw(answers_);
        report_.flush();
        answers_.clear();
        lines_ = 0;
    }
    std::uint64_t count_line() { return ++lines_; }

  private:
    engine::Workspace& workspace_;
    Report& report_;
    std::string answers_;
    std::uint64_t lines_ = 0;
};

Or<Written> carry_out(Desk& desk, const LineReader::Line& line) {
    if (line.too_long) return std::unexpected(usage("malformed.too_long"));
    const auto request = parse_batch_line(line.text, desk.workspace().environment().clock.now());
    if (!request) return std::unexpected(request.error());
    return desk.write(*request);
}

Outcome run_lines(
    Application& application, Desk& desk, LineReader& reader, std::uint64_t commit_every) {
    Group group(desk.workspace(), application.report());
    std::uint64_t number = 0;
    bool any_refused = false;
    std::vector<std::uint64_t> hidden, to_come;
    while (const auto line = reader.next()) {
        ++number;
        if (line->text.find_first_not_of(" \t\r") == std::string::npos) continue;
        group.open();
        const Or<Written> written = carry_out(desk, *line);
        any_refused = any_refused || !written;
        if (written && written->hidden_with) hidden.push_back(number);
        if (written && written->to_come) to_come.push_back(number);
        group.answer_later(json_of(LineAnswer{number, written}));
        // A script that waits for its answers before it goes on gets them.
        if (group.count_line() >= commit_every || reader.would_wait()) group.commit();
        if (!application.report().is_read()) {
            return std::unexpected(problem_of(ClientProblem::not_answered));
        }
    }
    group.commit();
    if (!hidden.empty()) application.report().note(hidden_lines(hidden));
    if (!to_come.empty()) application.report().note(future_lines(to_come));
    return any_refused ? Exit::partly : Exit::ok;
}

/// A file's descriptor, closed when it goes; standard input stays open.
class Input {
  public:
    explicit Input(const std::string& path) {
        if (path.empty() || path == "-") return;
        file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat status {};
        const bool is_directory =
            file_ >= 0 && ::fstat(file_, &status) == 0 && S_ISDIR(status.st_mode);
        const int error = is_directory ? EISDIR : errno;
        if ((file_ >= 0 && !is_directory) || error == ENOENT) return;
        throw FileFailure(
            FileUse::read, path,
            engine::StorageFailure(engine::StorageFault::cannot_open, std::strerror(error)));
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input() {
        if (file_ > STDIN_FILENO) ::close(file_);
    }
    [[nodiscard]] int file() const { return file_; }

  private:
    int file_ = STDIN_FILENO;
};

}  // namespace

Outcome run(Application& application, const BatchCommand& command) {
    const Input input(command.file);
    if (input.file() < 0) {
        return std::unexpected(problem_of(ClientProblem::file_missing, command.file));
    }
    return application.with_desk([&](Desk& desk) -> Outcome {
        LineReader reader(input.file());
        return run_lines(
            application, desk, reader, std::max<std::uint64_t>(command.commit_every, 1));
    });
}

}  // namespace vereda::client
