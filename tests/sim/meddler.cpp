#include "tests/sim/meddler.h"

#include <catch2/catch.hpp>

namespace vereda::sim {

using engine::sync::Message;
using engine::sync::Report;
using protocol::MessageName;

HubSays ask(World& world, Laptop& laptop, const Message& message) {
    const engine::Identity& identity = laptop.workspace().identity();
    const server::HubAnswer answer = world.hub->handle(
        {message.name, identity.workspace, identity.keys.http.public_key(), message.body});
    if (answer.status == 200) return answer.body;
    const auto refusal = protocol::parse_refusal_answer(answer.body);
    VEREDA_ASSERT(refusal);
    return std::unexpected(refusal->code);
}

namespace {

HubSays pull(World& world, Laptop& laptop, const protocol::PullRequest& request) {
    return ask(world, laptop, {MessageName::pull, protocol::encode(request)});
}

// As many leaves as the turf's stream has.
std::uint64_t stream_end(World& world, Laptop& laptop, const protocol::TurfId& turf) {
    const protocol::LeafRange all{1, std::uint64_t{1} << 62};
    const HubSays pulled = pull(world, laptop, {.cursors = {{.turf = turf, .held = {all}}}});
    const auto answer = protocol::parse_pull_answer(*pulled);
    return protocol::parse_stream_head(answer->turfs.at(0).head.head)->turf_seq;
}

}  // namespace

HubSays take_and_drop(World& world, Laptop& laptop, const Message& message) {
    const auto push = *protocol::parse_push_request(message.body);
    std::map<protocol::TurfId, std::uint64_t> ends;
    protocol::PushAnswer answer;
    for (const Bytes& block : push.blocks) {
        const auto parsed = protocol::parse_block(laptop.workspace().roster().workspace(), block);
        const auto [end, is_first] = ends.try_emplace(parsed->core.turf);
        if (is_first) end->second = stream_end(world, laptop, end->first);
        protocol::BlockVerdict verdict;
        verdict.outcome = protocol::PushOutcome::accepted;
        verdict.leaf = {++end->second, world.clock.now()};
        answer.verdicts.push_back(verdict);
    }
    if (push.pull)
        answer.turfs = protocol::parse_pull_answer(*pull(world, laptop, *push.pull))->turfs;
    return protocol::encode(answer);
}

Conversation converse_with(Laptop& laptop, const HubVoice& hub, engine::sync::Plan plan) {
    engine::DirectOpener opener;
    engine::sync::Session session(laptop.workspace(), opener, plan);
    Conversation held;
    while (held.messages < messages_max) {
        const std::optional<Message> message = session.next();
        if (!message) break;
        ++held.messages;
        session.receive(hub(*message));
    }
    held.ended = session.is_over() || !session.next();
    held.report = session.report();
    return held;
}

Conversation converse(
    World& world, Laptop& laptop, const Meddler& meddle, engine::sync::Plan plan) {
    const HubVoice hub = [&](const Message& message) {
        HubSays answer = ask(world, laptop, message);
        meddle(message, answer);
        return answer;
    };
    return converse_with(laptop, hub, plan);
}

Report sync_through(World& world, Laptop& laptop, const Meddler& meddle) {
    const Conversation held = converse(world, laptop, meddle);
    REQUIRE(held.ended);
    return held.report;
}

namespace {

void change_all(
    std::vector<protocol::PulledTurf>& turfs,
    const std::function<void(protocol::PulledTurf&)>& change) {
    for (protocol::PulledTurf& turf : turfs) change(turf);
}

}  // namespace

Meddler changing_turfs(std::function<void(protocol::PulledTurf&)> change) {
    return [change = std::move(change)](const Message& message, HubSays& answer) {
        if (!answer) return;
        if (message.name == MessageName::pull) {
            auto pulled = *protocol::parse_pull_answer(*answer);
            change_all(pulled.turfs, change);
            answer = protocol::encode(pulled);
        } else if (message.name == MessageName::push) {
            auto pushed = *protocol::parse_push_answer(*answer);
            change_all(pushed.turfs, change);
            answer = protocol::encode(pushed);
        } else if (message.name == MessageName::roster_read) {
            auto read = *protocol::parse_roster_read_answer(*answer);
            change_all(read.turfs, change);
            answer = protocol::encode(read);
        }
    };
}

Meddler changing_roster(std::function<void(protocol::RosterReadAnswer&)> change) {
    return [change = std::move(change)](const Message& message, HubSays& answer) {
        if (message.name != MessageName::roster_read || !answer) return;
        auto read = *protocol::parse_roster_read_answer(*answer);
        change(read);
        answer = protocol::encode(read);
    };
}

Meddler changing_push(std::function<void(protocol::PushAnswer&)> change) {
    return [change = std::move(change)](const Message& message, HubSays& answer) {
        if (message.name != MessageName::push || !answer) return;
        auto pushed = *protocol::parse_push_answer(*answer);
        change(pushed);
        answer = protocol::encode(pushed);
    };
}

engine::LocalDot add_contact(World& world, Laptop& laptop) {
    const auto contact =
        laptop.people().add_contact(*laptop.turf(world.turfs[0]), {.set = {{"given_name", "Ana"}}});
    REQUIRE(contact);
    laptop.note(contact->id);
    return contact->id;
}

std::size_t contacts_shown(Laptop& laptop) {
    return engine::Queries(laptop.workspace()).contacts({}).size();
}

}  // namespace vereda::sim
