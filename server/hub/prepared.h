#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "protocol/log/block.h"
#include "protocol/sync/message.h"
#include "server/hub/hub.h"

namespace vereda::server {

/// A pushed block with everything judged that needs no store. `parsed` borrows from `wire`.
struct PreparedBlock {
    Bytes wire;
    protocol::ParsedBlock parsed;
    protocol::BlockRefusal reason = protocol::BlockRefusal::none;
};
struct PreparedPush {
    std::vector<PreparedBlock> blocks;
    std::optional<protocol::PullRequest> pull;
    std::uint64_t version = 0;  ///< What the pusher understands.
};

/// Set once the store has spoken; heads in it are not signed yet.
using Outcome = std::variant<
    std::monostate, protocol::Refusal, protocol::FoundAnswer, protocol::RosterReadAnswer,
    protocol::RosterAppendAnswer, protocol::EnrolAnswer, protocol::WrapsReadAnswer,
    protocol::PushAnswer, protocol::PullAnswer, protocol::WentBackAnswer>;

class PreparedRequest {
  public:
    protocol::WorkspaceId workspace;
    crypto::PublicKey caller{};
    std::variant<
        std::monostate, protocol::FoundRequest, protocol::RosterReadRequest,
        protocol::RosterAppendRequest, protocol::EnrolRequest, protocol::WrapsReadRequest,
        PreparedPush, protocol::PullRequest, protocol::WentBackRequest>
        message;
    Outcome outcome;

    /// Whether it is still to be judged.
    [[nodiscard]] bool is_open() const { return std::holds_alternative<std::monostate>(outcome); }
    [[nodiscard]] bool writes() const {
        return std::holds_alternative<protocol::FoundRequest>(message) ||
               std::holds_alternative<protocol::RosterReadRequest>(message) ||
               std::holds_alternative<protocol::RosterAppendRequest>(message) ||
               std::holds_alternative<protocol::EnrolRequest>(message) ||
               std::holds_alternative<PreparedPush>(message);
    }
};

/// Parses the body of `request`, and of a push every block; verifies signatures and payload hashes.
/// A body that is not what it should be ends as an outcome.
[[nodiscard]] PreparedPtr prepare_request(HubRequest request);

}  // namespace vereda::server
