#pragma once

#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/log/hub_waits.h"
#include "engine/workspace/workspace.h"
#include "protocol/sync/leaf.h"
#include "protocol/sync/message.h"

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
                      ///< signed, dropped what it took, or denies a turf that its roster grants.
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
    std::size_t set_aside = 0;  ///< Own entries that no block can hold (people/set_aside.h).
    /// Own blocks that the hub refused, or served ones that nobody signed.
    std::size_t refused_blocks = 0;
    HubWaitCount waits;     ///< Entries that the hub has put off; nothing is wrong with them.
    std::size_t forks = 0;  ///< Blocks met that have another one in their place.
    /// Served with a payload that is not their author's: asked for again next time.
    std::size_t damaged_blocks = 0;
    std::size_t lost_entries = 0;   ///< Own ones in blocks that this disk has damaged before the
                                    ///< hub had them.
    std::size_t unread_blocks = 0;  ///< Of logs with more branches than are read: kept.
    std::size_t wanted_blocks = 0;  ///< Left to ask for again: came damaged or found no room.
    std::size_t offered_again = 0;  ///< Own blocks that the hub once took and does not have.
    bool new_incarnation = false;   ///< The hub knew newer blocks of this very device.
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
        ask_again,
        over
    };

    [[nodiscard]] Message found_message();
    [[nodiscard]] Message enrol_message();
    [[nodiscard]] Message read_roster_message();
    [[nodiscard]] Message give_roster_message() const;
    [[nodiscard]] Message read_wraps_message() const;
    [[nodiscard]] std::optional<Message> push_message();
    [[nodiscard]] std::optional<Message> pull_message();
    [[nodiscard]] std::optional<Message> ask_again_message();
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
    void take_asked_again(ByteView body);
    [[nodiscard]] bool is_rotten_there(
        const protocol::ParsedBlock& block, const protocol::Acceptance& place);
    void take_again(const std::vector<WantedBlock>& wanted, protocol::PulledTurf& pulled);

    [[nodiscard]] bool meet_own_heads(const std::vector<protocol::LogTip>& heads);
    [[nodiscard]] std::optional<std::uint64_t> damaged_unsent(LogOrdinal log);
    void end_damaged_logs(const std::vector<protocol::LogTip>& heads);
    void read_anew_for_damaged();
    void meet_own_head(const protocol::LogTip& head);
    void offer_again_from(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] bool must_read_roster_again();
    [[nodiscard]] bool hub_lacks_roster() const;
    /// The hub has served every stream of this laptop to its end.
    [[nodiscard]] bool has_read_to_ends() const;
    /// And no block is asked for again.
    [[nodiscard]] bool has_read_all() const;
    void end();
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
        protocol::Leaf leaf;  ///< Of the block, without its place and time, which the hub gives.
    };
    void take_verdict(const Sent& sent, const protocol::BlockVerdict& verdict);
    void hold_back_what_waits();
    void offer_again_what_waits();
    void take_not_yet(const Sent& sent, const protocol::BlockVerdict& verdict);
    [[nodiscard]] bool has_roster_of(const Sent& sent);
    [[nodiscard]] bool gives_roster_for_blocks();
    void end_pushing();
    [[nodiscard]] bool falls_back_to_first_push(protocol::Refusal refusal);
    [[nodiscard]] bool may_have_given(const Sent& sent, const protocol::Acceptance& place);
    void note_given(const Sent& sent, const protocol::Acceptance& place);
    void recall_given(const protocol::TurfId& turf);
    void take_turfs(std::vector<protocol::PulledTurf> turfs);
    [[nodiscard]] bool take_turf(protocol::PulledTurf& pulled);
    void receive_blocks(std::vector<BlockOpener::Job> jobs);
    void move_on(const protocol::PulledTurf& pulled, const protocol::StreamHead& head);
    void forget_given_from(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] bool has_dropped(
        const protocol::PulledTurf& pulled, const protocol::StreamHead& head);
    void contradicts(const protocol::TurfId& turf);
    [[nodiscard]] bool follows(
        const protocol::PulledTurf& pulled, const protocol::StreamHead& head,
        const std::optional<protocol::PullCursor>& cursor) const;
    void start_stream_anew(TurfNumber turf, std::uint64_t hub_epoch);
    [[nodiscard]] bool may_not_know_epoch();
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
    std::vector<protocol::LogId> logs_asked_;  ///< How far the hub has them.
    std::vector<Sent> sent_;                   ///< Blocks of the push under way, in order.
    std::set<LogOrdinal> stuck_;               ///< Logs that this session pushes no more of.
    HubWaits waits_;                           ///< What the hub has put off, here and before.
    std::set<LogOrdinal> lacks_our_roster_;    ///< Logs that wait for what this laptop can give.
    bool gave_for_blocks_ = false;
    std::uint64_t push_version_ = protocol::push_version;
    std::size_t leaves_given_ = 0;  ///< By the hub, to what was pushed.
    int idle_pushes_ = 0;           ///< That brought none.
    bool is_doubtful_ = false;      ///< The hub gave a leaf that is another block's.
    std::map<TurfNumber, std::vector<WantedBlock>> wanted_;  ///< Asked for by the last message.
    int times_asked_again_ = 0;
    /// Turfs that the hub does not grant, and the roster does.
    std::set<protocol::TurfId> denied_;
    bool has_read_again_ = false;            ///< The roster, because of them.
    std::set<protocol::TurfId> anew_;        ///< Turfs whose stream was begun again.
    std::uint64_t hub_epoch_ = 0;            ///< As the roster's head said.
    std::uint64_t hub_roster_ = 0;           ///< How many entries the hub had then.
    std::map<protocol::TurfId, bool> more_;  ///< Turfs still to pull.
    bool lacks_grant_ = false;               ///< The hub did not serve a turf of ours.
    bool asked_ = false;                     ///< All turfs were put on that list.
    /// Leaves that the hub gave to what was pushed, here or earlier, and that no cursor has passed:
    /// it need not send those blocks back, and has to keep to them.
    std::map<protocol::TurfId, std::map<std::uint64_t, protocol::LeafBytes>> given_;
    /// Came with the roster; read once the keys are here.
    std::vector<protocol::PulledTurf> early_;
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
