#pragma once

#include <map>
#include <set>
#include <vector>

#include "engine/sync/talk.h"

/// What others wrote: each turf's stream from its cursor on. A request for it may go along with the
/// roster's or a push.
namespace vereda::engine::sync {

class PullTalk {
  public:
    explicit PullTalk(Talk& talk) : talk_(talk) {}

    /// Puts this device's turfs on the list, once.
    void ask_for_all_turfs();
    /// And those that came with the roster a moment ago; the others no second time.
    void begin();
    /// All of them once more.
    void begin_again() { asked_ = false; }
    /// Forgets what was asked for: the hub goes another way from here.
    void start_over();
    /// For all turfs on the list that have more; nothing when none has.
    [[nodiscard]] std::optional<protocol::PullRequest> request();
    [[nodiscard]] std::optional<Message> next();
    void receive(ByteView body);
    /// What came with an answer to something else. Stops, or leaves a proof to show, in the talk.
    void take(std::vector<protocol::PulledTurf> turfs);

    /// A turf that the hub does not grant may have been taken away a moment ago. If the roster,
    /// read once more, still grants it, it is asked for once more. True, once, when there is one.
    [[nodiscard]] bool must_read_roster_again();
    /// Turfs that the hub does not grant, and the roster does, also when read again.
    [[nodiscard]] bool has_denied() const { return !denied_.empty(); }
    /// The hub has served every stream of this laptop to its end.
    [[nodiscard]] bool has_read_every_stream() const;
    /// The hub did not serve a turf of ours.
    [[nodiscard]] bool lacks_grant() const { return lacks_grant_; }

  private:
    [[nodiscard]] bool take_turf(protocol::PulledTurf& pulled);
    [[nodiscard]] std::optional<protocol::StreamHead> head_of(const protocol::PulledTurf& pulled);
    [[nodiscard]] bool take_chunk(
        protocol::PulledTurf& pulled, const protocol::StreamHead& head, TurfNumber turf);
    void move_on(const protocol::PulledTurf& pulled, const protocol::StreamHead& head);
    void contradicts(const protocol::TurfId& turf);
    [[nodiscard]] bool follows(
        const protocol::PulledTurf& pulled, const protocol::StreamHead& head,
        const std::optional<protocol::PullCursor>& cursor);
    void start_stream_again(TurfNumber turf, std::uint64_t hub_epoch);

    Talk& talk_;
    std::map<protocol::TurfId, bool> more_;  ///< Turfs still to pull.
    bool asked_ = false;                     ///< All turfs were put on that list.
    std::set<protocol::TurfId> denied_;
    bool has_read_again_ = false;             ///< The roster, because of them.
    bool lacks_grant_ = false;                ///< The hub did not serve a turf of ours.
    std::set<protocol::TurfId> begun_again_;  ///< Turfs whose stream was.
};

}  // namespace vereda::engine::sync
