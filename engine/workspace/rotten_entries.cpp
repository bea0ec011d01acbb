#include "engine/workspace/rotten_entries.h"

#include <algorithm>

#include "protocol/text_id.h"

namespace vereda::engine {
namespace {}  // namespace

bool RottenEntries::set_aside() {
    load();
    for (const LogOrdinal log : writer_.own_logs()) fill_log(log);
    drop_strays();
    return changed_;
}

void RottenEntries::load() {
    const std::vector<LogOrdinal> own = writer_.own_logs();
    for (OpenEntry& entry : store_.all_open_entries()) {
        const bool is_own = std::ranges::find(own, entry.dot.log()) != own.end();
        const bool opens_here = is_own && opens(entry.dot, entry.sealed);
        const LocalDot dot = entry.dot;
        rows_[dot] = {std::move(entry), opens_here};
    }
}

bool RottenEntries::opens(LocalDot dot, ByteView sealed) const {
    return sealer_.open(writer_.open_place(dot), sealed).has_value();
}

RottenEntries::Row* RottenEntries::row_at(LocalDot dot) {
    const auto found = rows_.find(dot);
    return found == rows_.end() || found->second.used ? nullptr : &found->second;
}

// Whether whole entries of the log follow.
bool RottenEntries::goes_on(LogOrdinal log, protocol::Seq after) const {
    const auto first = rows_.upper_bound(LocalDot::of(log, after));
    const auto end = rows_.lower_bound(LocalDot::of({log.value + 1}, {0}));
    return std::any_of(first, end, [](const auto& row) { return row.second.opens; });
}

// The number after the last block.
protocol::Seq RottenEntries::first_of(LogOrdinal log) const {
    const auto first = rows_.lower_bound(LocalDot::of(log, {1}));
    if (cut_.contains(log) && first != rows_.end() && first->first.log() == log)
        return first->first.seq();
    const std::optional<Branch>& branch = store_.info(log).branch;
    if (const std::optional<BlockHead>& head = store_.head(log)) return head->last_seq.next();
    return branch ? branch->first_seq : protocol::Seq{1};
}

// Every number from the last block on has an entry, or is filled.
void RottenEntries::fill_log(LogOrdinal log) {
    for (protocol::Seq seq = first_of(log);; seq = seq.next()) {
        const LocalDot dot = LocalDot::of(log, seq);
        Row* const row = row_at(dot);
        if (row != nullptr && row->opens) {
            row->used = true;
            continue;
        }
        if (bring_back(dot)) continue;
        if (row == nullptr && !goes_on(log, seq)) return;
        store_.database().expect_sound_pages();
        if (row != nullptr) {
            row->used = true;
            mishaps_.set_bytes_aside(place_of(dot), row->entry.sealed);
        }
        fill_with_void(dot);
    }
}

// An entry whose number is what rotted opens where it belongs.
bool RottenEntries::bring_back(LocalDot dot) {
    for (auto& [at, row] : rows_) {
        if (row.opens || row.used || !opens(dot, row.entry.sealed)) continue;
        row.used = true;
        store_.database().expect_sound_pages();
        store_.delete_open(row.entry.dot.log(), row.entry.dot.seq(), row.entry.dot.seq());
        store_.replace_open(dot, row.entry.sealed);
        mishaps_.note(Mishap::Kind::healed, vault_part::open_entry, place_of(dot));
        return changed_ = true;
    }
    return false;
}

void RottenEntries::fill_with_void(LocalDot dot) {
    const Bytes entry = void_entry(writing_time(now_));
    store_.replace_open(dot, sealer_.seal(writer_.open_place(dot), entry));
    mishaps_.note(
        Mishap::Kind::lost, vault_part::open_entry, place_of(dot),
        Mishap::Entries{store_.info(dot.log()).log, dot.seq(), 1});
    changed_ = has_lost_ = true;
}

// What opens nowhere.
void RottenEntries::drop_strays() {
    for (const auto& [at, row] : rows_) {
        if (row.opens || row.used) continue;
        store_.database().expect_sound_pages();
        const std::string place = "open entry row " + std::to_string(row.entry.dot.value);
        mishaps_.set_bytes_aside(place, row.entry.sealed);
        mishaps_.note(Mishap::Kind::lost, vault_part::open_entry, place);
        store_.delete_open(row.entry.dot.log(), row.entry.dot.seq(), row.entry.dot.seq());
        changed_ = has_lost_ = true;
    }
}

std::string RottenEntries::place_of(LocalDot dot) const {
    return "log " + protocol::text_id(store_.info(dot.log()).log.view()) + " entry " +
           std::to_string(dot.seq().value);
}

}  // namespace vereda::engine
