#include "tests/sim/hand_story.h"

#include <algorithm>

#include "engine/schema/fields.h"
#include "protocol/log/event.h"

namespace vereda::sim {

using model::Dot;
using model::Entry;
using model::Write;
using protocol::EventType;

namespace {

constexpr int name_field = 4, tags_field = 19;
const std::vector<std::string> values{"Ana", "Bo", "Céline"};
const std::string channel = "sms";

}  // namespace

/// A block on its way: its entries, and how far they refer into each log.
struct HandStory::Draft {
    std::size_t hand = 0;
    std::vector<Entry> entries;
    std::map<std::size_t, std::uint64_t> greatest;  // by hand
    std::map<std::size_t, std::uint64_t> index;     // of its row, once there is a table
};

HandStory::HandStory(World& world, Laptop& author, std::size_t hands) : world_(world) {
    for (std::size_t i = 0; i < hands; ++i) {
        const bool elsewhere = i + 1 == hands;
        hands_.emplace_back(author, world.turfs[elsewhere ? 1 : 0], world.dice.seed());
        model_.set_turf(name_of(i), elsewhere ? 2 : 1);
    }
}

std::string HandStory::name_of(std::size_t hand) const {
    return "hand " + std::string(1, static_cast<char>('a' + hand));
}

std::vector<Bytes> HandStory::blocks() const {
    std::vector<Bytes> all;
    for (const Hand& hand : hands_) {
        for (const Hand::Block& block : hand.blocks()) all.push_back(block.wire);
    }
    return all;
}

Dot HandStory::global(Laptop& laptop, engine::LocalDot dot) const {
    const protocol::LogId& log = laptop.workspace().store().info(dot.log()).log;
    for (std::size_t i = 0; i < hands_.size(); ++i) {
        if (hands_[i].log() == log) return {name_of(i), dot.seq().value};
    }
    return {"a log of nobody", dot.seq().value};
}

void HandStory::write(std::size_t blocks) {
    for (std::size_t i = 0; i < blocks; ++i) {
        Draft draft{.hand = world_.dice.up_to(hands_.size())};
        const std::uint64_t count = 1 + world_.dice.up_to(3);
        for (std::uint64_t k = 1; k <= count; ++k) say(draft, hands_[draft.hand].last() + k);
        close(draft);
    }
}

// What is there, and now and then what is yet to come.
Dot HandStory::some_dot() {
    const std::size_t hand = world_.dice.up_to(hands_.size());
    return {name_of(hand), 1 + world_.dice.up_to(hands_[hand].last() + 3)};
}

Dot HandStory::some_contact() {
    return contacts_.empty() || world_.dice.one_in(5) ? some_dot() : world_.dice.pick(contacts_);
}

std::vector<Dot> HandStory::some_dots() {
    std::set<Dot> dots;
    for (std::uint64_t i = 0; i < 1 + world_.dice.up_to(4); ++i) dots.insert(some_dot());
    return {dots.begin(), dots.end()};
}

void HandStory::say(Draft& draft, std::uint64_t seq) {
    Entry entry{.dot = {name_of(draft.hand), seq}, .turf = draft.hand + 1 == hands_.size() ? 2 : 1};
    entry.record = some_contact();
    const std::uint64_t what = world_.dice.up_to(10);
    if (what < 2 || contacts_.size() < 2) {
        entry.kind = Entry::Kind::create_contact;
        entry.record = entry.dot;
        entry.writes = {{Write::Kind::set, name_field, world_.dice.pick(values)}};
        if (world_.dice.one_in(2))
            entry.writes.push_back({Write::Kind::add, tags_field, world_.dice.pick(values)});
        contacts_.push_back(entry.dot);
    } else if (what == 2) {
        entry.kind = Entry::Kind::retract;
    } else if (what == 3) {
        entry.kind = Entry::Kind::restore;
        entry.over = some_dots();
    } else if (what == 4) {
        entry.kind = Entry::Kind::lift;
        entry.channel = channel;
        entry.over = some_dots();
    } else if (what == 5) {
        entry.writes = {{Write::Kind::consent, 0, channel, true, {}}};
    } else if (what == 6) {
        entry.writes = {
            {Write::Kind::remove, tags_field, world_.dice.pick(values), false, some_dots()}};
    } else {
        entry.source = world_.dice.one_in(3) ? "roll" : "";
        entry.writes = {
            {Write::Kind::set, name_field, world_.dice.pick(values), false, some_dots()},
            {Write::Kind::add, tags_field, world_.dice.pick(values)}};
    }
    draft.entries.push_back(entry);
}

protocol::TableRow HandStory::row_for(std::size_t hand, std::uint64_t seq, bool& truthful) {
    const Hand& named = hands_[hand];
    const bool is_there = named.holding(seq) != nullptr;
    truthful = is_there && !world_.dice.one_in(4);
    if (truthful) {  // just so far, or as far as the log goes
        const std::uint64_t seen = world_.dice.one_in(4) ? named.last() : seq;
        return named.row(seen);
    }
    ++lies_;
    const std::uint64_t beyond = std::max(seq, named.last()) + world_.dice.up_to(3);
    protocol::TableRow row{named.log(), {is_there ? seq : beyond}, {}};
    const auto& others = hands_[world_.dice.up_to(hands_.size())].blocks();
    if (!others.empty() && !world_.dice.one_in(3))
        row.block_hash_start = start_of(world_.dice.pick(others).hash);  // a block, not that one
    const Hand::Block* const holding = named.holding(row.seen.value);
    if (holding != nullptr && start_of(holding->hash) == row.block_hash_start)
        row.block_hash_start = {1};
    return row;
}

void HandStory::close(Draft& draft) {
    const auto refer = [&](const Dot& dot) {
        for (std::size_t i = 0; i < hands_.size(); ++i) {
            if (i == draft.hand || name_of(i) != dot.log) continue;
            draft.greatest[i] = std::max(draft.greatest[i], dot.seq);
        }
    };
    for (const Entry& entry : draft.entries) {
        refer(entry.record);
        for (const Dot& dot : entry.over) refer(dot);
        for (const Write& write : entry.writes) std::ranges::for_each(write.over, refer);
    }
    std::vector<std::pair<protocol::TableRow, std::size_t>> rows;
    std::map<std::string, model::Claim> claims;
    for (const auto& [hand, seq] : draft.greatest) {
        bool truthful = false;
        rows.emplace_back(row_for(hand, seq, truthful), hand);
        // A log of another turf proves nothing.
        const bool same_turf = (hand + 1 == hands_.size()) == (draft.hand + 1 == hands_.size());
        claims[name_of(hand)] = {rows.back().first.seen.value, truthful && same_turf};
    }
    std::sort(rows.begin(), rows.end());
    std::vector<protocol::TableRow> table;
    for (const auto& [row, hand] : rows) {
        table.push_back(row);
        draft.index[hand] = table.size();
    }
    std::vector<Bytes> entries;
    for (Entry& entry : draft.entries) {
        entry.claims = claims;
        entry.claims_as_whole = table.size() > 8;
        entries.push_back(encoded(draft, entry));
        model_.apply(entry);
    }
    const Hand::Block& block = hands_[draft.hand].close(entries, table);
    model_.note_standing({name_of(draft.hand), block.last.value});
}

Bytes HandStory::encoded(const Draft& draft, const Entry& entry) const {
    const auto reference = [&](const Dot& dot) {
        for (const auto& [hand, index] : draft.index) {
            if (name_of(hand) == dot.log) return protocol::Reference{index, {dot.seq}};
        }
        return protocol::Reference{0, {dot.seq}};
    };
    const auto over = [&](const std::vector<Dot>& dots) {
        protocol::Over named;
        for (const Dot& dot : dots) named.dots.push_back(reference(dot));
        return named;
    };
    const auto close = [&](EventType type, const Bytes& body) {
        return Hand::entry(type, reference(entry.record), std::nullopt, body);
    };
    const protocol::CodeOrText sms{*engine::code_of(engine::Vocabulary::channel, channel), {}};
    if (entry.kind == Entry::Kind::retract)
        return close(EventType::retract, protocol::encode_retract());
    if (entry.kind == Entry::Kind::restore)
        return close(EventType::restore, protocol::encode(protocol::Restore{over(entry.over)}));
    if (entry.kind == Entry::Kind::lift) {
        const protocol::ConsentLift lift{
            .channel = sms, .over = over(entry.over), .evidence = "said so"};
        return close(EventType::consent_lift, protocol::encode(lift));
    }
    std::deque<Bytes> kept;
    protocol::ContactCreate created;
    protocol::Edit edit;
    if (!entry.source.empty()) edit.source = entry.source;
    for (const Write& write : entry.writes) {
        const auto field = static_cast<std::uint64_t>(write.field);
        const Bytes& value = kept.emplace_back(protocol::text_value(write.value));
        created.values.push_back({field, write.kind == Write::Kind::add, value});
        protocol::Write said{
            .kind = static_cast<protocol::Write::Kind>(write.kind),
            .field = field,
            .value = value,
            .over = over(write.over)};
        if (write.kind == Write::Kind::consent)
            said = {.kind = said.kind, .consent = {sms, 0, protocol::ConsentState::withdrawn}};
        edit.writes.push_back(said);
    }
    const bool creates = entry.kind == Entry::Kind::create_contact;
    return close(
        creates ? EventType::contact_create : EventType::edit,
        creates ? protocol::encode(created) : protocol::encode(edit));
}

}  // namespace vereda::sim
