#pragma once

#include "engine/vault/guard.h"
#include "engine/workspace/log_writer.h"

namespace vereda::engine {

/// What the database knows of this device's logs, as the guard asks for it.
class OwnHeads final : public OwnLogs {
  public:
    OwnHeads(LogStore& store, const LogWriter& writer, protocol::Incarnation incarnation)
        : store_(store), writer_(writer), incarnation_(incarnation) {}

    [[nodiscard]] protocol::Incarnation incarnation() const override { return incarnation_; }
    [[nodiscard]] bool has_log_of(const protocol::Incarnation& incarnation) const override;
    [[nodiscard]] GuardedHeads heads() const override;
    [[nodiscard]] std::optional<protocol::BlockHash> closed_block(
        const protocol::LogId& log, std::uint64_t block_no) const override;

  private:
    LogStore& store_;
    const LogWriter& writer_;
    protocol::Incarnation incarnation_;
};

}  // namespace vereda::engine
