#include "engine/replay/replay.h"

#include <catch2/catch.hpp>

#include "engine/schema/fields.h"
#include "protocol/domain.h"
#include "tests/unit/engine/log/block_hand.h"
#include "tests/unit/engine/log/hand.h"

/// What a member with genuine keys may write, and what of it counts.
namespace vereda::tests {
namespace {

using namespace engine;
using protocol::Entry;
using protocol::EventType;
using protocol::Reference;

Entry entry_of(EventType type, std::optional<Reference> record, ByteView body) {
    return {.type = static_cast<std::uint64_t>(type), .record = record, .body = body};
}

/// A block in `common`, which begins a log of the owner's own there.
Bytes block_in_common(Desk& desk, const std::vector<Entry>& entries) {
    const Roster& roster = desk->roster();
    protocol::BlockDraft draft{
        .workspace = roster.workspace(),
        .turf = roster.common(),
        .roster_position = roster.last_position(),
        .roster_hash = roster.last_hash(),
        .preamble = protocol::encode_preamble({.heads = std::vector<protocol::LogHead>{}})};
    draft.incarnation.bytes.fill(0x66);
    for (const Entry& entry : entries) draft.entries.push_back(protocol::encode_entry(entry));
    const protocol::EpochKeys& keys = *desk->keyring().find(draft.turf, draft.epoch);
    return protocol::close_block(draft, keys, desk->identity().keys.signing, ByteArray<16>{1}).wire;
}

void take_alone(Desk& desk, Bytes wire) {
    DirectOpener opener;
    static_cast<void>(desk->receive({{std::move(wire), std::nullopt, false}}, opener));
}

EntryStatus status_of(Desk& desk, const protocol::LogId& log, std::uint64_t seq) {
    const auto here = desk->store().find_log(log);
    REQUIRE(here);
    const auto& exceptions = desk->projection().frontier().exceptions();
    const auto found = exceptions.find(LocalDot::of(*here, {seq}).value);
    return found == exceptions.end() ? EntryStatus::applied : found->second;
}

}  // namespace

TEST_CASE("that a member may write one entry of a block allows none of the others", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    office.carry_all();
    const protocol::MemberId& own = ana->identity().member;
    const protocol::MemberId& carla = office.coordinator()->identity().member;
    const auto profile_of = [](const protocol::MemberId& member, std::string_view name) {
        return protocol::encode(protocol::Profile{.id = member.view(), .name = name});
    };
    const Bytes own_profile = profile_of(own, "Anna");
    const Bytes person = protocol::encode(protocol::ContactCreate{});
    const Bytes others_profile = profile_of(carla, "Mallory");
    const Bytes wire = block_in_common(
        ana, {entry_of(EventType::profile, Reference{0, {1}}, own_profile),
              entry_of(EventType::contact_create, Reference{0, {2}}, person),
              entry_of(EventType::profile, Reference{0, {3}}, others_profile)});
    const auto parsed = protocol::parse_block(bo->roster().workspace(), wire);
    REQUIRE(parsed);
    const bool opens_late = GENERATE(false, true);
    if (opens_late) take_alone(bo, spoilt(wire));
    take_alone(bo, wire);
    CHECK(status_of(bo, parsed->log, 1) == EntryStatus::applied);
    CHECK(status_of(bo, parsed->log, 2) == EntryStatus::no_authority);
    CHECK(status_of(bo, parsed->log, 3) == EntryStatus::no_authority);
    CHECK(Queries(*bo).contacts({}).empty());
    CHECK(Queries(*bo).member_name(carla) == "Carla");
}

TEST_CASE("an entry whose record or parent the table does not name is malformed", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    Hand hand(ana);
    const Bytes person = protocol::encode(protocol::ContactCreate{});
    const Bytes body = protocol::encode_retract();
    Entry visits_nobody = entry_of(EventType::retract, Reference{0, {1}}, body);
    visits_nobody.parent = Reference{3, {1}};
    hand.write(
        {entry_of(EventType::contact_create, Reference{0, {1}}, person), visits_nobody,
         entry_of(EventType::retract, Reference{3, {1}}, body),
         entry_of(static_cast<EventType>(900), Reference{3, {1}}, body)});
    hand.give(bo);
    CHECK(status_of(bo, hand.log(), 1) == EntryStatus::applied);
    CHECK(status_of(bo, hand.log(), 2) == EntryStatus::malformed);
    CHECK(status_of(bo, hand.log(), 3) == EntryStatus::malformed);
    CHECK(status_of(bo, hand.log(), 4) == EntryStatus::malformed);  // of whatever type
    CHECK(Queries(*bo).contacts({}).size() == 1);
}

TEST_CASE("what lies beyond that which a row has seen is named by nobody", "[log]") {
    Office office;
    Desk& bo = office.join("Bo");
    Hand creating(office.join("Ana")), claiming(office.coordinator());
    const Bytes person = protocol::encode(protocol::ContactCreate{});
    creating.write(
        {entry_of(EventType::contact_create, Reference{0, {1}}, person),
         entry_of(EventType::contact_create, Reference{0, {2}}, person)});
    creating.give(bo);
    const auto block = protocol::parse_block(bo->roster().workspace(), creating.last());
    REQUIRE(block);
    const Bytes body = protocol::encode_retract();
    const protocol::Seq seq = claiming.next();
    claiming.write(
        {entry_of(EventType::retract, Reference{1, {2}}, body)},
        {{creating.log(), {1}, start_of(block->hash)}});
    claiming.give(bo);
    CHECK(status_of(bo, claiming.log(), seq.value) == EntryStatus::malformed);
    CHECK(Queries(*bo).contacts({}).size() == 2);
}

TEST_CASE("a record is created under the name of its own entry and no other", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    Hand hand(ana);
    const Bytes person = protocol::encode(protocol::ContactCreate{});
    const Bytes visit = protocol::encode(protocol::InteractionCreate{});
    Entry foreign_visit = entry_of(EventType::interaction_create, Reference{0, {1}}, visit);
    foreign_visit.parent = Reference{0, {1}};
    hand.write(
        {entry_of(EventType::contact_create, Reference{0, {1}}, person),
         entry_of(EventType::contact_create, Reference{0, {1}}, person), foreign_visit});
    hand.give(bo);
    CHECK(status_of(bo, hand.log(), 2) == EntryStatus::malformed);
    CHECK(status_of(bo, hand.log(), 3) == EntryStatus::malformed);
}

TEST_CASE("a profile that does not name itself names nobody", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    const protocol::MemberId& own = ana->identity().member;
    const Bytes name = protocol::encode(protocol::Profile{.id = own.view(), .name = "Anna"});
    const Bytes wire = block_in_common(
        ana, {entry_of(EventType::profile, Reference{0, {2}}, name),
              entry_of(EventType::profile, std::nullopt, name)});
    const auto parsed = protocol::parse_block(bo->roster().workspace(), wire);
    REQUIRE(parsed);
    take_alone(bo, wire);
    CHECK(status_of(bo, parsed->log, 1) == EntryStatus::malformed);
    CHECK(status_of(bo, parsed->log, 2) == EntryStatus::malformed);
    CHECK(Queries(*bo).member_name(own) != "Anna");
}

TEST_CASE("an entry whose removal its table does not cover is malformed, as a whole", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    Hand hand(ana);
    const Bytes person = protocol::encode(protocol::ContactCreate{});
    const Bytes tag = protocol::text_value("vol");
    protocol::Edit edit;
    edit.writes.push_back(
        {.kind = protocol::Write::Kind::add_element, .field = field::tags, .value = tag});
    edit.writes.push_back({.field = field::name, .value = tag, .over = {.dots = {{1, {1}}}}});
    const Bytes edited = protocol::encode(edit);
    hand.write(
        {entry_of(EventType::contact_create, Reference{0, {1}}, person),
         entry_of(EventType::edit, Reference{0, {1}}, edited)});
    hand.give(bo);
    CHECK(status_of(bo, hand.log(), 2) == EntryStatus::malformed);
    const auto contacts = Queries(*bo).contacts({});
    REQUIRE(contacts.size() == 1);
    CHECK(bo->projection().contacts().load(contacts.front().id)->state.items().empty());
}

TEST_CASE("what a later version holds to be critical binds no record of another turf", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    office.carry_all();
    const auto in_common = last_block(ana, ana->number_of(ana->roster().common()));
    Hand hand(office.coordinator());
    const Bytes body = protocol::encode_retract();
    const Entry later{.type = 99, .critical = true, .record = Reference{1, {1}}, .body = body};
    const protocol::Seq seq = hand.next();
    hand.write({later}, {{in_common->parsed.log, {1}, start_of(in_common->parsed.hash)}});
    hand.give(bo);
    CHECK(status_of(bo, hand.log(), seq.value) == EntryStatus::foreign);
}

TEST_CASE("an entry of a later version of its type is not read as this one's", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    Hand hand(ana);
    const Bytes person = protocol::encode(protocol::ContactCreate{});
    Entry later = entry_of(EventType::contact_create, Reference{0, {1}}, person);
    later.version = 2;
    hand.write({later});
    hand.give(bo);
    CHECK(status_of(bo, hand.log(), 1) == EntryStatus::unknown);
    CHECK(Queries(*bo).contacts({}).empty());
}

TEST_CASE("what a contact says twice is taken away, also before it could be read", "[log]") {
    Office office;
    Desk& early = join_quietly(office, "Early");
    Desk& late = join_quietly(office, "Late");
    Hand creating(office.join("Ana")), removing(office.join("Bo"));
    const Bytes red = protocol::text_value("red");
    const protocol::ConsentMark no{.channel = {1}, .state = protocol::ConsentState::withdrawn};
    const protocol::InitialValue tag{.field = field::tags, .element = true, .value = red};
    const Bytes person =
        protocol::encode(protocol::ContactCreate{.values = {tag, tag}, .consents = {no, no}});
    creating.write({entry_of(EventType::contact_create, Reference{0, {1}}, person)});

    const auto block = protocol::parse_block(early->roster().workspace(), creating.last());
    REQUIRE(block);
    const protocol::Over over{.dots = {Reference{1, {1}}}};
    protocol::Edit edit;
    edit.writes.push_back(
        {.kind = protocol::Write::Kind::remove_element,
         .field = field::tags,
         .value = red,
         .over = over});
    const Bytes edited = protocol::encode(edit);
    const Bytes lifted =
        protocol::encode(protocol::ConsentLift{.channel = {1}, .over = over, .evidence = "asked"});
    removing.write(
        {entry_of(EventType::edit, Reference{1, {1}}, edited),
         entry_of(EventType::consent_lift, Reference{1, {1}}, lifted)},
        {{creating.log(), {1}, start_of(block->hash)}});

    take(early, spoilt(creating.last()));
    take(early, removing.last());
    take(early, creating.last());
    take(late, creating.last());
    take(late, removing.last());
    CHECK(shown(late, Queries(*late).contacts({}).front().id, "tags").empty());
    CHECK(digest_of(early) == digest_of(late));
}

TEST_CASE("a row of a table that no entry uses makes no log known", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    Hand hand(ana);
    protocol::TableRow row{.seen = {1}};
    row.log.bytes.fill(0x99);
    const Bytes nothing = protocol::encode_void();
    hand.write({entry_of(EventType::void_entry, std::nullopt, nothing)}, {row});
    hand.give(bo);
    CHECK(status_of(bo, hand.log(), 1) == EntryStatus::applied);
    CHECK_FALSE(bo->store().find_log(row.log));
}

TEST_CASE("fields of the merge itself are written by nobody, and the contact is shown", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    Hand hand(ana);
    const Bytes value = protocol::text_value("x");
    const std::uint64_t reserved = GENERATE(1000, 1001, 1002);
    const Bytes created = protocol::encode(protocol::ContactCreate{
        .values = {
            {.field = reserved, .value = value},
            {.field = reserved + 50, .element = true, .value = value}}});
    protocol::Edit edit;
    edit.writes.push_back({.field = reserved, .value = value});
    edit.writes.push_back(
        {.kind = protocol::Write::Kind::add_element, .field = reserved, .value = value});
    const Bytes edited = protocol::encode(edit);
    hand.write(
        {entry_of(EventType::contact_create, Reference{0, {1}}, created),
         entry_of(EventType::edit, Reference{0, {1}}, edited)});
    hand.give(bo);
    const auto contacts = Queries(*bo).contacts({});
    REQUIRE(contacts.size() == 1);
    const auto row = bo->projection().contacts().load(contacts.front().id);
    REQUIRE(row);
    CHECK(row->state.items().empty());
    CHECK(Queries(*bo).contact(contacts.front().id));
}

}  // namespace vereda::tests
