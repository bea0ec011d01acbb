#pragma once

#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/workspace/workspace.h"
#include "protocol/leaf.h"
#include "protocol/message.h"

/// Talking to a hub, as a value: messages out, answers in, no sockets. One session is one
/// conversation; what it did not finish, the next one does. Everything is idempotent: an answer may
/// be lost, a message repeated.
namespace vereda::engine::sync {

struct Message {
    protocol::MessageName name{};
    Bytes body;
};

/// Why a session stopped before its end. Whatever it had done until then is kept.
enum class Trouble {
    none,
    refused,          ///< The hub said no; `refusal` says why.
    nonsense,         ///< An answer that is not what docs/protocol/sync.md says.
    roster_refused,   ///< The hub served a roster entry that does not verify.
    hub_contradicts,  ///< The hub's signature or chain is wrong: it served another history than it
                      ///< signed.
    not_enrolled,     ///< The roster does not have this device.
    roster_split,  ///< The hub's roster is another branch than ours; work travelled all the same.
};

struct Report {
    std::size_t pushed_entries = 0;
    std::size_t pushed_blocks = 0;
    std::size_t pulled_entries = 0;
    std::size_t pulled_blocks = 0;
    std::size_t roster_entries = 0;
    std::size_t roster_given = 0;     ///< Entries that the hub, restored, had lost.
    std::int64_t clock_ahead_ms = 0;  ///< Of this laptop's clock before the hub's.
    bool hub_went_back = false;       ///< The hub was shown that it once had more.
    std::size_t roster_behind = 0;    ///< Entries that the hub lacks and would not take back.
    std::size_t left_open = 0;  ///< Entries of turfs whose newest key this laptop has not got.
    std::size_t refused_blocks =
        0;                  ///< Own blocks that the hub refused, or served ones that nobody signed.
    std::size_t forks = 0;  ///< Blocks met that have another one in their place.
    std::size_t damaged_blocks =
        0;  ///< Served with a payload that is not their author's: asked for again next time.
    std::size_t lost_entries =
        0;  ///< Own ones in blocks that this disk has damaged before the hub had them.
    bool new_incarnation = false;  ///< The hub knew newer blocks of this very device.
    Trouble trouble = Trouble::none;
    std::optional<protocol::Refusal> refusal;
};

/// What a session is to do. The order never changes: roster, close, push, pull. What is to be
/// pulled is asked for with the last push, or with the roster when there is nothing to push: a
/// request less.
struct Plan {
    bool close = true;  ///< False: open entries stay open, as a watching sync does until there is
                        ///< enough for a block.
    bool push = true;
    bool pull = true;
    std::size_t push_bytes_max = 512 * 1024;  ///< Of one message.
};

class Session {
  public:
    Session(Workspace& workspace, BlockOpener& opener, Plan plan);

    /// The next message to send; nothing when the conversation is over.
    [[nodiscard]] std::optional<Message> next();
    /// The answer to the message that `next` gave, or why the hub refused it.
    void receive(std::expected<Bytes, protocol::Refusal> answer);

    [[nodiscard]] const Report& report() const { return report_; }
    [[nodiscard]] bool is_over() const { return stage_ == Stage::over; }

  private:
    enum class Stage {
        found,
        enrol,
        read_roster,
        enrol_again,
        give_roster,
        prove,
        read_invite_wraps,
        read_wraps,
        close,
        push,
        pull,
        over
    };

    [[nodiscard]] Message found_message();
    [[nodiscard]] Message enrol_message();
    [[nodiscard]] Message read_roster_message();
    [[nodiscard]] Message give_roster_message() const;
    [[nodiscard]] Message read_wraps_message() const;
    [[nodiscard]] std::optional<Message> push_message();
    [[nodiscard]] std::optional<Message> pull_message();
    [[nodiscard]] std::optional<protocol::PullRequest> pull_request();
    [[nodiscard]] std::vector<protocol::LeafRange> held_after(
        const protocol::TurfId& turf, std::uint64_t seq) const;

    void take_founded(ByteView body);
    void take_enrolled(ByteView body);
    void take_roster(ByteView body);
    [[nodiscard]] bool was_enrolled() const;
    [[nodiscard]] Message enrol_again_message() const;
    [[nodiscard]] Message proof_message() const;
    void prove(protocol::SignedHead proof);
    void take_proven();
    [[nodiscard]] std::optional<protocol::SignedHead> kept_roster_head();
    [[nodiscard]] bool shows_older_roster(
        const protocol::StreamHead& now, const protocol::SignedHead& signed_now);
    [[nodiscard]] bool shows_older_stream(TurfNumber turf, const protocol::StreamHead& now);
    void end_roster(protocol::RosterReadAnswer answer, bool has_grown);
    void compare_rosters();
    void list_what_to_give(const protocol::StreamHead& hub);
    void take_given(ByteView body);
    void note_given();
    void end_giving();
    void take_refusal(protocol::Refusal refusal);
    void take_wraps(ByteView body);
    void take_pushed(ByteView body);
    void take_pulled(ByteView body);

    [[nodiscard]] bool meet_own_heads(const std::vector<protocol::LogTip>& heads);
    [[nodiscard]] std::optional<std::uint64_t> damaged_unsent(LogOrdinal log);
    void end_damaged_logs(const std::vector<protocol::LogTip>& heads);
    void go_on_after_roster();
    void go_on_with_keys();
    [[nodiscard]] bool has_work_to_send();
    void ask_for_all_turfs();
    void start_pulling();
    void end_offering();
    void take_wrap(const protocol::ServedWrap& served, const crypto::BoxKey& recipient);
    void settle_in();
    struct Sent {
        LogOrdinal log;
        std::uint64_t block_no;
        std::size_t entries;
        protocol::Leaf leaf;  ///< Of the block, but for its place and time, which the hub gives.
    };
    void take_verdict(const Sent& sent, const protocol::BlockVerdict& verdict);
    void take_turfs(std::vector<protocol::PulledTurf> turfs);
    [[nodiscard]] bool take_turf(protocol::PulledTurf& pulled);
    [[nodiscard]] std::optional<protocol::PullCursor> cursor_of(TurfNumber turf);
    void move_on(const protocol::PulledTurf& pulled, const protocol::StreamHead& head);
    void ask_again_for_damaged();
    [[nodiscard]] bool follows(
        const protocol::PulledTurf& pulled, const protocol::StreamHead& head,
        const std::optional<protocol::PullCursor>& cursor) const;
    void start_stream_anew(TurfNumber turf, std::uint64_t hub_epoch);
    void start_offering(std::uint64_t hub_epoch);
    [[nodiscard]] bool lacks_keys() const;
    void stop(Trouble trouble);

    Workspace& workspace_;
    BlockOpener& opener_;
    Plan plan_;
    Stage stage_;
    Report report_;
    std::optional<crypto::BoxKey> invite_box_;
    /// Set while the whole roster is read again, to find where ours and the hub's part: how far.
    std::optional<protocol::RosterPosition> comparing_;
    bool split_ = false;                              ///< They do part.
    std::deque<protocol::RosterPosition> to_give_;    ///< Roster entries that the hub may lack.
    std::map<protocol::RosterPosition, Bytes> kept_;  ///< Own changes with all their parts.
    protocol::StreamHead given_from_;                 ///< Where the hub's roster stood before.
    bool has_given_ = false;
    bool has_enrolled_again_ = false;
    /// A head that the hub signed in its present epoch and does not have any more: it is shown it.
    std::optional<protocol::SignedHead> proof_;
    bool has_proven_ = false;
    std::vector<Sent> sent_;  ///< Blocks of the push under way, in order.
    /// Turfs of which a block came damaged, or found no room: the vault's cursor stays before it,
    /// and this session goes on with one of its own.
    std::set<protocol::TurfId> spoilt_;
    std::map<protocol::TurfId, protocol::PullCursor> ahead_;
    std::set<LogOrdinal> stuck_;             ///< Logs that this session pushes no more of.
    std::map<protocol::TurfId, bool> more_;  ///< Turfs still to pull.
    bool asked_ = false;                     ///< All turfs were put on that list.
    /// Leaves that the hub gave to what was pushed: it need not send those blocks back.
    std::map<protocol::TurfId, std::map<std::uint64_t, protocol::LeafBytes>> given_;
    std::vector<protocol::PulledTurf>
        early_;  ///< Came with the roster; read once the keys are here.
    std::vector<protocol::LogId> tips_asked_;  ///< The own logs of which the hub tells its tip.
    bool pull_first_ = false;        ///< The hub says that it has newer blocks of this device: seen
                                     ///< before anything is closed.
    bool offer_everything_ = false;  ///< The hub is in a new epoch: it gets all we have.
};

/// Runs a conversation through `exchange`, a function from Message to expected<Bytes, Refusal>.
template <class Exchange>
Report run(Session& session, Exchange exchange) {
    while (const std::optional<Message> message = session.next())
        session.receive(exchange(*message));
    return session.report();
}

}  // namespace vereda::engine::sync
