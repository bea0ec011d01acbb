#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/actions/actions.h"
#include "engine/log/block_opening.h"
#include "engine/replay/digest.h"
#include "engine/storage/system_files.h"
#include "engine/sync/roster_change.h"
#include "engine/workspace/workspace.h"
#include "protocol/text_id.h"
#include "tests/unit/engine/log/state_seen.h"

/// Makes a real vault, works in it, closes its blocks, and writes for the independent reader
///
///     export.json             its blocks, keys, roster and devices
///     expected.jsonl          what the product reads in the blocks, slot by slot
///     expected_state.json     what it makes of them: proven rows, statuses, ids, digests
///
///     export_vault DIR
using namespace vereda;
using Json = nlohmann::ordered_json;

namespace {

std::string hex(ByteView bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

protocol::TurfId cut_turf(engine::Workspace& workspace) {
    std::optional<engine::TurfMade> made;
    engine::sync::RosterChange change(workspace, [&](const engine::RosterWriter& writer) {
        made = std::move(*writer.create_turf());
        return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
            {made->entries, std::nullopt});
    });
    change.apply_alone();
    VEREDA_ASSERT(change.is_done() && workspace.add_key(made->turf, {1}, made->key.view()));
    return made->turf;
}

// People, visits and edits, in a full block, a small one and one of an imported sheet's kind.
engine::LocalDot work(engine::Workspace& workspace, const protocol::TurfId& turf) {
    engine::People people(workspace);
    const engine::TurfNumber number = workspace.number_of(turf);
    engine::LocalDot last;
    for (int i = 0; i < 200; ++i) {
        const auto contact =
            people.add_contact(number, {.set = {{"given_name", "Ana " + std::to_string(i)}}});
        VEREDA_ASSERT(contact);
        VEREDA_ASSERT(people.add_interaction(
            contact->id, {"door", "spoke", "Ёлкін, مُحَمَّد, Đorđe", std::nullopt}));
        VEREDA_ASSERT(people.edit_contact(contact->id, {.set = {{"district", std::to_string(i)}}}));
        last = contact->id;
    }
    workspace.close_blocks();
    VEREDA_ASSERT(people.add_contact(
        number, {.set = {{"name", "Last"}}, .key = engine::RowKey{"sheet", "7"}}));
    workspace.close_blocks();
    return last;
}

// What takes something away again.
void change_minds(engine::Workspace& workspace, engine::LocalDot contact) {
    engine::People people(workspace);
    VEREDA_ASSERT(people.edit_contact(
        contact, {.add = {{"tags", "vol"}, {"tags", "bus"}}, .consents = {{"sms", false}}}));
    VEREDA_ASSERT(people.edit_contact(contact, {.remove = {{"tags", "vol"}}}));
    VEREDA_ASSERT(people.lift_consent(contact, "sms", "signed card"));
    VEREDA_ASSERT(people.retract_contact(contact));
    VEREDA_ASSERT(people.restore_contact(contact));
    const auto visit = people.add_interaction(contact, {"call", "spoke", "by mistake", {}});
    VEREDA_ASSERT(visit && people.correct_interaction(*visit, {.outcome = "refused"}));
    VEREDA_ASSERT(people.retract_interaction(*visit));
    workspace.close_blocks();
}

protocol::TableRow row_of(engine::Workspace& workspace, engine::LocalDot entry) {
    const engine::StoredBlock block = *workspace.store().block_holding(entry);
    protocol::TableRow row{workspace.store().info(entry.log()).log, entry.seq(), {}};
    std::copy_n(
        block.hash.bytes.begin(), row.block_hash_start.size(), row.block_hash_start.begin());
    return row;
}

// A block of this device's by another program, with one row in its table.
void close_elsewhere(
    engine::Workspace& workspace, const protocol::TurfId& turf, std::uint8_t incarnation,
    const std::vector<protocol::Entry>& entries, const protocol::TableRow& row) {
    const protocol::Millis base = protocol::base_of(workspace.environment().clock.now());
    protocol::BlockDraft draft{
        .workspace = workspace.roster().workspace(),
        .turf = turf,
        .roster_position = workspace.roster().last_position(),
        .roster_hash = workspace.roster().last_hash(),
        .preamble = protocol::encode_preamble({.base = base, .table = {row}})};
    draft.incarnation.bytes.fill(incarnation);
    for (const protocol::Entry& entry : entries)
        draft.entries.push_back(protocol::encode_entry(entry));
    protocol::ClosedBlock closed = protocol::close_block(
        draft, *workspace.keyring().find(turf, {1}), workspace.identity().keys.signing,
        ByteArray<16>{incarnation});
    engine::DirectOpener opener;
    static_cast<void>(workspace.receive({{std::move(closed.wire), std::nullopt, false}}, opener));
}

// A program of a later version binds the contact and writes a field that this one does not know;
// somebody who has not seen the contact writes over it all the same.
void work_of_others(
    engine::Workspace& workspace, const protocol::TurfId& turf, engine::LocalDot contact) {
    const protocol::Reference record{1, contact.seq()};
    const Bytes unheard_of{0x80}, value = protocol::text_value("x");
    protocol::Over creating{.creating = true};
    const Bytes later = protocol::encode(protocol::Edit{
        .writes = {
            {.field = 1100, .value = value, .over = creating},
            {.field = 1099, .value = value, .over = creating}}});
    const Bytes over_name = protocol::encode(
        protocol::Edit{.writes = {{.field = 1, .value = value, .over = creating}}});
    const std::vector<protocol::Entry> entries{
        {.type = 99, .critical = true, .record = record, .body = unheard_of},
        {.type = 3, .record = record, .body = later}};
    protocol::TableRow row = row_of(workspace, contact);
    close_elsewhere(workspace, turf, 0x71, entries, row);
    row.block_hash_start[0] ^= 1;
    const protocol::Entry unproven{.type = 3, .record = record, .body = over_name};
    close_elsewhere(workspace, turf, 0x72, {unproven}, row);
}

// The same binding, and a coordinator who lifts it.
void release(engine::Workspace& workspace, const protocol::TurfId& turf, engine::LocalDot contact) {
    const Bytes unheard_of{0x80};
    const protocol::Entry binding{
        .type = 99,
        .critical = true,
        .record = protocol::Reference{1, contact.seq()},
        .body = unheard_of};
    close_elsewhere(workspace, turf, 0x73, {binding}, row_of(workspace, contact));
    VEREDA_ASSERT(engine::People(workspace).release_contact(contact));
    workspace.close_blocks();
}

Json dot_of(const engine::LogStore& store, engine::LocalDot dot) {
    return {{"log", hex(store.info(dot.log()).log.view())}, {"seq", dot.seq().value}};
}

Json keys_of(const engine::Workspace& workspace, const std::vector<protocol::TurfId>& turfs) {
    Json epochs = Json::array();
    for (const protocol::TurfId& turf : turfs) {
        const protocol::EpochKeys* keys = workspace.keyring().find(turf, {1});
        epochs.push_back(
            {{"turf", hex(turf.view())}, {"epoch", 1}, {"key", hex(keys->epoch_key())}});
    }
    return epochs;
}

Json roster_of(const engine::Workspace& workspace) {
    Json hashes = Json::array();
    for (std::uint64_t position = 0; position < workspace.roster().size(); ++position)
        hashes.push_back(hex(workspace.roster().hash_at({position})->view()));
    return hashes;
}

template <class Visit>
void visit_all_blocks(engine::Workspace& workspace, Visit visit) {
    for (std::uint32_t log = 1; log <= workspace.store().log_count(); ++log) {
        if (!workspace.store().info({log}).described) continue;
        workspace.store().visit_blocks({log}, {0}, [&](const engine::StoredBlock& block) {
            const engine::OpenedBlock opened = engine::open_block(
                workspace.roster().workspace(), workspace.keyring(), block.bytes, std::nullopt);
            VEREDA_ASSERT(opened.payload);
            visit(block, *opened.payload);
            return true;
        });
    }
}

void write_slots(engine::Workspace& workspace, const std::string& path) {
    std::ofstream expected(path);
    visit_all_blocks(
        workspace, [&](const engine::StoredBlock& block, const protocol::OpenedPayload& payload) {
            std::uint64_t seq = block.first_seq.value;
            for (const protocol::Slot& slot : payload.slots) {
                Json line = dot_of(workspace.store(), engine::LocalDot::of(block.log, {seq++}));
                line["entry"] = hex(slot.bytes);
                expected << line.dump() << '\n';
            }
        });
}

// Of the entries of one turf, those that name a record which is bound.
Json bound_in(engine::Workspace& workspace, const protocol::TurfId& turf) {
    Json bound = Json::array();
    visit_all_blocks(
        workspace, [&](const engine::StoredBlock& block, const protocol::OpenedPayload&) {
            if (workspace.store().info(block.log).turf != workspace.number_of(turf)) return;
            for (std::uint64_t i = 0; i < block.count; ++i) {
                const auto dot = engine::LocalDot::of(block.log, {block.first_seq.value + i});
                if (tests::is_bound(workspace.projection(), dot))
                    bound.push_back(dot_of(workspace.store(), dot));
            }
        });
    return bound;
}

Json states_of(engine::Workspace& workspace, const std::vector<protocol::TurfId>& turfs) {
    Json states = Json::array();
    for (const protocol::TurfId& turf : turfs) {
        const engine::StateDigest digest = engine::digest_of_turf(
            workspace.projection(), workspace.store(), workspace.number_of(turf));
        states.push_back(
            {{"turf", hex(turf.view())},
             {"digest", engine::to_text(digest)},
             {"bound", bound_in(workspace, turf)}});
    }
    return states;
}

Json state_of(engine::Workspace& workspace, const std::vector<protocol::TurfId>& turfs) {
    engine::LogStore& store = workspace.store();
    Json rows = Json::object(), entries = Json::array();
    visit_all_blocks(
        workspace, [&](const engine::StoredBlock& block, const protocol::OpenedPayload& payload) {
            rows[hex(block.hash.view())] = tests::proven_rows(store, block.log, payload);
            for (std::uint64_t i = 0; i < block.count; ++i) {
                const auto dot = engine::LocalDot::of(block.log, {block.first_seq.value + i});
                Json entry = dot_of(store, dot);
                entry["id"] = protocol::text_id({store.info(dot.log()).log, dot.seq()});
                entry["status"] = tests::status_of(workspace.projection(), dot);
                entries.push_back(std::move(entry));
            }
        });
    return {{"rows", rows}, {"entries", entries}, {"turfs", states_of(workspace, turfs)}};
}

Json export_of(engine::Workspace& workspace, const std::vector<protocol::TurfId>& turfs) {
    Json exported{
        {"workspace", hex(workspace.roster().workspace().view())},
        {"epochs", keys_of(workspace, turfs)},
        {"roster", roster_of(workspace)},
        {"roles", {{hex(workspace.identity().keys.device().view()), "coordinator"}}},
        {"blocks", Json::array()}};
    visit_all_blocks(
        workspace, [&](const engine::StoredBlock& block, const protocol::OpenedPayload&) {
            exported["blocks"].push_back(hex(block.bytes));
        });
    return exported;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const std::string directory = argv[1];
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    engine::SystemFiles files;
    engine::SystemClock clock;
    crypto::SystemEntropy entropy;
    engine::Environment environment{files, clock, entropy, {}, crypto::passphrase_cost_floor};
    const Bytes key_file(64, 1);
    auto made = engine::Workspace::found(
        environment, directory + "/vault", engine::KeySecret::key_file(key_file),
        {{"Carla", "office"}, "Field work", std::nullopt, std::nullopt}, {});
    VEREDA_ASSERT(made);
    engine::Workspace& workspace = *made->workspace;
    const protocol::TurfId turf = cut_turf(workspace);
    const engine::LocalDot contact = work(workspace, turf);
    change_minds(workspace, contact);
    release(workspace, turf, contact);
    work_of_others(workspace, turf, contact);

    const std::vector<protocol::TurfId> turfs{workspace.roster().common(), turf};
    write_slots(workspace, directory + "/expected.jsonl");
    std::ofstream(directory + "/expected_state.json") << state_of(workspace, turfs).dump();
    const Json exported = export_of(workspace, turfs);
    std::ofstream(directory + "/export.json") << exported.dump();
    std::cout << exported["blocks"].size() << " blocks\n";
}
