#include "tests/sim/world.h"

/// Readers who are handed every block of the workspace in an order of the dice's choice.
namespace vereda::sim {
namespace {

using engine::BlockOpener;

// From the end of `blocks`.
void hand_over(Laptop& laptop, std::vector<BlockOpener::Job>& blocks, std::size_t count) {
    std::vector<BlockOpener::Job> some;
    for (; count != 0 && !blocks.empty(); --count) {
        some.push_back(std::move(blocks.back()));
        blocks.pop_back();
    }
    engine::DirectOpener opener;
    static_cast<void>(laptop.workspace().receive(std::move(some), opener));
}

}  // namespace

Laptop& World::add_reader_in_any_order() {
    std::vector<protocol::TurfId> all = turfs;
    std::sort(all.begin(), all.end());
    Laptop& laptop = add_laptop(all);
    std::vector<BlockOpener::Job> blocks = blocks_in_any_order();
    engine::DirectOpener opener;
    engine::sync::Session session(
        laptop.workspace(), opener, {.close = false, .push = false, .pull = false});
    while (const auto message = session.next()) {
        hand_over(laptop, blocks, dice.up_to(blocks.size() / 2 + 1));
        const auto answer = exchange(laptop, *message, true);
        VEREDA_ASSERT(answer && answer->status == 200);
        session.receive(answer->body);
    }
    VEREDA_ASSERT(session.report().trouble == engine::sync::Trouble::none);
    while (!blocks.empty()) hand_over(laptop, blocks, 1 + dice.up_to(8));
    return laptop;
}

std::vector<BlockOpener::Job> World::blocks_in_any_order() {
    engine::LogStore& store = laptops[0]->workspace().store();
    std::vector<BlockOpener::Job> blocks;
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        store.visit_blocks({log}, {0}, [&](const engine::StoredBlock& block) {
            const std::uint64_t times = 1 + (dice.one_in(3) ? dice.up_to(3) : 0);
            blocks.insert(blocks.end(), times, {block.bytes, block.acceptance, false});
            return true;
        });
    }
    for (std::size_t i = blocks.size(); i > 1; --i) std::swap(blocks[i - 1], blocks[dice.up_to(i)]);
    return blocks;
}

}  // namespace vereda::sim
