#include <functional>
#include <iostream>

#include "engine/schema/fields.h"
#include "protocol/log/event.h"
#include "tests/bench/hostile_hand.h"
#include "tests/bench/hostile_search.h"

/// What a member with valid keys can cost the laptops of a turf: processor time, memory and disk a
/// MiB of what was accepted, counted over 64 KiB at least, when it comes and at each later opening.
/// `bench_hostile NAME…` prints one line of JSON for each; honest blocks go first, to compare.
/// `bench_hostile search FIRST COUNT` draws structures by seeds and prints each that is the worst
/// so far; it fails when one costs more than three times what may be.
using namespace vereda;
using namespace vereda::bench;
using protocol::EventType;

namespace {

// Blocks of 511 entries until there are `count`, as `make` says them by their number.
void fill(Hand& hand, std::size_t count, const std::function<Bytes(std::uint64_t)>& make) {
    for (std::size_t done = 0; done < count;) {
        std::vector<Bytes> entries;
        for (; entries.size() < 511 && done < count; ++done)
            entries.push_back(make(hand.next() + entries.size()));
        hand.close(entries);
    }
}

Json honest_visits() {
    Team team(1);
    Hand hand(team);
    std::uint64_t turn = 0;
    fill(hand, 20'000, [&](std::uint64_t seq) {
        if (seq % 10 == 1) return contact_entry(seq);
        const protocol::InteractionCreate visit{
            .kind = {1, {}}, .outcome = {1 + ++turn % 9, {}}, .note = "spoke at the door"};
        return protocol::encode_entry(
            {.type = static_cast<std::uint64_t>(EventType::interaction_create),
             .record = protocol::Reference{0, {seq}},
             .parent = protocol::Reference{0, {seq - seq % 10 + 1}},
             .time_offset_ms = static_cast<std::int64_t>(turn * 7'919 % 3'600'000),
             .body = protocol::encode(visit)});
    });
    return cost_of(team, hand);
}

// One field with very many values at once.
Json many_values() {
    Team team(1);
    Hand hand(team);
    fill(hand, 5'001, [&](std::uint64_t seq) {
        return seq == 1 ? contact_entry(seq)
                        : edit_entry(engine::field::phone, std::to_string(seq), false);
    });
    return cost_of(team, hand);
}

void fill_with_tags(Hand& hand) {
    fill(hand, 80'001, [](std::uint64_t seq) {
        return seq == 1 ? contact_entry(seq)
                        : edit_entry(engine::field::tags, std::to_string(seq), true);
    });
}

// A contact with very many tags, and then blocks that each touch it.
Json fat_contact() {
    Team team(1);
    Hand hand(team);
    fill_with_tags(hand);
    for (int block = 0; block < 20; ++block)
        fill(hand, 511, [](std::uint64_t) {
            return entry(EventType::retract, {0, {1}}, protocol::encode_retract());
        });
    return cost_of(team, hand);
}

// The same contact is there already; small blocks that touch it come one by one.
Json fat_contact_small_blocks() {
    Team team(1);
    Hand hand(team);
    fill_with_tags(hand);
    const std::size_t before = hand.blocks().size();
    for (int block = 0; block < 200; ++block)
        fill(hand, 5, [](std::uint64_t seq) {
            return edit_entry(engine::field::tags, "small " + std::to_string(seq), true);
        });
    return cost_of(team, hand, {.before = before, .per_commit = 1});
}

// Retracts and nothing else: the smallest entries there are.
Json many_retracts() {
    Team team(1);
    Hand hand(team);
    fill(hand, 100'001, [](std::uint64_t seq) {
        return seq == 1 ? contact_entry(seq)
                        : entry(EventType::retract, {0, {1}}, protocol::encode_retract());
    });
    return cost_of(team, hand);
}

// Contacts that are read as one, each with a tag of its own.
Json many_as_one() {
    Team team(1);
    Hand hand(team);
    fill(hand, 10'000, [](std::uint64_t seq) {
        const Bytes tag = protocol::text_value(std::to_string(seq));
        protocol::ContactCreate event;
        event.values.push_back({engine::field::tags, true, tag});
        event.key = protocol::ExternalKey{"roll", "1"};
        return entry(EventType::contact_create, {0, {seq}}, protocol::encode(event));
    });
    return cost_of(team, hand);
}

Bytes visit_entry(std::uint64_t seq, std::string_view note) {
    const protocol::InteractionCreate visit{.kind = {1, {}}, .outcome = {1, {}}, .note = note};
    return protocol::encode_entry(
        {.type = static_cast<std::uint64_t>(EventType::interaction_create),
         .record = protocol::Reference{0, {seq}},
         .parent = protocol::Reference{0, {1}},
         .body = protocol::encode(visit)});
}

// Blocks of `count` entries, as `make` says them by their number; the first entry is a contact.
Json expanding(
    std::size_t blocks, std::size_t count, const std::function<Bytes(std::uint64_t seq)>& make) {
    Team team(1);
    Hand hand(team);
    hand.close({contact_entry(1)});
    for (std::size_t block = 0; block < blocks; ++block) {
        std::vector<Bytes> entries;
        for (std::uint64_t i = 0; i < count; ++i) entries.push_back(make(hand.next() + i));
        hand.close(entries);
    }
    return cost_of(team, hand);
}

// Notes of one letter: a block of 600 bytes holds 128 KB of them.
Json long_notes() {
    const std::string note(31'000, 'a');
    return expanding(200, 4, [&](std::uint64_t seq) { return visit_entry(seq, note); });
}

// Contacts with values of one letter.
Json long_values() {
    const Bytes value = protocol::text_value(std::string(31'000, 'a'));
    return expanding(200, 4, [&](std::uint64_t seq) {
        protocol::ContactCreate event;
        event.values.push_back({engine::field::name, false, value});
        return entry(EventType::contact_create, {0, {seq}}, protocol::encode(event));
    });
}

// Contacts with values of just the length that stays in the projection, as many as a block holds.
protocol::ContactCreate contact_of(const Bytes& value, std::uint64_t fields) {
    protocol::ContactCreate event;
    for (std::uint64_t field = 1; field <= fields; ++field)
        event.values.push_back({field < 9 ? field : 2'000 + field, false, value});
    return event;
}

Json short_values() {
    const Bytes value = protocol::text_value(std::string(60, 'a'));
    return expanding(100, 370, [&](std::uint64_t seq) {
        return entry(EventType::contact_create, {0, {seq}}, protocol::encode(contact_of(value, 5)));
    });
}

Json many_fields() {
    const Bytes value = protocol::text_value("a");
    return expanding(100, 4, [&](std::uint64_t seq) {
        return entry(
            EventType::contact_create, {0, {seq}}, protocol::encode(contact_of(value, 4'000)));
    });
}

// Contacts that are then hidden, each: what they say has to be there to be merged.
Json touched_values() {
    Team team(1);
    Hand hand(team);
    const Bytes value = protocol::text_value(std::string(60, 'a'));
    for (int block = 0; block < 100; ++block) {
        const std::uint64_t first = hand.next();
        std::vector<Bytes> contacts, retracts;
        for (std::uint64_t i = 0; i < 370; ++i) {
            contacts.push_back(entry(
                EventType::contact_create, {0, {first + i}},
                protocol::encode(contact_of(value, 5))));
            retracts.push_back(
                entry(EventType::retract, {0, {first + i}}, protocol::encode_retract()));
        }
        hand.close(contacts);
        hand.close(retracts);
    }
    return cost_of(team, hand);
}

// Notes that differ in their number alone: neither one by one nor as equals are they small.
Json near_equal_notes() {
    const std::string random = random_letters(1'000);
    return expanding(200, 120, [&](std::uint64_t seq) {
        return visit_entry(seq, std::to_string(seq) + random);
    });
}

// Notes just long enough to be left in the log, as many as a block holds.
Json short_notes() {
    const std::string note(70, 'a');
    return expanding(200, 511, [&](std::uint64_t seq) { return visit_entry(seq, note); });
}

// Edits of one contact with values of one letter.
Json long_edits() {
    const std::string value(31'000, 'a');
    return expanding(
        200, 4, [&](std::uint64_t) { return edit_entry(engine::field::notes, value, false); });
}

// Edits with very many elements of many letters each.
Json long_elements() {
    return expanding(200, 4, [&](std::uint64_t seq) {
        std::vector<Bytes> values;
        for (int i = 0; i < 300; ++i)
            values.push_back(protocol::text_value(
                std::to_string(seq * 1'000 + static_cast<std::uint64_t>(i)) +
                std::string(90, 'a')));
        protocol::Edit edit;
        for (const Bytes& value : values)
            edit.writes.push_back(
                {.kind = protocol::Write::Kind::add_element,
                 .field = engine::field::tags,
                 .value = value});
        return entry(EventType::edit, {0, {1}}, protocol::encode(edit));
    });
}

// Edits that write very many fields.
Json many_writes() {
    const Bytes value = protocol::text_value("a");
    return expanding(100, 4, [&](std::uint64_t) {
        protocol::Edit edit;
        for (std::uint64_t field = 0; field < 3'500; ++field)
            edit.writes.push_back({.field = 2'000 + field, .value = value});
        return entry(EventType::edit, {0, {1}}, protocol::encode(edit));
    });
}

// Contacts whose elements say one letter again and again.
Json equal_elements() {
    const Bytes value = protocol::text_value("a");
    return expanding(200, 4, [&](std::uint64_t seq) {
        protocol::ContactCreate event;
        for (int i = 0; i < 15'000; ++i) event.values.push_back({engine::field::tags, true, value});
        return entry(EventType::contact_create, {0, {seq}}, protocol::encode(event));
    });
}

// Contacts of sources and keys of many letters.
Json long_keys() {
    const std::string source(15'000, 'a');
    return expanding(200, 4, [&](std::uint64_t seq) {
        const std::string key = std::to_string(seq) + std::string(15'000, 'b');
        protocol::ContactCreate event;
        event.key = protocol::ExternalKey{source, key};
        return entry(EventType::contact_create, {0, {seq}}, protocol::encode(event));
    });
}

// Records in logs that nobody has.
Json unknown_logs() {
    Team team(1);
    Hand hand(team);
    std::uint32_t next = 0;
    const Bytes body = protocol::encode(protocol::InteractionCreate{.kind = {1, {}}});
    for (int block = 0; block < 40; ++block) {
        std::vector<protocol::TableRow> table;
        std::vector<Bytes> entries;
        for (std::uint64_t i = 1; i <= 500; ++i) {
            protocol::TableRow row{.log = {}, .seen = {1}, .block_hash_start = {}};
            const std::uint32_t number = ++next;
            for (int byte = 0; byte < 4; ++byte)
                row.log.bytes[static_cast<std::size_t>(31 - byte)] =
                    static_cast<std::uint8_t>(number >> (8 * byte));
            table.push_back(row);
            entries.push_back(protocol::encode_entry(
                {.type = static_cast<std::uint64_t>(EventType::interaction_create),
                 .record = protocol::Reference{0, {hand.next() + i - 1}},
                 .parent = protocol::Reference{i, {1}},
                 .body = body}));
        }
        hand.close(entries, table);
    }
    return cost_of(team, hand);
}

// Tables whose every row claims a block that nobody has, and removals through them.
Json unproven_rows() {
    Team team(1);
    Hand hand(team);
    crypto::SystemEntropy entropy;
    hand.close({contact_entry(1)});
    for (int block = 0; block < 200; ++block) {
        std::vector<protocol::TableRow> table;
        protocol::Restore restore;
        for (std::uint64_t i = 1; i <= 200; ++i) {
            protocol::TableRow row{.log = {}, .seen = {9}, .block_hash_start = entropy.bytes<8>()};
            row.log.bytes[0] = static_cast<std::uint8_t>(i);
            table.push_back(row);
            restore.over.dots.push_back({i, {9}});
        }
        hand.close({entry(EventType::restore, {0, {1}}, protocol::encode(restore))}, table);
    }
    return cost_of(team, hand);
}

const std::vector<std::pair<std::string, std::function<Json()>>> benchmarks{
    {"honest-visits", honest_visits},
    {"many-values", many_values},
    {"fat-contact", fat_contact},
    {"fat-contact-small-blocks", fat_contact_small_blocks},
    {"many-retracts", many_retracts},
    {"many-as-one", many_as_one},
    {"long-notes", long_notes},
    {"long-values", long_values},
    {"near-equal-notes", near_equal_notes},
    {"short-values", short_values},
    {"many-fields", many_fields},
    {"touched-values", touched_values},
    {"short-notes", short_notes},
    {"long-edits", long_edits},
    {"many-writes", many_writes},
    {"long-elements", long_elements},
    {"equal-elements", equal_elements},
    {"long-keys", long_keys},
    {"unknown-logs", unknown_logs},
    {"unproven-rows", unproven_rows}};

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> wanted(argv + 1, argv + argc);
    if (wanted.size() == 3 && wanted[0] == "search")
        return search_for_worse(std::stoull(wanted[1]), std::stoull(wanted[2])) ? 0 : 1;
    for (const auto& [name, measure] : benchmarks) {
        if (!wanted.empty() && std::ranges::find(wanted, name) == wanted.end()) continue;
        Json line{{"name", "hostile: " + name}};
        line.update(measure());
        std::cout << line.dump() << std::endl;
    }
}
