#pragma once

#include <optional>
#include <vector>

#include "engine/sync/hub_tips.h"
#include "engine/sync/key_talk.h"
#include "engine/sync/pull_talk.h"
#include "engine/sync/roster_gifts.h"
#include "engine/sync/talk.h"

/// Who may do what, by the hub's roster and ours: a new workspace comes to its hub, a new device to
/// its workspace, entries come and, to a restored hub, go. With nothing to send, the pull goes
/// along.
namespace vereda::engine::sync {

class RosterTalk {
  public:
    RosterTalk(Talk& talk, KeyTalk& keys, PullTalk& pull);

    /// Nothing once the roster is read and given.
    [[nodiscard]] std::optional<Message> next();
    void receive(ByteView body);
    /// What to do about a refusal.
    enum class Turn {
        go_on,       ///< The next message is another one, or none.
        hand_in,     ///< A device whose time has ended learns nothing more, and hands in its work.
        is_refused,  ///< Nothing helps.
    };
    [[nodiscard]] Turn receive(protocol::Refusal refusal);
    void read_again() { stage_ = Stage::read; }
    /// Once more, and the hub is given what it lacks.
    void give_again();

    [[nodiscard]] HubTips& tips() { return tips_; }
    /// Came with the roster; to be read once the keys are here.
    [[nodiscard]] std::vector<protocol::PulledTurf> take_early();

  private:
    enum class Stage { found, enrol, read, enrol_again, give, over };
    [[nodiscard]] Message found_message() const;
    [[nodiscard]] Message enrol_message() const;
    [[nodiscard]] Message enrol_again_message() const;
    [[nodiscard]] Message read_message();
    [[nodiscard]] bool has_work_to_send() const;
    [[nodiscard]] bool was_enrolled() const;
    void take_founded(ByteView body);
    void take_enrolled(ByteView body);
    void take_read(ByteView body);
    void take_part(protocol::RosterReadAnswer answer);
    void end_reading(protocol::RosterReadAnswer answer, bool has_grown);
    [[nodiscard]] std::optional<protocol::StreamHead> head_of(
        const protocol::RosterReadAnswer& answer);
    [[nodiscard]] bool may_not_know_epoch();
    void take_given(ByteView body);
    void compare();

    Talk& talk_;
    KeyTalk& keys_;
    PullTalk& pull_;
    HubTips tips_;
    RosterGifts gifts_;
    Stage stage_ = Stage::read;
    /// Set while the whole roster is read again, to find where ours and the hub's part: how far.
    std::optional<protocol::RosterPosition> comparing_;
    bool has_given_ = false;
    bool has_enrolled_again_ = false;
    std::vector<protocol::PulledTurf> early_;
};

}  // namespace vereda::engine::sync
