#include "engine/vault/key_slots.h"

#include <algorithm>
#include <utility>

#include "engine/vault/vault_files.h"

namespace vereda::engine {
namespace {

template <class Error>
Error error_of(MakeSlotError error) {
    return error == MakeSlotError::unfit_secret ? Error::unfit_secret : Error::cost_out_of_bounds;
}

auto find_slot(VaultHeader& header, SlotId id) {
    return std::ranges::find(header.slots, id, &KeySlot::id);
}

}  // namespace

KeySlots::KeySlots(FileSystem& files, std::string vault_directory)
    : files_(files), directory_(std::move(vault_directory)) {}

bool KeySlots::is_occupied() {
    const auto belongs_to_a_vault = [](const std::string& name) {
        return name == header_file_name || name == guard_file_name || name == snapshot_file_name ||
               name.starts_with(log_file_name);
    };
    return std::ranges::any_of(files_.list(directory_), belongs_to_a_vault);
}

std::expected<OpenedVault, CreateVaultError> KeySlots::create(
    const KeySecret& secret, crypto::PassphraseCost cost, crypto::Entropy& entropy) {
    if (is_occupied()) return std::unexpected(CreateVaultError::occupied);
    VaultKey key = VaultKey::generate(entropy);
    VaultHeader header;
    auto slot = make_slot(header.next_slot, secret, cost, key, entropy);
    if (!slot) return std::unexpected(error_of<CreateVaultError>(slot.error()));
    const SlotId id = slot->id;
    header.slots.push_back(std::move(*slot));
    ++header.next_slot.value;

    files_.create_directory(directory_);
    store(header, key);
    expect_opens(id, secret, key);
    return OpenedVault{std::move(key), id};
}

std::expected<OpenedVault, OpenVaultError> KeySlots::open(const KeySecret& secret) {
    auto read = load();
    if (!read) return std::unexpected(read.error());
    OpenVaultError why = OpenVaultError::no_such_slot;
    for (const KeySlot& slot : read->header.slots) {
        if (slot.kind != secret.kind) continue;
        auto key = open_slot(slot, secret);
        if (key && verify_header(*read, *key)) return OpenedVault{std::move(*key), slot.id};
        if (key || key.error() == OpenSlotError::damaged)
            return std::unexpected(OpenVaultError::damaged);
        why = OpenVaultError::wrong_secret;
    }
    return std::unexpected(why);
}

std::expected<SlotId, ChangeSlotsError> KeySlots::add(
    const VaultKey& key, const KeySecret& secret, crypto::PassphraseCost cost,
    crypto::Entropy& entropy) {
    auto header = load_verified(key);
    if (!header) return std::unexpected(header.error());
    if (header->slots.size() == key_slots_max) return std::unexpected(ChangeSlotsError::no_room);
    auto slot = make_slot(header->next_slot, secret, cost, key, entropy);
    if (!slot) return std::unexpected(error_of<ChangeSlotsError>(slot.error()));
    const SlotId id = slot->id;
    header->slots.push_back(std::move(*slot));
    ++header->next_slot.value;
    store(*header, key);
    expect_opens(id, secret, key);
    return id;
}

std::expected<SlotId, ChangeSlotsError> KeySlots::replace(
    const VaultKey& key, SlotId old, const KeySecret& secret, crypto::PassphraseCost cost,
    crypto::Entropy& entropy) {
    auto header = load_verified(key);
    if (!header) return std::unexpected(header.error());
    if (find_slot(*header, old) == header->slots.end()) {
        return std::unexpected(ChangeSlotsError::no_such_slot);
    }
    const auto added = add(key, secret, cost, entropy);
    if (!added) return added;
    if (const auto removed = remove(key, old); !removed) return std::unexpected(removed.error());
    return added;
}

std::expected<void, ChangeSlotsError> KeySlots::remove(const VaultKey& key, SlotId id) {
    auto header = load_verified(key);
    if (!header) return std::unexpected(header.error());
    const auto slot = find_slot(*header, id);
    if (slot == header->slots.end()) return std::unexpected(ChangeSlotsError::no_such_slot);
    if (header->slots.size() == 1) return std::unexpected(ChangeSlotsError::last_slot);
    header->slots.erase(slot);
    store(*header, key);
    return {};
}

std::expected<std::vector<SlotSummary>, OpenVaultError> KeySlots::list() {
    const auto read = load();
    if (!read) return std::unexpected(read.error());
    std::vector<SlotSummary> summaries;
    for (const KeySlot& slot : read->header.slots) summaries.push_back({slot.id, slot.kind});
    return summaries;
}

std::expected<UnverifiedHeader, OpenVaultError> KeySlots::load() {
    const auto file = files_.read(vault_path(directory_, header_file_name), vault_header_size_max);
    if (!file) {
        const bool missing = file.error() == ReadFileError::missing;
        return std::unexpected(missing ? OpenVaultError::missing : OpenVaultError::damaged);
    }
    auto header = parse_header(*file);
    if (!header) {
        const bool newer = header.error() == HeaderError::newer_version;
        return std::unexpected(newer ? OpenVaultError::newer_version : OpenVaultError::damaged);
    }
    return std::move(*header);
}

std::expected<VaultHeader, ChangeSlotsError> KeySlots::load_verified(const VaultKey& key) {
    auto read = load();
    if (!read || !verify_header(*read, key)) return std::unexpected(ChangeSlotsError::cannot_read);
    return std::move(read->header);
}

void KeySlots::store(const VaultHeader& header, const VaultKey& key) {
    files_.write(vault_path(directory_, header_file_name), encode_header(header, key));
}

/// Tries a slot as the disk gives it back. That it does not open is the machine's failure: nobody
/// touched it since.
void KeySlots::expect_opens(SlotId id, const KeySecret& secret, const VaultKey& key) {
    auto header = load_verified(key);
    if (header) {
        const auto slot = find_slot(*header, id);
        const auto opened = slot == header->slots.end() ? std::unexpected(OpenSlotError::damaged)
                                                        : open_slot(*slot, secret);
        if (opened && crypto::equal_in_constant_time(opened->view(), key.view())) return;
    }
    throw StorageFailure(StorageFault::io, "a key slot does not read back as it was written");
}

}  // namespace vereda::engine
