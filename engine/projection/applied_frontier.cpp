#include "engine/projection/applied_frontier.h"

#include <algorithm>

namespace vereda::engine {

void AppliedFrontier::advance(LocalDot dot, EntryStatus status) {
    const std::size_t log = dot.log().value;
    if (log >= read_to_.size()) read_to_.resize(log + 1);
    VEREDA_ASSERT(dot.seq().value == read_to_[log] + 1);
    read_to_[log] = dot.seq().value;
    if (status != EntryStatus::applied) exceptions_[dot.value] = status;
}

void AppliedFrontier::set_read_to(LogOrdinal log, protocol::Seq seq) {
    if (log.value >= read_to_.size()) read_to_.resize(log.value + 1);
    read_to_[log.value] = seq.value;
}

void AppliedFrontier::set_turf(LogOrdinal log, TurfNumber turf) {
    if (log.value >= turfs_.size()) turfs_.resize(log.value + 1);
    turfs_[log.value] = turf;
}

void AppliedFrontier::set_name(LogOrdinal log, const protocol::LogId& name) {
    if (log.value >= names_.size()) names_.resize(log.value + 1);
    names_[log.value] = name;
}

// A log without a name has only been mentioned: nothing in it shows.
bool AppliedFrontier::before(LocalDot a, LocalDot b) const {
    const std::size_t log_a = a.log().value, log_b = b.log().value;
    if (log_a == log_b || log_a >= names_.size() || log_b >= names_.size()) return a < b;
    return names_[log_a] < names_[log_b];
}

std::size_t AppliedFrontier::count(EntryStatus status) const {
    return static_cast<std::size_t>(std::count_if(
        exceptions_.begin(), exceptions_.end(),
        [status](const auto& pair) { return pair.second == status; }));
}

}  // namespace vereda::engine
