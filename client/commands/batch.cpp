#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/api/batch_line.h"
#include "client/commands/commands.h"
#include "client/commands/contact_answer.h"
#include "client/desk/action_problem.h"
#include "client/desk/client_problem.h"
#include "client/desk/file_failure.h"
#include "client/desk/lookup.h"
#include "client/desk/time_text.h"
#include "client/terminal/line_reader.h"
#include "client/words/catalogue.h"
#include "engine/actions/actions.h"
#include "engine/schema/fields.h"
#include "engine/text/compose.h"

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

/// What a line came to.
struct Done {
    std::string id;
    bool changed = true;
    std::vector<std::string> conflicts;  ///< Fields that have two values now.
    std::size_t entries = 1;             ///< That it took.
    bool retracted = false;              ///< It is about a hidden contact, and hidden with it.
    bool future = false;                 ///< Recorded for a time to come, by this laptop's clock.
};

/// Carries lines out on one open workspace.
class BatchWorker {
  public:
    BatchWorker(engine::Workspace& workspace, const std::string& phone_region)
        : workspace_(workspace),
          people_(workspace, {phone_region}),
          queries_(workspace),
          ids_(workspace) {}

    Or<Done> carry_out(const BatchLine& line) {
        return std::visit(
            [&](const auto& action) { return act(action, line.source); }, line.action);
    }

  private:
    Or<Done> act(const BatchContactAdd& action, const std::string&) {
        const auto turf = turf_called(action.turf);
        if (!turf) return std::unexpected(turf.error());
        const auto added = people_.add_contact(*turf, action.draft);
        if (!added) return std::unexpected(problem_of(added.error()));
        return Done{
            .id = ids_.text_of(added->id),
            .changed = added->changed,
            .conflicts = added->conflicts,
            .retracted = queries_.is_retracted(added->id)};
    }
    Or<Done> act(const BatchContactSet& action, const std::string& source) {
        const auto contact = contact_called(action.contact, source);
        if (!contact) return std::unexpected(contact.error());
        auto seen = find_seen(ids_, *contact, action.seen);
        if (!seen) return std::unexpected(seen.error());
        engine::ContactChange change = action.change;
        change.seen = std::move(*seen);
        auto done = changed(*contact, people_.edit_contact(*contact, change));
        if (done) done->retracted = queries_.is_retracted(*contact);
        return done;
    }
    Or<Done> act(const BatchInteractionAdd& action, const std::string& source) {
        const auto contact = contact_called(action.contact, source);
        if (!contact) return std::unexpected(contact.error());
        const auto added = people_.add_interaction(*contact, action.draft);
        if (!added) return std::unexpected(problem_of(added.error()));
        return Done{
            .id = ids_.text_of(added->entry),
            .retracted = queries_.is_retracted(*contact),
            .future = is_to_come(action.draft.at)};
    }
    Or<Done> act(const BatchInteractionCorrect& action, const std::string&) {
        const auto interaction = find_interaction(ids_, action.interaction);
        if (!interaction) return std::unexpected(interaction.error());
        auto seen = find_seen_of_interaction(ids_, *interaction, action.seen);
        if (!seen) return std::unexpected(seen.error());
        engine::InteractionChange change = action.change;
        change.seen = std::move(*seen);
        auto done = changed(*interaction, people_.correct_interaction(*interaction, change));
        if (done) done->future = is_to_come(action.change.at);
        return done;
    }
    Or<Done> act(const BatchSettle& action, const std::string& source) {
        if (!action.interaction) {
            const auto contact = contact_called(action.record, source);
            if (!contact) return std::unexpected(contact.error());
            const auto seen = find_seen(ids_, *contact, action.seen);
            if (!seen) return std::unexpected(seen.error());
            return changed(
                *contact, people_.settle_conflict(*contact, action.field, action.value, *seen));
        }
        const auto interaction = find_interaction(ids_, action.record);
        if (!interaction) return std::unexpected(interaction.error());
        const auto seen = find_seen_of_interaction(ids_, *interaction, action.seen);
        if (!seen) return std::unexpected(seen.error());
        const auto value = typed_for(action.field, action.value);
        if (!value) return std::unexpected(value.error());
        return changed(
            *interaction,
            people_.settle_interaction_conflict(*interaction, action.field, *value, *seen));
    }
    Or<Done> act(const BatchHide& action, const std::string& source) {
        if (action.interaction) {
            const auto interaction = find_interaction(ids_, action.record);
            if (!interaction) return std::unexpected(interaction.error());
            return changed(
                *interaction, action.restore ? people_.restore_interaction(*interaction)
                                             : people_.retract_interaction(*interaction));
        }
        auto contact = contact_called(action.record, source);
        if (!contact) contact = find_contact_to_hide(ids_, action.record);
        if (!contact) return std::unexpected(contact.error());
        return changed(
            *contact,
            action.restore ? people_.restore_contact(*contact) : people_.retract_contact(*contact));
    }
    Or<Done> act(const BatchRelease& action, const std::string& source) {
        if (action.interaction) {
            const auto interaction = find_interaction(ids_, action.record);
            if (!interaction) return std::unexpected(interaction.error());
            return changed(*interaction, people_.release_interaction(*interaction));
        }
        const auto contact = contact_called(action.record, source);
        if (!contact) return std::unexpected(contact.error());
        return changed(*contact, people_.release_contact(*contact));
    }
    Or<Done> act(const BatchConsentLift& action, const std::string& source) {
        const auto contact = contact_called(action.contact, source);
        if (!contact) return std::unexpected(contact.error());
        return changed(*contact, people_.lift_consent(*contact, action.channel, action.evidence));
    }

    Or<Done> changed(engine::LocalDot record, const engine::People::Result& result) {
        const bool stood =
            !result && result.error().problem == engine::ActionProblem::nothing_to_change;
        if (!result && !stood) return std::unexpected(problem_of(result.error()));
        Done done{.id = ids_.text_of(record), .changed = !stood};
        if (result) {
            done.conflicts = result->conflicts;
            done.entries = result->entries;
        }
        return done;
    }

    // A time as people write one, in the milliseconds that settling takes.
    Or<std::string> typed_for(const std::string& field, const std::string& value) {
        const engine::Field* known = engine::find_field(engine::FieldOwner::interaction, field);
        if (known == nullptr || known->code != engine::field::at) return value;
        const auto time = find_time(value, workspace_.environment().clock);
        if (!time) return std::unexpected(time.error());
        return std::to_string(time->value);
    }

    [[nodiscard]] bool is_to_come(const std::optional<protocol::Millis>& when) const {
        return when && is_far_ahead(*when, workspace_.environment().clock.now());
    }

    Or<engine::TurfNumber> turf_called(const std::string& name) {
        const auto known = turfs_.find(name);
        if (known != turfs_.end()) return known->second;
        auto turf = find_turf(workspace_, name);
        if (turf) turfs_.emplace(name, *turf);
        return turf;
    }

    // A key of the line's own source comes before the same key of another.
    Or<engine::LocalDot> contact_called(const std::string& typed, const std::string& source) {
        constexpr std::string_view prefix = "key:";
        if (typed.starts_with(prefix)) {
            const std::string key = engine::composed(std::string_view(typed).substr(prefix.size()));
            const std::string own = engine::composed(source);
            std::optional<engine::LocalDot> only;
            for (const engine::TurfNumber turf : engine::Queries(workspace_).turfs()) {
                const auto found = workspace_.projection().contacts().find_key(turf, own, key);
                if (found && only) return find_contact(ids_, typed);  // says that it means several
                if (found) only = found;
            }
            if (only) return *only;
        }
        return find_contact(ids_, typed);
    }

    engine::Workspace& workspace_;
    engine::People people_;
    engine::Queries queries_;
    engine::RecordIds ids_;
    std::map<std::string, engine::TurfNumber> turfs_;
};

Json answer_of(std::uint64_t line, const Or<Done>& done) {
    JsonObject answer;
    answer.add("line", line).add("ok", done.has_value());
    if (!done) {
        const ProblemWords words = in_words(done.error());
        answer.add("error", words.error);
        if (!words.why.empty()) answer.add("why", words.why);
        if (!words.advice.empty()) answer.add("do", words.advice);
        answer.add("code", done.error().code);
        if (!done.error().candidates.empty())
            answer.add("candidates", json_of(done.error().candidates));
        return answer.done();
    }
    answer.add("id", done->id);
    if (!done->changed) answer.add("changed", false);
    if (!done->conflicts.empty()) answer.add("conflicts", json_texts(done->conflicts));
    if (done->entries > 1) answer.add("entries", std::uint64_t{done->entries});
    if (done->retracted) answer.add("retracted", true);
    if (done->future) answer.add("future", true);
    return answer.done();
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

Or<Done> carry_out(BatchWorker& worker, const LineReader::Line& line, protocol::Millis now) {
    const auto malformed = [](std::string_view why) {
        return std::unexpected(usage("malformed", {{"why", why}}));
    };
    if (line.too_long) return malformed("the line is longer than 256 KiB");
    const auto parsed = parse_batch_line(line.text, now);
    if (!parsed) return malformed(parsed.error());
    return worker.carry_out(*parsed);
}

Outcome run_lines(
    Application& application, engine::Workspace& workspace, LineReader& reader,
    std::uint64_t commit_every) {
    BatchWorker worker(workspace, application.settings().phone_region);
    Group group(workspace, application.report());
    std::uint64_t number = 0;
    bool any_refused = false;
    std::vector<std::uint64_t> hidden, to_come;
    while (const auto line = reader.next()) {
        ++number;
        if (line->text.find_first_not_of(" \t\r") == std::string::npos) continue;
        group.open();
        const Or<Done> done = carry_out(worker, *line, workspace.environment().clock.now());
        any_refused = any_refused || !done;
        if (done && done->retracted) hidden.push_back(number);
        if (done && done->future) to_come.push_back(number);
        group.answer_later(answer_of(number, done));
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
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        LineReader reader(input.file());
        return run_lines(
            application, workspace, reader, std::max<std::uint64_t>(command.commit_every, 1));
    });
}

}  // namespace vereda::client
