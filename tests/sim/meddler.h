#pragma once

#include <expected>
#include <functional>

#include "tests/sim/world.h"

namespace vereda::sim {

using HubSays = std::expected<Bytes, protocol::Refusal>;

/// A hub between the laptop and the real one: may change what is answered.
using Meddler = std::function<void(const engine::sync::Message&, HubSays&)>;

inline const Meddler untouched = [](const engine::sync::Message&, HubSays&) {};

/// A whole hub of one's own making.
using HubVoice = std::function<HubSays(const engine::sync::Message&)>;

/// One conversation, and how many messages it took.
struct Conversation {
    engine::sync::Report report;
    std::size_t messages = 0;
    bool ended = false;  ///< Within `messages_max`.
};

inline constexpr std::size_t messages_max = 20;

/// What the true hub answers to `message`.
[[nodiscard]] HubSays ask(World& world, Laptop& laptop, const engine::sync::Message& message);

/// Of a push: every block is taken with the leaf that would be next, and none is kept.
[[nodiscard]] HubSays take_and_drop(
    World& world, Laptop& laptop, const engine::sync::Message& message);

[[nodiscard]] Conversation converse_with(
    Laptop& laptop, const HubVoice& hub, engine::sync::Plan plan = {});
[[nodiscard]] Conversation converse(
    World& world, Laptop& laptop, const Meddler& meddle, engine::sync::Plan plan = {});

/// The report of a conversation that has to end.
engine::sync::Report sync_through(World& world, Laptop& laptop, const Meddler& meddle);

/// Lets `change` alter every turf of every answer.
[[nodiscard]] Meddler changing_turfs(std::function<void(protocol::PulledTurf&)> change);
/// The same of the roster's answers and of the verdicts on what was pushed.
[[nodiscard]] Meddler changing_roster(std::function<void(protocol::RosterReadAnswer&)> change);
[[nodiscard]] Meddler changing_push(std::function<void(protocol::PushAnswer&)> change);

/// A contact in the first turf, noted as acknowledged.
engine::LocalDot add_contact(World& world, Laptop& laptop);
[[nodiscard]] std::size_t contacts_shown(Laptop& laptop);

}  // namespace vereda::sim
