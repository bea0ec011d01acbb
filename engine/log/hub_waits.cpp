#include "engine/log/hub_waits.h"

#include <algorithm>

#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::CborReader;
using protocol::CborWriter;
using protocol::LogId;
using protocol::Millis;
using protocol::PushWait;

/// A clock before 1970 is a flat battery's: it holds nothing back.
void write_time(CborWriter& out, Millis time) {
    out.unsigned_integer(static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.value)));
}
Millis read_time(CborReader& in) { return {static_cast<std::int64_t>(in.unsigned_integer())}; }

}  // namespace

/// [[log 32, why, told ms, until ms]…]
HubWaits HubWaits::load(LogStore& store) {
    HubWaits waits;
    const auto kept = store.meta(hub_waits_name);
    if (!kept) return waits;
    CborReader in(*kept);
    const std::size_t count = in.array();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        in.array_of(4);
        const auto log = in.id<LogId>();
        const auto why = static_cast<PushWait>(in.unsigned_integer() % 256);
        const Millis told = read_time(in);
        waits.waits_[log] = {why, told, read_time(in)};
    }
    return in.finished() ? waits : HubWaits{};
}

void HubWaits::save(LogStore& store) const {
    if (!changed_) return;
    if (waits_.empty()) return store.forget_meta(hub_waits_name);
    Bytes kept;
    CborWriter out(kept);
    out.array(waits_.size());
    for (const auto& [log, wait] : waits_) {
        out.array(4).byte_string(log.view());
        out.unsigned_integer(static_cast<std::uint64_t>(wait.why));
        write_time(out, wait.told);
        write_time(out, wait.until);
    }
    store.put_meta(hub_waits_name, kept);
}

void HubWaits::note(const LogId& log, PushWait why, Millis now, std::uint64_t again_after_ms) {
    waits_[log] = {why, now, {now.value + static_cast<std::int64_t>(again_after_ms)}};
    changed_ = true;
}

void HubWaits::forget(const LogId& log) { changed_ = waits_.erase(log) != 0 || changed_; }

std::vector<LogId> HubWaits::logs() const {
    std::vector<LogId> logs;
    for (const auto& [log, wait] : waits_) logs.push_back(log);
    return logs;
}

std::vector<LogId> HubWaits::held_back(Millis now) const {
    std::vector<LogId> logs;
    for (const auto& [log, wait] : waits_) {
        const bool waits = wait.why == PushWait::quota && wait.told <= now && now < wait.until;
        if (waits) logs.push_back(log);
    }
    return logs;
}

HubWaitCount HubWaits::count(LogStore& store) {
    HubWaitCount count;
    for (auto at = waits_.begin(); at != waits_.end();) {
        const auto log = store.find_log(at->first);
        const std::uint64_t entries = log ? unacknowledged(store, *log) : 0;
        const Wait wait = at->second;
        changed_ = changed_ || entries == 0;
        at = entries == 0 ? waits_.erase(at) : std::next(at);
        if (entries == 0) continue;
        (wait.why == PushWait::roster ? count.roster : count.quota) += entries;
        if (wait.why != PushWait::quota) continue;
        count.come_again = std::min(count.come_again.value_or(wait.until), wait.until);
    }
    return count;
}

std::uint64_t unacknowledged(LogStore& store, LogOrdinal log) {
    const std::optional<BlockHead>& head = store.head(log);
    if (!head) return 0;
    const std::uint64_t next = store.pushed(log);
    if (next > head->block_no) return 0;
    const auto first = store.block(log, std::max(next, store.first_block(log)));
    if (!first) return head->last_seq.value;  // its row is rotten: an audit tells
    return head->last_seq.value - first->first_seq.value + 1;
}

}  // namespace vereda::engine
