#include "engine/workspace/kept_roster.h"

#include <charconv>

#include "engine/storage/storage_failure.h"

namespace vereda::engine {
namespace {

constexpr std::string_view change_prefix = "roster-change-";
constexpr const char* forks_name = "roster-forks";
constexpr std::size_t forks_max = 16;  // somebody with authority may sign any number

}  // namespace

void keep_change(
    LogStore& store, const SecretSealer& sealer, protocol::RosterPosition position,
    ByteView request) {
    const std::string name = std::string(change_prefix) + std::to_string(position.value);
    store.put_secret(name, sealer.seal(name, request));
}

std::map<protocol::RosterPosition, Bytes> kept_changes(
    LogStore& store, const SecretSealer& sealer) {
    std::map<protocol::RosterPosition, Bytes> kept;
    for (const std::string& name : store.secret_names()) {
        if (!name.starts_with(change_prefix)) continue;
        protocol::RosterPosition position;
        const char* const digits = name.data() + change_prefix.size();
        std::from_chars(digits, name.data() + name.size(), position.value);
        const auto request = sealer.open(name, *store.secret(name));
        if (!request) throw StorageFailure(StorageFault::corrupt, "a kept change of the roster");
        kept.emplace(position, Bytes(request->view().begin(), request->view().end()));
    }
    return kept;
}

void keep_forks(LogStore& store, const Roster& roster) {
    Bytes entries;
    std::size_t count = 0;
    for (const RosterFork& fork : roster.forks()) {
        if (count++ < forks_max) append(entries, fork.theirs);
    }
    store.put_meta(forks_name, entries);
}

void load_forks(LogStore& store, Roster& roster) {
    const auto entries = store.meta(forks_name);
    if (!entries) return;
    protocol::CborReader in(*entries);
    while (in.ok() && !in.finished()) {
        const ByteView wire = in.item();
        const auto entry = protocol::parse_roster_entry(wire);
        // Only beside what is there: nothing gets on the roster this way.
        if (!entry || entry->position >= roster.next_position()) continue;
        static_cast<void>(roster.append(wire));
    }
}

}  // namespace vereda::engine
