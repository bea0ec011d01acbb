#include <csignal>
#include <ctime>

#include "client/answers/sync_answer.h"
#include "client/api/sync_json.h"
#include "client/commands/commands.h"
#include "client/commands/vault/synchronise.h"
#include "client/desk/problems/problem.h"
#include "client/words/catalogue.h"

namespace vereda::client {

void declare_sync(Verb& program, Chosen& chosen) {
    constexpr std::uint64_t usual_interval_s = 60;
    declare<SyncCommand>(
        program, chosen, "sync", "Exchange news with the hub", [](Verb& verb, SyncCommand& c) {
            verb.number_or(
                    "--watch", usual_interval_s, c.watch_s,
                    "Again and again, every NUMBER seconds (60); Ctrl-C ends it")
                .examples(
                    "  vereda sync\n"
                    "  vereda sync --watch 300\n"
                    "Watching sends what was recorded when there is enough for a full block or it "
                    "is a quarter of an hour old: that saves traffic.");
        });
}

namespace {

/// Decides when a watching sync closes open entries into blocks: alone an entry costs twelve times
/// what it costs in a full block.
class Sparing {
  public:
    /// `open` entries now, `now_s` on a clock that only goes forward.
    [[nodiscard]] bool is_time_to_close(std::int64_t open, std::int64_t now_s) {
        if (open == 0) {
            waiting_since_s_.reset();
            return false;
        }
        if (!waiting_since_s_) waiting_since_s_ = now_s;
        const bool due = open >= full_block || now_s - *waiting_since_s_ >= patience_s;
        if (due) waiting_since_s_.reset();
        return due;
    }

  private:
    static constexpr std::int64_t full_block = 511;
    static constexpr std::int64_t patience_s = 15 * 60;
    std::optional<std::int64_t> waiting_since_s_;
};

std::int64_t steady_seconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/// While it lives, SIGINT and SIGTERM wait to be asked for.
class AwaitedEnd {
  public:
    AwaitedEnd() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        sigprocmask(SIG_BLOCK, &signals_, &before_);
    }
    AwaitedEnd(const AwaitedEnd&) = delete;
    AwaitedEnd& operator=(const AwaitedEnd&) = delete;
    ~AwaitedEnd() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

    /// Sleeps; true when interrupted, now or before.
    [[nodiscard]] bool came_within(std::uint64_t seconds) {
        timespec wait{};
        wait.tv_sec = static_cast<std::time_t>(seconds);
        return sigtimedwait(&signals_, nullptr, &wait) > 0;
    }

  private:
    sigset_t signals_{};
    sigset_t before_{};
};

Outcome watch_once(Application& application, const VaultSecret& secret, Sparing& sparing) {
    return application.with_workspace(secret, [&](engine::Workspace& workspace) -> Outcome {
        engine::sync::Plan plan;
        plan.close = sparing.is_time_to_close(workspace.store().open_count(), steady_seconds());
        const auto synced = synchronise(application, workspace, plan);
        if (!synced) return std::unexpected(synced.error());
        const bool news = synced->report.pushed_entries + synced->report.pulled_entries != 0;
        if (news) application.report().answer(json_of(*synced), sync_text(*synced));
        return Exit::ok;
    });
}

// What passes by itself: the next round tries again.
bool passes(const Problem& problem) {
    return problem.exit == Exit::unreachable || problem.code == "in_use" ||
           problem.code == "too_fast" || problem.code == "roster_split" ||
           problem.code == "hub_restored";
}

// The vault is open only during a round, so that other commands can work in between.
Outcome watch(Application& application, std::uint64_t interval_s) {
    const auto secret = application.secret_to_open();
    if (!secret) return std::unexpected(secret.error());
    Sparing sparing;
    AwaitedEnd end;
    Problem last;
    do {
        const Outcome round = watch_once(application, *secret, sparing);
        if (!round && !passes(round.error())) return round;
        const Problem problem = round ? Problem() : round.error();
        if (!round && problem != last) application.report().note(in_words(problem).error);
        last = problem;
    } while (!end.came_within(interval_s));
    return Exit::ok;
}

}  // namespace

Outcome run(Application& application, const SyncCommand& command) {
    if (command.watch_s) return watch(application, *command.watch_s);
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        const auto synced = synchronise(application, workspace);
        if (!synced) return std::unexpected(synced.error());
        application.report().answer(json_of(*synced), sync_text(*synced));
        return Exit::ok;
    });
}

}  // namespace vereda::client
