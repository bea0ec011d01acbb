#include "engine/workspace/kept_roster.h"

#include <charconv>

#include "engine/storage/storage_failure.h"
#include "engine/storage/transaction.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

constexpr std::string_view change_prefix = "roster-change-";
constexpr const char* forks_name = "roster-forks";
constexpr std::size_t forks_max = 16;  // somebody with authority may sign any number

Bytes place_of(std::uint64_t position) {
    Bytes place = protocol::domain_prefix("roster-entry");
    append_u64(place, position);
    return place;
}

}  // namespace

Bytes RosterSealer::seal(std::uint64_t position, ByteView entry) const {
    return sealer_.seal(place_of(position), entry);
}

std::expected<Bytes, UnsealError> RosterSealer::open(
    std::uint64_t position, ByteView sealed) const {
    return sealer_.open(place_of(position), sealed);
}

void keep_entry(
    LogStore& store, const RosterSealer& sealer, std::uint64_t position, ByteView entry) {
    store.append_roster(position, sealer.seal(position, entry));
}

std::vector<Bytes> kept_entries(LogStore& store, const RosterSealer& sealer) {
    std::vector<Bytes> entries;
    for (const Bytes& sealed : store.sealed_roster()) {
        auto entry = sealer.open(entries.size(), sealed);
        if (!entry) throw StorageFailure(StorageFault::corrupt, "a kept entry of the roster");
        entries.push_back(std::move(*entry));
    }
    return entries;
}

void keep_change(
    LogStore& store, const SecretSealer& sealer, protocol::RosterPosition position,
    ByteView request) {
    const std::string name = std::string(change_prefix) + std::to_string(position.value);
    store.put_secret(name, sealer.seal(name, request));
}

std::map<protocol::RosterPosition, Bytes> kept_changes(
    LogStore& store, const SecretSealer& sealer) {
    std::map<protocol::RosterPosition, Bytes> kept;
    for (const auto& [name, sealed] : store.secrets()) {
        if (!name.starts_with(change_prefix)) continue;
        protocol::RosterPosition position;
        const char* const digits = name.data() + change_prefix.size();
        std::from_chars(digits, name.data() + name.size(), position.value);
        const auto request = sealer.open(name, sealed);
        if (!request) throw StorageFailure(StorageFault::corrupt, "a kept change of the roster");
        kept.emplace(position, Bytes(request->view().begin(), request->view().end()));
    }
    return kept;
}

void keep_forks(LogStore& store, const SecretSealer& sealer, const Roster& roster) {
    Bytes entries;
    std::size_t count = 0;
    for (const RosterFork& fork : roster.forks()) {
        if (count++ < forks_max) append(entries, fork.theirs);
    }
    store.put_secret(forks_name, sealer.seal(forks_name, entries));
}

void load_forks(LogStore& store, const SecretSealer& sealer, Roster& roster) {
    const auto sealed = store.secret(forks_name);
    if (!sealed) return;
    const auto entries = sealer.open(forks_name, *sealed);
    if (!entries) throw StorageFailure(StorageFault::corrupt, "the kept forks of the roster");
    protocol::CborReader in(entries->view());
    while (in.ok() && !in.finished()) {
        const ByteView wire = in.item();
        const auto entry = protocol::parse_roster_entry(wire);
        // Only beside what is there: nothing gets on the roster this way.
        if (!entry || entry->position >= roster.next_position()) continue;
        static_cast<void>(roster.append(wire));
    }
}

void seal_clear_roster(LogStore& store, const RosterSealer& entries, const SecretSealer& forks) {
    Transaction transaction(store.database());
    const std::vector<Bytes> clear = store.take_clear_roster();
    std::uint64_t position = 0;
    for (const Bytes& entry : clear) keep_entry(store, entries, position++, entry);
    const auto clear_forks = store.meta(forks_name);
    if (clear_forks) {
        store.put_secret(forks_name, forks.seal(forks_name, *clear_forks));
        store.forget_meta(forks_name);
    }
    transaction.commit();
    // Until the file itself is written over, they still stand there.
    if (!clear.empty() || clear_forks) store.database().checkpoint();
}

}  // namespace vereda::engine
