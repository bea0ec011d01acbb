#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/log/block_opening.h"
#include "engine/people/actions.h"
#include "engine/storage/system_files.h"
#include "engine/sync/roster_change.h"
#include "engine/workspace/workspace.h"

/// Makes a real vault, works in it, closes its blocks, and writes them and their keys to
/// export.json for the independent reader, and what the product itself reads in them to
/// expected.jsonl, slot by slot.
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
void work(engine::Workspace& workspace, const protocol::TurfId& turf) {
    engine::People people(workspace);
    const engine::TurfNumber number = workspace.number_of(turf);
    for (int i = 0; i < 200; ++i) {
        const auto contact =
            people.add_contact(number, {.set = {{"given_name", "Ana " + std::to_string(i)}}});
        VEREDA_ASSERT(contact);
        VEREDA_ASSERT(people.add_interaction(
            contact->id, {"door", "spoke", "Ёлкін, مُحَمَّد, Đorđe", std::nullopt}));
        VEREDA_ASSERT(people.edit_contact(contact->id, {.set = {{"district", std::to_string(i)}}}));
    }
    workspace.close_blocks();
    VEREDA_ASSERT(people.add_contact(
        number, {.set = {{"name", "Last"}}, .key = engine::RowKey{"sheet", "7"}}));
    workspace.close_blocks();
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
    work(workspace, turf);

    const protocol::WorkspaceId& id = workspace.roster().workspace();
    Json exported{
        {"workspace", hex(id.view())}, {"epochs", Json::array()}, {"blocks", Json::array()}};
    for (const protocol::TurfId& each : {workspace.roster().common(), turf}) {
        const protocol::EpochKeys* keys = workspace.keyring().find(each, {1});
        exported["epochs"].push_back(
            {{"turf", hex(each.view())}, {"epoch", 1}, {"key", hex(keys->epoch_key())}});
    }
    std::ofstream expected(directory + "/expected.jsonl");
    for (const engine::LogOrdinal log : workspace.writer().own_logs()) {
        workspace.store().visit_blocks(log, {0}, [&](const engine::StoredBlock& block) {
            exported["blocks"].push_back(hex(block.bytes));
            const engine::OpenedBlock opened =
                engine::open_block(id, workspace.keyring(), block.bytes, std::nullopt);
            VEREDA_ASSERT(opened.payload);
            for (std::size_t i = 0; i < opened.payload->slots.size(); ++i) {
                const Json slot{
                    {"log", hex(opened.parsed->log.view())},
                    {"seq", block.first_seq.value + i},
                    {"entry", hex(opened.payload->slots[i].bytes)}};
                expected << slot.dump() << '\n';
            }
            return true;
        });
    }
    std::ofstream(directory + "/export.json") << exported.dump();
    std::cout << exported["blocks"].size() << " blocks\n";
}
