#include "tests/sim/meddler.h"

/// A hub that lies, now and then, as the weather says.
namespace vereda::sim {

using engine::sync::Message;

std::optional<server::HubAnswer> World::lie_about_push(Laptop& laptop, const Message& message) {
    const bool lies_now = message.name == protocol::MessageName::push &&
                          weather.dropped_push != 0 && dice.one_in(weather.dropped_push);
    if (!lies_now) return std::nullopt;
    ++lies["push dropped"];
    return server::HubAnswer{.status = 200, .body = *take_and_drop(*this, laptop, message)};
}

server::HubAnswer World::lie_about_blocks(const Message& message, server::HubAnswer answer) {
    if (answer.status != 200 || (weather.spoilt_block == 0 && weather.hollow_block == 0))
        return answer;
    HubSays said = answer.body;
    changing_turfs([&](protocol::PulledTurf& pulled) {
        for (protocol::ServedBlock& served : pulled.blocks) {
            if (weather.spoilt_block != 0 && dice.one_in(weather.spoilt_block)) {
                served.block.back() ^= 1;
                ++lies["block spoilt"];
            } else if (weather.hollow_block != 0 && dice.one_in(weather.hollow_block)) {
                if (hollow_out(served.block)) ++lies["entries taken out of a block"];
            }
        }
    })(message, said);
    answer.body = std::move(*said);
    return answer;
}

// Takes some entries out, as a holder of the turf's key can: the coordinator has them all.
bool World::hollow_out(Bytes& block) {
    const engine::Workspace& holder = laptops[0]->workspace();
    const protocol::WorkspaceId& workspace = holder.roster().workspace();
    const Bytes whole = block;
    const auto parsed = protocol::parse_block(workspace, whole);
    const auto* keys = holder.keyring().find(parsed->core.turf, parsed->core.epoch);
    const auto opened = protocol::open_payload(*parsed, *keys, workspace);
    if (!opened) return false;
    protocol::EmptySlots empty;
    for (std::size_t slot = 1; slot <= opened->slots.size(); ++slot) {
        if (slot == 1 || dice.one_in(3)) empty.set(slot);
    }
    block = protocol::with_payload(
        *parsed, protocol::reseal_payload(*parsed, *opened, empty, *keys, workspace));
    return true;
}

}  // namespace vereda::sim
