#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/merge/dot_order.h"
#include "engine/merge/record_state.h"
#include "engine/projection/action.h"

namespace vereda::engine {

/// How far each log has been read, and which of its entries were not applied: the causal context of
/// the merge.
class AppliedFrontier final : public AppliedDots, public DotOrder {
  public:
    [[nodiscard]] bool applied(LocalDot dot) const override {
        return dot.seq() <= read_to(dot.log()) &&
               (exceptions_.empty() || !exceptions_.contains(dot.value));
    }
    /// The last entry of the log that has been read; 0 when none.
    [[nodiscard]] protocol::Seq read_to(LogOrdinal log) const {
        return {log.value < read_to_.size() ? read_to_[log.value] : 0};
    }
    /// Logs are read in order: `dot` is the next of its log.
    void advance(LocalDot dot, EntryStatus status);
    /// An exception that is none any more.
    void resolve(LocalDot dot) { exceptions_.erase(dot.value); }
    /// For loading: takes the place of whatever was known of the log.
    void set_read_to(LogOrdinal log, protocol::Seq seq);
    void set_exception(LocalDot dot, EntryStatus status) { exceptions_[dot.value] = status; }

    /// The turf that a log belongs to; nothing while only mentioned.
    [[nodiscard]] std::optional<TurfNumber> turf_of(LogOrdinal log) const {
        if (log.value >= turfs_.size()) return std::nullopt;
        return turfs_[log.value];
    }
    void set_turf(LogOrdinal log, TurfNumber turf);
    /// The name that everybody knows the log by, for `before`. Not part of an image: told again.
    void set_name(LogOrdinal log, const protocol::LogId& name);
    [[nodiscard]] bool before(LocalDot a, LocalDot b) const override;

    [[nodiscard]] const std::unordered_map<std::int64_t, EntryStatus>& exceptions() const {
        return exceptions_;
    }
    [[nodiscard]] const std::vector<std::uint64_t>& read_to_by_ordinal() const { return read_to_; }
    [[nodiscard]] std::size_t count(EntryStatus status) const;

  private:
    std::vector<std::uint64_t> read_to_;
    std::vector<std::optional<TurfNumber>> turfs_;
    std::vector<protocol::LogId> names_;
    std::unordered_map<std::int64_t, EntryStatus> exceptions_;
};

}  // namespace vereda::engine
