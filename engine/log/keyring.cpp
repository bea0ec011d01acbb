#include "engine/log/keyring.h"

#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

constexpr std::string_view prefix = "turf-key/";

// A turf key's name among the secrets: "turf-key/" | turf 16 | u64 epoch, in hexadecimal.
std::string secret_name(const protocol::TurfId& turf, protocol::Epoch epoch) {
    Bytes raw(turf.bytes.begin(), turf.bytes.end());
    append_u64(raw, epoch.value);
    std::string name(prefix);
    for (const std::uint8_t byte : raw) {
        name += "0123456789abcdef"[byte >> 4];
        name += "0123456789abcdef"[byte & 15];
    }
    return name;
}

// [turf, epoch, key]: what is sealed names itself.
crypto::SecretBytes encode_secret(
    const protocol::TurfId& turf, protocol::Epoch epoch, ByteView key) {
    Bytes out;
    out.reserve(128);
    protocol::CborWriter(out)
        .array(3)
        .byte_string(turf.view())
        .unsigned_integer(epoch.value)
        .byte_string(key);
    crypto::SecretBytes secret = crypto::SecretBytes::copy_of(out);
    crypto::wipe(out);
    return secret;
}

}  // namespace

void Keyring::load(LogStore& store, const SecretSealer& sealer) {
    for (const auto& [name, sealed] : store.secrets()) {
        if (!name.starts_with(prefix)) continue;
        const auto secret = sealer.open(name, sealed);
        if (!secret) continue;  // the next sync asks for it; an audit names it
        protocol::CborReader reader(secret->view());
        reader.array_of(3);
        const auto turf = reader.id<protocol::TurfId>();
        const protocol::Epoch epoch{reader.unsigned_integer()};
        const ByteView key = reader.byte_string();
        VEREDA_ASSERT(reader.finished());
        keys_.insert_or_assign({turf, epoch}, protocol::EpochKeys::derive(key));
    }
}

std::expected<void, Keyring::AddError> Keyring::add(
    const Roster& roster, const protocol::TurfId& turf, protocol::Epoch epoch, ByteView epoch_key,
    LogStore& store, const SecretSealer& sealer) {
    const auto commitment = roster.key_commitment(turf, epoch);
    if (!commitment) return std::unexpected(AddError::no_such_epoch);
    if (epoch_key.size() != protocol::EpochKeys::key_size)
        return std::unexpected(AddError::wrong_commitment);
    protocol::EpochKeys keys = protocol::EpochKeys::derive(epoch_key);
    if (keys.commitment() != *commitment) return std::unexpected(AddError::wrong_commitment);
    const std::string name = secret_name(turf, epoch);
    store.put_secret(name, sealer.seal(name, encode_secret(turf, epoch, epoch_key).view()));
    keys_.insert_or_assign({turf, epoch}, std::move(keys));
    return {};
}

void Keyring::unlock_history(const Roster& roster, LogStore& store, const SecretSealer& sealer) {
    for (const RosterTurf& turf : roster.turfs()) {
        for (std::uint64_t epoch = turf.epochs.size(); epoch > 1; --epoch) {
            const protocol::EpochKeys* keys = find(turf.id, {epoch});
            const auto& sealed = turf.epochs[epoch - 1].previous;
            if (keys == nullptr || !sealed || find(turf.id, {epoch - 1}) != nullptr) continue;
            const auto previous =
                protocol::open_previous_key(*keys, *sealed, roster.workspace(), turf.id, {epoch});
            if (previous)
                static_cast<void>(
                    add(roster, turf.id, {epoch - 1}, previous->view(), store, sealer));
        }
    }
}

const protocol::EpochKeys* Keyring::find(
    const protocol::TurfId& turf, protocol::Epoch epoch) const {
    const auto found = keys_.find({turf, epoch});
    return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace vereda::engine
