#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/desk/authors.h"
#include "engine/log/hub_waits.h"
#include "engine/queries/entry_steps.h"
#include "protocol/ids.h"

/// How a vault stands on this laptop, as values.
namespace vereda::client {

struct TurfRow {
    std::string id;
    std::string name;
};

struct TurfStanding {
    std::string name;
    std::string id;
    std::string digest;
    std::uint64_t contacts = 0;
    std::uint64_t interactions = 0;
    std::uint64_t conflicts = 0;
};

/// Own work that the disk destroyed before anybody else had it.
struct LostWorkShown {
    std::string place;             ///< As an audit names it.
    std::uint64_t entries = 0;     ///< 0: nothing says how many.
    std::vector<std::string> ids;  ///< Their ids, the first twenty.
    std::optional<std::string> turf;
    std::optional<protocol::Millis> after;  ///< The entry before them was written then.
    protocol::Millis before;                ///< They were written by then.
    std::vector<std::string> contacts;      ///< Contacts among them.
};

/// A contact that is not here, though visits to it or changes of it are.
struct MissingContactShown {
    std::string contact;
    bool lost = false;  ///< It never comes. Otherwise it may.
    std::uint64_t interactions = 0;
};

/// Removals that count for nothing here, because nothing proves what their author had seen.
struct UnprovenShown {
    AuthorShown author;
    std::uint64_t waiting = 0;       ///< For a block that is not here.
    std::uint64_t contradicted = 0;  ///< Another block stands there.
};

/// An own action that no block could hold.
struct SetAsideShown {
    enum class Why { missing, too_large };
    std::string entry;
    Why why{};
    std::string record;
    std::string type;  ///< Empty, as what follows, where it lies damaged.
    protocol::Millis at;
    std::vector<engine::Step> steps;
    std::string evidence;  ///< Of a consent lift.
};

struct StatusShown {
    std::string workspace;
    AuthorShown owner;  ///< This laptop and its member.
    std::string role;   ///< Empty while the laptop has not joined.
    bool joining = false;
    bool has_hub = false;
    std::uint64_t contacts = 0;
    std::uint64_t interactions = 0;
    std::uint64_t conflicts = 0;
    std::uint64_t unsynced = 0;  ///< Own entries that the hub has not acknowledged.
    engine::HubWaitCount waits;  ///< Of those, what the hub has put off.
    std::uint64_t pending = 0;   ///< Entries that do not open here yet.
    std::uint64_t damaged = 0;   ///< Entries that this disk has damaged or lost, at least.
    bool has_damage = false;     ///< Something is not whole, whether or not it has entries.
    bool old_copy = false;       ///< It may lack later work.
    bool may_catch_up = false;   ///< A sync can bring what an older copy lacks.
    std::vector<LostWorkShown> lost;
    std::vector<MissingContactShown> missing_contacts;
    std::uint64_t withheld = 0;
    std::uint64_t no_authority = 0;
    std::uint64_t unknown = 0;      ///< Of a later version, malformed or foreign.
    std::uint64_t waiting = 0;      ///< Blocks that wait for others.
    std::uint64_t own_waiting = 0;  ///< Of those, this laptop's own.
    std::uint64_t forks = 0;
    std::uint64_t roster_forks = 0;
    std::vector<UnprovenShown> unproven;
    std::vector<SetAsideShown> set_aside;
    std::vector<TurfStanding> turfs;
    std::string digest;  ///< Of all turfs held.
};

/// The state as the log alone gives it.
struct ReplayShown {
    std::uint64_t entries = 0;   ///< Applied.
    std::uint64_t left_out = 0;  ///< Later than was asked for.
    std::uint64_t contacts = 0;
    std::uint64_t interactions = 0;
    std::uint64_t conflicts = 0;
    std::optional<bool> same_as_in_use;  ///< Of the whole log.
    std::vector<TurfStanding> turfs;     ///< Without their ids.
    std::string digest;
};

/// What a sync has to tell once.
struct SyncNews {
    std::vector<std::string> hidden_contacts;
    std::vector<std::string> hidden_visits;
    std::vector<std::string>
        hidden_visits_contacts;  ///< For each of these, the contact it was with.
    std::vector<LostWorkShown> lost;
    bool sent_under_new_ids = false;  ///< What came after the lost work.
};

}  // namespace vereda::client
