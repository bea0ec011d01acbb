#include <catch2/catch.hpp>

#include "engine/queries/set_aside.h"
#include "engine/queries/workspace_status.h"
#include "engine/replay/digest.h"
#include "engine/workspace/closing_budget.h"
#include "protocol/limits.h"
#include "protocol/sync/leaf.h"
#include "tests/unit/engine/log/hand.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;
using protocol::EventType;

namespace {

protocol::LogId made_up_log(std::uint8_t first) {
    protocol::LogId log;
    log.bytes.fill(0x5a);
    log.bytes[0] = first;
    return log;
}

/// A log of somebody else's that has these many entries here, in a block that nobody reads.
LogOrdinal foreign_log(Desk& desk, const protocol::LogId& id, std::uint32_t entries) {
    const LogOrdinal log = desk->store().ordinal_of(id);
    desk->store().describe(
        log, {.log = id,
              .described = true,
              .device = protocol::DeviceId{desk->environment().entropy.bytes<32>()},
              .turf = desk.north});
    desk->store().append_block(
        {.log = log,
         .block_no = 0,
         .first_seq = {1},
         .count = entries,
         .hash = protocol::BlockHash{desk->environment().entropy.bytes<32>()},
         .bytes = Bytes(8)});
    return log;
}

Bytes edit_body(std::string_view text, const std::vector<protocol::Reference>& over = {}) {
    const Bytes value = protocol::text_value(text);
    protocol::Write write{.kind = protocol::Write::Kind::set_register, .field = 20, .value = value};
    write.over.dots = over;
    return protocol::encode(protocol::Edit{.writes = {write}});
}

EntryDraft note_on(LocalDot contact, std::string_view text) {
    return {.type = EventType::edit, .record = contact, .body = edit_body(text)};
}

EntryDraft visit_on(LocalDot contact) {
    return {
        .type = EventType::interaction_create,
        .parent = contact,
        .body = protocol::encode(protocol::InteractionCreate{.kind = {1, {}}, .outcome = {1, {}}})};
}

EntryDraft correction_of(LocalDot visit, LocalDot contact) {
    return {
        .type = EventType::edit,
        .record = visit,
        .parent = contact,
        .body = edit_body("corrected")};
}

StateDigest digest(Desk& desk) {
    return digest_of_turf(desk->projection(), desk->store(), desk.north);
}

std::size_t visits(Desk& desk, LocalDot contact) {
    return Queries(*desk).interactions_of(contact).size();
}

LocalDot at(Desk& desk, Desk& other, LocalDot dot) {
    const auto log = other->store().find_log(desk->store().info(dot.log()).log);
    REQUIRE(log);
    return LocalDot::of(*log, dot.seq());
}

}  // namespace

TEST_CASE("what refers to nothing here is set aside, and the rest is closed", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    Desk& omar = office.join("Omar");
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    office.carry_all();
    const LocalDot unheard = LocalDot::of(carla->store().ordinal_of(made_up_log(9)), {3});
    const LocalDot theirs = add_person(omar, "Rosa", "Diaz");
    office.carry_all();
    const LocalDot beyond = {at(omar, carla, theirs).value + 40};

    carla->append(carla.north, visit_on(ana));
    const LocalDot lost = carla->append(carla.north, correction_of(unheard, ana));
    const LocalDot hanging = carla->append(carla.north, visit_on(beyond));
    carla->append(carla.north, correction_of(hanging, ana));
    carla->append(carla.north, visit_on(ana));
    const LogWriter::Closed closed = carla->close_blocks();
    CHECK(closed.entries == 5);
    CHECK(closed.set_aside == 3);
    CHECK(carla->store().open_count() == 0);
    CHECK(visits(carla, ana) == 2);

    office.carry(carla, omar);
    CHECK(visits(omar, at(carla, omar, ana)) == 2);
    CHECK(digest(omar) == digest(carla));
    CHECK(status_of(*omar).unknown == 0);

    office.reopen(carla);
    CHECK(digest(omar) == digest(carla));
    const auto aside = status_of(*carla).set_aside;
    REQUIRE(aside.size() == 3);
    CHECK(aside[0].entry == lost);
    CHECK(aside[0].record == unheard);
    CHECK(aside[0].type == "interaction.edit");
    CHECK(aside[0].why == WhySetAside::missing);
    REQUIRE(aside[0].steps.size() == 1);
    CHECK(aside[0].steps[0].value == "corrected");

    carla->append(carla.north, visit_on(ana));
    CHECK(carla->close_blocks().set_aside == 0);
    office.carry(carla, omar);
    CHECK(visits(omar, at(carla, omar, ana)) == 3);
}

TEST_CASE("what hangs on an entry that was set aside before follows it", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot nobody = LocalDot::of(carla->store().ordinal_of(made_up_log(9)), {3});
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    const LocalDot visit = carla->append(carla.north, visit_on(nobody));
    CHECK(carla->close_blocks().set_aside == 1);
    carla->append(carla.north, correction_of(visit, ana));
    CHECK(carla->close_blocks().set_aside == 1);
    CHECK(set_aside_of(*carla).size() == 2);
}

TEST_CASE("a snapshot from before something was set aside is not read any more", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    const LocalDot nobody = LocalDot::of(carla->store().ordinal_of(made_up_log(9)), {3});
    const auto body = edit_body("seen by nobody", {open_reference(nobody, ana.log())});
    carla->append(carla.north, {.type = EventType::edit, .record = ana, .body = body});
    const auto open = digest(carla);
    REQUIRE(carla->save_snapshot(true));
    REQUIRE(carla->close_blocks().set_aside == 1);
    const auto closed = digest(carla);
    REQUIRE_FALSE(closed == open);
    office.reopen(carla);
    CHECK(digest(carla) == closed);
}

TEST_CASE("entries that grow when they are closed make two blocks of one", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    // Ordinal of one byte, but the last place of the table, which needs two.
    const LogOrdinal last = foreign_log(carla, made_up_log(0xff), 2000);
    std::vector<protocol::Reference> over;
    for (std::uint8_t first = 1; first <= 29; ++first)
        over.push_back({foreign_log(carla, made_up_log(first), 1).value, {1}});
    REQUIRE(last.value < 24);
    for (std::uint64_t seq = 1; seq <= 1500; ++seq) over.push_back({last.value, {seq}});
    carla->close_blocks();

    // Written with so long a text; how many bytes its open form has.
    const auto write = [&](std::size_t text) {
        const LocalDot dot = carla->append(
            carla.north, {.type = EventType::edit,
                          .record = ana,
                          .body = edit_body(std::string(text, 'x'), over)});
        return carla->writer().unseal(dot, *carla->store().open_entry(dot)).size();
    };
    constexpr std::size_t text = 20'000;
    const std::size_t size = write(text);
    for (int i = 0; i < 3; ++i) REQUIRE(write(text) == size);
    const std::size_t left = protocol::entries_size_max - 4 * size;
    REQUIRE(write(left - (size - text)) == left);
    CHECK(carla->close_blocks().blocks == 2);
    CHECK(carla->store().open_count() == 0);
}

TEST_CASE("entries that each name logs of their own make no table too large", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    carla->close_blocks();
    carla->begin_group();
    const auto someones = [&] {
        const protocol::LogId id{carla->environment().entropy.bytes<32>()};
        return LocalDot::of(foreign_log(carla, id, 1), {1});
    };
    for (std::size_t i = 0; i < protocol::block_entries_max; ++i) {
        const protocol::Reference seen[] = {
            open_reference(someones(), ana.log()), open_reference(someones(), ana.log())};
        carla->append(
            carla.north, {.type = EventType::edit,
                          .record = ana,
                          .parent = someones(),
                          .body = edit_body("seen", {std::begin(seen), std::end(seen)})});
    }
    carla->commit_group();
    const LogWriter::Closed closed = carla->close_blocks();
    CHECK(closed.blocks == 2);
    CHECK(closed.set_aside == 0);
}

TEST_CASE("an entry fits when a block of its own takes it as it is closed", "[log]") {
    const LocalDot contact = LocalDot::of({2}, {1});
    const auto fits = [&](std::size_t dots, std::size_t filler) {
        std::vector<protocol::Reference> over;
        for (std::uint64_t seq = 1; seq <= dots; ++seq) over.push_back({2, {900'000 + seq}});
        return fits_an_entry(
            {.type = EventType::edit,
             .record = contact,
             .body = edit_body(std::string(filler, 'x'), over)});
    };
    CHECK(fits(0, 32 * 1024 - 64));
    CHECK_FALSE(fits(0, 32 * 1024));
    CHECK(fits(4000, 0));
    CHECK(fits(4000, 4000));
    CHECK_FALSE(fits(4000, 6000));
    CHECK_FALSE(fits(4097, 0));

    std::vector<protocol::Reference> many_logs;
    for (std::uint64_t log = 3; log < 900; ++log) many_logs.push_back({log, {1}});
    CHECK_FALSE(fits_an_entry(
        {.type = EventType::edit, .record = contact, .body = edit_body("x", many_logs)}));
}

TEST_CASE("rows of a sheet and people's own words never share a block", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    carla->close_blocks();
    EntryDraft row = note_on(ana, "from the sheet");
    row.from_outside = true;
    carla->append(carla.north, note_on(ana, "mine"));
    carla->append(carla.north, row);
    carla->append(carla.north, row);
    carla->append(carla.north, note_on(ana, "mine again"));
    CHECK(carla->close_blocks().blocks == 3);
    CHECK(last_block(carla, carla.north)->parsed.core.count == 1);
}

TEST_CASE("a block that is closed after a pull carries the head that was pulled", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    REQUIRE_FALSE(add_person(carla, "Ana", "Ruiz").is_none());
    const protocol::StreamHead head{
        .hub_epoch = 3,
        .turf = carla->store().turf(carla.north),
        .turf_seq = 17,
        .time = carla->environment().clock.now()};
    protocol::SignedHead signed_head{.head = protocol::encode_stream_head(head)};
    signed_head.signature.fill(0x77);
    carla->store().set_cursor(
        carla.north, {head.turf, head.hub_epoch, head.turf_seq, head.turf_chain}, signed_head);
    carla->close_blocks();
    const auto block = last_block(carla, carla.north);
    REQUIRE(block->parsed.core.seen);
    CHECK(block->parsed.core.seen->hub_epoch == 3);
    CHECK(block->parsed.core.seen->turf_seq == 17);
    CHECK(block->parsed.core.seen->signature == signed_head.signature);
}

TEST_CASE("common names no more of the other logs than leave an entry room", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const Identity& own = carla->identity();
    for (std::size_t i = 0; i <= heads_foreseen; ++i) {
        const protocol::LogId id{carla->environment().entropy.bytes<32>()};
        const LogOrdinal log = carla->store().ordinal_of(id);
        carla->store().describe(
            log, {.log = id,
                  .described = true,
                  .device = own.keys.device(),
                  .turf = carla.north,
                  .incarnation = own.incarnation});
        carla->store().append_block({.log = log, .first_seq = {1}, .count = 1, .bytes = Bytes(8)});
    }
    carla->close_blocks();
    const auto common = last_block(carla, TurfNumber{0});
    CHECK(common->payload.preamble.heads->size() == heads_foreseen);
}

TEST_CASE(
    "common names where this incarnation's other logs end, as they are closed with it", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const TurfNumber common{0};
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    carla->close_blocks();
    const auto name = [&](const char* text) {
        const auto workspace = carla->identity().workspace;
        REQUIRE(People(*carla).name(protocol::Profile::Kind::workspace, workspace.view(), text));
    };
    const auto heads = [&] { return *last_block(carla, common)->payload.preamble.heads; };

    carla->append(carla.north, visit_on(ana));
    name("Fields");
    carla->close_blocks();
    const LogOrdinal north = carla->writer().own_log(carla->roster(), carla.north);
    REQUIRE(heads().size() == 1);
    CHECK(heads()[0].log == carla->store().info(north).log);
    CHECK(heads()[0].last == protocol::Seq{2});
    CHECK(heads()[0].block == carla->store().head(north)->hash);

    // A branch of it, as a copy of this laptop would have made it, is none of its logs.
    const LogOrdinal branch = carla->store().ordinal_of(made_up_log(7));
    LogInfo info = carla->store().info(north);
    info.log = made_up_log(7);
    info.branch = Branch{north, north, 1, {2}};
    carla->store().describe(branch, info);
    carla->store().append_block(
        {.log = branch,
         .block_no = 1,
         .first_seq = {2},
         .count = 1,
         .hash = protocol::BlockHash{carla->environment().entropy.bytes<32>()},
         .bytes = Bytes(8)});
    name("Meadows");
    carla->close_blocks();
    REQUIRE(heads().size() == 1);
    CHECK(heads()[0].log == carla->store().info(north).log);

    carla->begin_incarnation();
    name("Woods");
    carla->close_blocks();
    CHECK(heads().empty());
}

TEST_CASE("an open entry opens in its own place only", "[log]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    const LocalDot rosa = add_person(carla, "Rosa", "Diaz");
    const Bytes first = *carla->store().open_entry(ana);
    const Bytes second = *carla->store().open_entry(rosa);
    CHECK_NOTHROW(carla->writer().unseal(ana, first));
    CHECK_THROWS_AS(carla->writer().unseal(ana, second), StorageFailure);
    CHECK_THROWS_AS(carla->writer().unseal(rosa, first), StorageFailure);
}
