#include "protocol/frontier.h"

#include <algorithm>

namespace vereda::protocol {

Seq Frontier::of(const LogId& log) const {
    const auto found = logs_.find(log);
    return found == logs_.end() ? Seq{} : found->second;
}

bool Frontier::covers(const Dot& dot) const { return dot.seq.value > 0 && dot.seq <= of(dot.log); }

bool Frontier::includes(const Frontier& other) const {
    return std::ranges::all_of(
        other.logs_, [this](const auto& known) { return known.second <= of(known.first); });
}

void Frontier::raise(const LogId& log, Seq last) {
    if (last.value == 0) return;
    Seq& known = logs_[log];
    known = std::max(known, last);
}

void Frontier::join(const Frontier& other) {
    for (const auto& [log, last] : other.logs_) raise(log, last);
}

}  // namespace vereda::protocol
