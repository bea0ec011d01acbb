#include <algorithm>
#include <array>
#include <new>

#include "engine/log/log_schema.h"
#include "engine/roster/roster_writer.h"
#include "engine/vault/vault_files.h"
#include "engine/workspace/log_salvage.h"
#include "engine/workspace/workspace.h"
#include "protocol/domain.h"
#include "protocol/log/event.h"

namespace vereda::engine {
namespace {

WorkspaceError error_of(CreateVaultError error) {
    return error == CreateVaultError::occupied ? WorkspaceError::occupied
                                               : WorkspaceError::unfit_secret;
}

WorkspaceError error_of(OpenVaultError error) {
    switch (error) {
        case OpenVaultError::missing:
            return WorkspaceError::no_vault;
        case OpenVaultError::damaged:
            return WorkspaceError::damaged;
        case OpenVaultError::newer_version:
            return WorkspaceError::newer_version;
        case OpenVaultError::no_such_slot:
            return WorkspaceError::no_such_slot;
        case OpenVaultError::wrong_secret:
            return WorkspaceError::wrong_secret;
    }
    return WorkspaceError::damaged;
}

std::unique_ptr<Database> open_database(
    const Environment& environment, const std::string& directory, DatabaseOptions::Mode mode) {
    return std::make_unique<Database>(DatabaseOptions{
        .path = vault_path(directory, log_file_name),
        .vfs = environment.sqlite_vfs,
        .page_size = log_page_size,
        .mode = mode});
}

// SQLite takes a file of a later format for one that it may not write. Its header says so in a
// byte that is 1 or 2 in every file of ours.
bool says_later_format(FileSystem& files, const std::string& directory) {
    constexpr std::size_t write_version_at = 18;
    std::array<std::uint8_t, write_version_at + 1> header{};
    const auto log = files.open(vault_path(directory, log_file_name));
    return log && log->read(header) == header.size() && header.back() > 2;
}

bool is_damage_of_log(FileSystem& files, const std::string& directory, StorageFault fault) {
    const bool is_read_only = fault == StorageFault::read_only;
    return is_damage(fault) || (is_read_only && says_later_format(files, directory));
}

// The key has opened the vault's header by now: what does not open is the log.
bool salvage_locked(const Environment& environment, const std::string& directory) {
    const auto lock = VaultLock::acquire(environment.files, directory);
    try {
        return lock && salvage_log(environment, directory);
    } catch (const std::bad_alloc&) {  // it takes several times the file's size
        return false;
    } catch (const StorageFailure& failure) {
        if (failure.fault() != StorageFault::disk_full) throw;
        return false;
    }
}

Bytes found_message(const protocol::FoundingToken& token, const Founded& roster) {
    protocol::FoundRequest request{.token = token};
    for (const WrittenEntry& entry : roster.entries) {
        request.entries.push_back(entry.wire);
        if (!entry.wraps.empty()) request.wraps.push_back({entry.position, entry.wraps});
    }
    return protocol::encode(request);
}

EntryDraft name_draft(protocol::Profile::Kind kind, ByteView id, std::string_view name) {
    const protocol::Profile profile{
        .kind = static_cast<std::uint64_t>(kind), .id = id, .name = name};
    return {.type = protocol::EventType::profile, .body = protocol::encode(profile)};
}

}  // namespace

std::optional<WorkspaceError> find_no_vault(FileSystem& files, const std::string& directory) {
    const bool has_header = files.exists(vault_path(directory, header_file_name));
    if (!has_header) {
        const bool has_rest = KeySlots(files, directory).is_occupied();
        return has_rest ? WorkspaceError::damaged : WorkspaceError::no_vault;
    }
    const auto log = files.open(vault_path(directory, log_file_name));
    if (log && log->size() != 0) return std::nullopt;
    return has_damaged_log(files, directory) ? WorkspaceError::log_left_damaged
                                             : WorkspaceError::log_missing;
}

std::expected<std::unique_ptr<Workspace>, WorkspaceError> Workspace::open_log(
    Environment& environment, const std::string& directory, const KeySecret& secret,
    const Options& options, bool as_it_is) {
    auto lock = VaultLock::acquire(environment.files, directory);
    if (!lock) return std::unexpected(WorkspaceError::in_use);
    KeySlots slots(environment.files, directory);
    auto opened = slots.open(secret);
    if (!opened) return std::unexpected(error_of(opened.error()));
    auto database = open_database(environment, directory, DatabaseOptions::Mode::must_exist);
    auto store = LogStore::open(*database);
    if (!store) return std::unexpected(WorkspaceError::newer_version);
    std::unique_ptr<Workspace> workspace(new Workspace(
        environment, directory, std::move(*lock), std::move(opened->key), std::move(database),
        std::move(*store), options));
    workspace->opening_.damaged = as_it_is;
    workspace->load();
    return workspace;
}

std::expected<std::unique_ptr<Workspace>, WorkspaceError> Workspace::open(
    Environment& environment, const std::string& directory, const KeySecret& secret,
    Options options) {
    if (const auto error = find_no_vault(environment.files, directory))
        return std::unexpected(*error);
    try {
        return open_log(environment, directory, secret, options, false);
    } catch (const StorageFailure& failure) {
        if (!is_damage_of_log(environment.files, directory, failure.fault())) throw;
        if (salvage_locked(environment, directory))
            return open_log(environment, directory, secret, options, false);
        // What an audit found need not be in the way of opening and handing in what is whole.
        try {
            return open_log(environment, directory, secret, options, true);
        } catch (const StorageFailure&) {
            throw StorageFailure(StorageFault::corrupt, failure.what());
        }
    }
}

// Writes down who this laptop is; the vault has a first incarnation and a guard from here on.
void Workspace::start(Identity identity, Beginnings beginnings) {
    identity_ = std::move(identity);
    beginnings_ = std::move(beginnings);
    roster_ = Roster(identity_.workspace);
    Transaction transaction(store_.database());
    static_cast<void>(store_.number_of(protocol::common_turf(identity_.workspace)));  // number 0
    identity_.save(store_, secrets_);
    beginnings_.save(store_, secrets_);
    transaction.commit();
    projection_ =
        std::make_unique<Projection>(Projection::Options{.index_notes = options_.index_notes});
    connect();
    write_guard();
}

namespace {

struct NewParts {
    VaultLock lock;
    VaultKey key;
    std::unique_ptr<Database> database;
    LogStore store;
    ByteArray<16> recovery_code{};
};

// An empty vault with two ways in: the owner's secret and a recovery code.
std::expected<NewParts, WorkspaceError> make_vault(
    Environment& environment, const std::string& directory, const KeySecret& secret) {
    environment.files.create_directory(directory);
    KeySlots slots(environment.files, directory);
    if (slots.is_occupied()) return std::unexpected(WorkspaceError::occupied);
    auto lock = VaultLock::acquire(environment.files, directory);
    if (!lock) return std::unexpected(WorkspaceError::in_use);
    auto created = slots.create(secret, environment.passphrase_cost, environment.entropy);
    if (!created) return std::unexpected(error_of(created.error()));
    const ByteArray<16> code = environment.entropy.bytes<16>();
    const auto added = slots.add(
        created->key, KeySecret::recovery_code(code), environment.passphrase_cost,
        environment.entropy);
    VEREDA_ASSERT(added);
    auto database = open_database(environment, directory, DatabaseOptions::Mode::create_or_open);
    auto store = LogStore::open(*database);
    VEREDA_ASSERT(store);
    return NewParts{
        std::move(*lock), std::move(created->key), std::move(database), std::move(*store), code};
}

}  // namespace

std::expected<NewWorkspace, WorkspaceError> Workspace::found(
    Environment& environment, const std::string& directory, const KeySecret& secret,
    const FoundingOffer& offer, Options options) {
    auto parts = make_vault(environment, directory, secret);
    if (!parts) return std::unexpected(parts.error());
    NewWorkspace founded{.recovery_code = parts->recovery_code};
    founded.workspace.reset(new Workspace(
        environment, directory, std::move(parts->lock), std::move(parts->key),
        std::move(parts->database), std::move(parts->store), std::move(options)));
    Workspace& workspace = *founded.workspace;

    const crypto::SigningKey recovery = crypto::SigningKey::generate(environment.entropy);
    std::ranges::copy(recovery.seed(), founded.recovery_key_seed.emplace().begin());
    DeviceSecrets keys = DeviceSecrets::generate(environment.entropy);
    const Founded roster =
        engine::found(keys, recovery.public_key(), offer.hub, environment.entropy);
    Identity identity{.workspace = roster.workspace, .member = roster.member};
    identity.incarnation = {environment.entropy.bytes<16>()};
    identity.keys = std::move(keys);
    Beginnings beginnings;
    if (offer.token) beginnings.founding = found_message(*offer.token, roster);
    workspace.start(std::move(identity), std::move(beginnings));

    std::vector<protocol::ServedEntry> entries;
    for (const WrittenEntry& entry : roster.entries) entries.push_back({.entry = entry.wire});
    VEREDA_ASSERT(workspace.extend_roster(entries));
    VEREDA_ASSERT(workspace.add_key(workspace.roster().common(), {1}, roster.common_key.view()));
    workspace.name_owner(offer.owner);
    workspace.append(
        TurfNumber{0},
        name_draft(
            protocol::Profile::Kind::workspace, roster.workspace.view(), offer.workspace_name));
    return founded;
}

std::expected<NewWorkspace, WorkspaceError> Workspace::join(
    Environment& environment, const std::string& directory, const KeySecret& secret,
    const NewVault& owner, const protocol::InviteCode& code, Options options) {
    auto parts = make_vault(environment, directory, secret);
    if (!parts) return std::unexpected(parts.error());
    NewWorkspace joining{.recovery_code = parts->recovery_code};
    joining.workspace.reset(new Workspace(
        environment, directory, std::move(parts->lock), std::move(parts->key),
        std::move(parts->database), std::move(parts->store), std::move(options)));
    Identity identity{.workspace = code.workspace};
    identity.member = {environment.entropy.bytes<16>()};
    identity.incarnation = {environment.entropy.bytes<16>()};
    identity.keys = DeviceSecrets::generate(environment.entropy);
    Beginnings beginnings{
        .joining = code, .member_name = owner.member_name, .device_name = owner.device_name};
    joining.workspace->start(std::move(identity), std::move(beginnings));
    return joining;
}

void Workspace::name_owner(const NewVault& owner) {
    const protocol::DeviceId device = identity_.keys.device();
    begin_group();
    append(
        TurfNumber{0},
        name_draft(protocol::Profile::Kind::member, identity_.member.view(), owner.member_name));
    append(
        TurfNumber{0},
        name_draft(protocol::Profile::Kind::device, device.view(), owner.device_name));
    commit_group();
}

}  // namespace vereda::engine
