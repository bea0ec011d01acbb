#include "engine/workspace/set_aside.h"

#include <algorithm>

#include "protocol/text_id.h"

namespace vereda::engine {
namespace {

constexpr const char* entry_mishap = "open_entry";

}  // namespace

bool SetAside::run() {
    load();
    for (const LogOrdinal log : writer_.own_logs()) fill_log(log);
    drop_strays();
    return changed_;
}

void SetAside::load() {
    const std::vector<LogOrdinal> own = writer_.own_logs();
    for (OpenEntry& entry : store_.all_open_entries()) {
        const bool is_own = std::ranges::find(own, entry.dot.log()) != own.end();
        const bool opens_here = is_own && opens(entry.dot, entry.sealed);
        rows_.push_back({std::move(entry), opens_here});
    }
}

bool SetAside::opens(LocalDot dot, ByteView sealed) const {
    return sealer_.open(writer_.open_place(dot), sealed).has_value();
}

SetAside::Row* SetAside::row_at(LocalDot dot) {
    const auto found = std::ranges::find_if(
        rows_, [dot](const Row& row) { return row.entry.dot == dot && !row.used; });
    return found == rows_.end() ? nullptr : &*found;
}

// Whether whole entries of the log follow.
bool SetAside::goes_on(LogOrdinal log, protocol::Seq after) const {
    return std::ranges::any_of(rows_, [&](const Row& row) {
        return row.opens && row.entry.dot.log() == log && row.entry.dot.seq() > after;
    });
}

// Every number from the last block on has an entry, or is filled.
void SetAside::fill_log(LogOrdinal log) {
    const std::optional<BlockHead>& head = store_.head(log);
    const std::optional<Branch>& branch = store_.info(log).branch;
    protocol::Seq seq = head     ? head->last_seq.next()
                        : branch ? branch->first_seq
                                 : protocol::Seq{1};
    for (;; seq = seq.next()) {
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
bool SetAside::bring_back(LocalDot dot) {
    for (Row& row : rows_) {
        if (row.opens || row.used || !opens(dot, row.entry.sealed)) continue;
        row.used = true;
        store_.database().expect_sound_pages();
        store_.delete_open(row.entry.dot.log(), row.entry.dot.seq(), row.entry.dot.seq());
        store_.replace_open(dot, row.entry.sealed);
        mishaps_.note(Mishap::Kind::healed, entry_mishap, place_of(dot));
        return changed_ = true;
    }
    return false;
}

void SetAside::fill_with_void(LocalDot dot) {
    const Bytes entry = void_entry(now_);
    store_.replace_open(dot, sealer_.seal(writer_.open_place(dot), entry));
    mishaps_.note(
        Mishap::Kind::lost, entry_mishap, place_of(dot),
        Mishap::Entries{store_.info(dot.log()).log, dot.seq(), 1});
    changed_ = has_lost_ = true;
}

// What opens nowhere.
void SetAside::drop_strays() {
    for (const Row& row : rows_) {
        if (row.opens || row.used) continue;
        store_.database().expect_sound_pages();
        const std::string place = "open entry row " + std::to_string(row.entry.dot.value);
        mishaps_.set_bytes_aside(place, row.entry.sealed);
        mishaps_.note(Mishap::Kind::lost, entry_mishap, place);
        store_.delete_open(row.entry.dot.log(), row.entry.dot.seq(), row.entry.dot.seq());
        changed_ = has_lost_ = true;
    }
}

std::string SetAside::place_of(LocalDot dot) const {
    return "log " + protocol::text_id(store_.info(dot.log()).log.view()) + " entry " +
           std::to_string(dot.seq().value);
}

}  // namespace vereda::engine
