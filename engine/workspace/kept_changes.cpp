#include "engine/workspace/kept_changes.h"

#include <charconv>

#include "engine/storage/storage_failure.h"

namespace vereda::engine {
namespace {

constexpr std::string_view change_prefix = "roster-change-";

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

}  // namespace vereda::engine
