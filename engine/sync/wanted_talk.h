#pragma once

#include <map>
#include <vector>

#include "engine/sync/talk.h"

/// Single blocks that came spoilt, found no room to wait in, or rotted here: each is asked for by
/// its place, after everything else, so that it holds nothing up.
namespace vereda::engine::sync {

class WantedTalk {
  public:
    explicit WantedTalk(Talk& talk) : talk_(talk) {}
    [[nodiscard]] std::optional<Message> next();
    void receive(ByteView body);

  private:
    [[nodiscard]] bool is_rotten_there(
        const protocol::ParsedBlock& block, const protocol::Acceptance& place);
    [[nodiscard]] const WantedBlock* which(
        const std::vector<WantedBlock>& wanted, const protocol::ServedBlock& served);
    void take(const std::vector<WantedBlock>& wanted, protocol::PulledTurf& pulled);

    Talk& talk_;
    std::map<TurfNumber, std::vector<WantedBlock>> wanted_;  ///< Asked for by the last message.
    int times_ = 0;
};

}  // namespace vereda::engine::sync
