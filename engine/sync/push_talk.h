#pragma once

#include <optional>
#include <vector>

#include "engine/sync/pull_talk.h"
#include "engine/sync/talk.h"

/// What this laptop offers: blocks that the hub may not have, and its verdict on each. With the
/// last of them it is asked for what is to be pulled.
namespace vereda::engine::sync {

class PushTalk {
  public:
    PushTalk(Talk& talk, PullTalk& pull) : talk_(talk), pull_(pull) {}

    /// Nothing when there is nothing to offer, or more of the same would help nobody.
    [[nodiscard]] std::optional<Message> next();
    void receive(ByteView body);
    /// A hub of before calls the longer request malformed: it is asked in the first form, and takes
    /// what it takes. True when it is to be asked again.
    [[nodiscard]] bool falls_back(protocol::Refusal refusal);
    /// Blocks wait for a roster that this laptop can give. True, once: the roster was given at the
    /// beginning, so the hub has lost it since, or would not have it.
    [[nodiscard]] bool must_give_roster();
    void end();

  private:
    struct Sent {
        LogOrdinal log;
        std::uint64_t block_no;
        std::size_t entries;
        protocol::Leaf leaf;  ///< Of the block, without its place and time, which the hub gives.
    };
    /// Whether there was room for all that `log` has.
    [[nodiscard]] bool add_blocks_of(LogOrdinal log, protocol::PushRequest& request);
    [[nodiscard]] bool add_block(StoredBlock block, protocol::PushRequest& request);
    void take_verdict(const Sent& sent, const protocol::BlockVerdict& verdict);
    void note_taken(const Sent& sent, const protocol::BlockVerdict& verdict);
    void step_back(const Sent& sent, const protocol::BlockVerdict& verdict);
    void take_not_yet(const Sent& sent, const protocol::BlockVerdict& verdict);
    [[nodiscard]] bool may_have_given(const Sent& sent, const protocol::Acceptance& place);
    [[nodiscard]] bool has_roster_of(const Sent& sent);

    Talk& talk_;
    PullTalk& pull_;
    std::vector<Sent> sent_;  ///< Blocks of the push under way, in order.
    std::size_t sent_bytes_ = 0;
    std::set<LogOrdinal> lacks_our_roster_;  ///< Logs that wait for what this laptop can give.
    bool gave_for_blocks_ = false;
    std::uint64_t version_ = protocol::push_version;
    std::size_t leaves_given_ = 0;  ///< By the hub, to what was pushed.
    int idle_ = 0;                  ///< Pushes that brought none.
};

}  // namespace vereda::engine::sync
