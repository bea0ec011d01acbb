#include "server/data/hub_guard.h"

#include <algorithm>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include "engine/storage/storage_failure.h"

namespace vereda::server {
namespace {

using engine::StorageFailure;
using engine::StorageFault;

constexpr std::string_view magic{"vereda/hub-guard/v1\0", 20};
constexpr std::size_t leaves_offset = magic.size() + 5 * 8;
constexpr std::size_t guard_size = leaves_offset + 8;

std::uint64_t u64_at(ByteView wire, std::size_t offset) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : wire.subspan(offset, 8)) value = value << 8 | byte;
    return value;
}

engine::FileIdentity identity_at(ByteView wire, std::size_t offset) {
    return {u64_at(wire, offset), static_cast<std::int64_t>(u64_at(wire, offset + 8))};
}

void append_identity(Bytes& to, const engine::FileIdentity& identity) {
    append_u64(to, identity.inode);
    append_u64(to, static_cast<std::uint64_t>(identity.birth_ns));
}

}  // namespace

Bytes encode(const GuardState& state) {
    Bytes wire;
    wire.assign(magic.begin(), magic.end());
    append_u64(wire, state.epoch);
    append_identity(wire, state.guard);
    append_identity(wire, state.database);
    append_u64(wire, state.leaves);
    return wire;
}

std::optional<GuardState> parse_guard(ByteView wire) {
    if (wire.size() != guard_size) return std::nullopt;
    if (as_text(wire.first(magic.size())) != magic) return std::nullopt;
    return GuardState{
        .epoch = u64_at(wire, magic.size()),
        .guard = identity_at(wire, magic.size() + 8),
        .database = identity_at(wire, magic.size() + 24),
        .leaves = u64_at(wire, leaves_offset)};
}

std::optional<GuardState> HubGuard::load(engine::FileSystem& files, const std::string& path) {
    const auto wire = files.read(path, guard_size);
    if (!wire) return std::nullopt;
    return parse_guard(*wire);
}

bool HubGuard::vouches(
    const GuardState& guard, const engine::FileIdentity& guard_now,
    const engine::FileIdentity& database_now, std::uint64_t epoch, std::uint64_t leaves) {
    return guard.guard == guard_now && guard.database == database_now && guard.epoch == epoch &&
           guard.leaves <= leaves;
}

HubGuard::HubGuard(
    engine::FileSystem& files, const std::string& path, std::uint64_t epoch,
    const engine::FileIdentity& database, std::uint64_t leaves) {
    const auto writer = files.create(path);
    writer->write(encode(GuardState{epoch, writer->identity(), database, leaves}));
    writer->commit();
    file_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file_ < 0) throw StorageFailure(StorageFault::cannot_open, "the hub's guard file");
}

HubGuard::~HubGuard() { ::close(file_); }

void HubGuard::note(std::uint64_t leaves) {
    Bytes wire;
    append_u64(wire, leaves);
    const ssize_t written = ::pwrite(file_, wire.data(), wire.size(), leaves_offset);
    if (written != static_cast<ssize_t>(wire.size())) {
        throw StorageFailure(StorageFault::io, "the hub's guard file does not take a count");
    }
}

}  // namespace vereda::server
