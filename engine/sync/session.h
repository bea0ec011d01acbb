#pragma once

// Lives here: one talk with the hub: roster, close, push, pull, as values.
// Begin: here, then `talk.h` and docs/protocol/sync.md.
// Must not know: sockets, threads, people.

#include <expected>
#include <optional>

#include "engine/sync/key_talk.h"
#include "engine/sync/pull_talk.h"
#include "engine/sync/push_talk.h"
#include "engine/sync/report.h"
#include "engine/sync/roster_talk.h"
#include "engine/sync/talk.h"
#include "engine/sync/wanted_talk.h"

/// Talking to a hub, as a value: messages out, answers in, no sockets. One session is one
/// conversation; what it did not finish, the next one does. Everything is idempotent: an answer may
/// be lost, a message repeated.
namespace vereda::engine::sync {

/// The order of a conversation: roster, keys, close, push, pull, and single blocks that are asked
/// for again. What is to be done in each is its own value's.
class Session {
  public:
    Session(Workspace& workspace, BlockOpener& opener, Plan plan);
    Session(const Session&) = delete;  // the parts refer to each other
    Session& operator=(const Session&) = delete;

    /// The next message to send; nothing when the conversation is over.
    [[nodiscard]] std::optional<Message> next();
    /// The answer to the message that `next` gave, or why the hub refused it.
    void receive(std::expected<Bytes, protocol::Refusal> answer);

    [[nodiscard]] const Report& report() const { return talk_.report; }
    [[nodiscard]] bool is_over() const { return stage_ == Stage::over; }

  private:
    enum class Stage {
        roster,
        prove,  ///< The hub is shown its own hand (went_back.h).
        keys,
        pull_first,  ///< What the hub has and this vault not is seen before anything is closed.
        close,
        push,
        pull,
        ask_again,
        over
    };
    /// Of this stage; nothing when it is done.
    [[nodiscard]] std::optional<Message> message();
    void go_on();
    void begin_closing();
    void close();
    void end_pushing();
    void end_pulling();
    void end();
    void take(ByteView answer);
    void take_refusal(protocol::Refusal refusal);
    void take_proven();
    [[nodiscard]] std::size_t wanted_blocks();

    Talk talk_;
    KeyTalk keys_;
    PullTalk pull_;
    PushTalk push_;
    RosterTalk roster_;
    WantedTalk wanted_;
    Stage stage_ = Stage::roster;
};

/// Runs a conversation through `exchange`, a function from Message to expected<Bytes, Refusal>.
template <class Exchange>
Report run(Session& session, Exchange exchange) {
    while (const std::optional<Message> message = session.next())
        session.receive(exchange(*message));
    return session.report();
}

}  // namespace vereda::engine::sync
