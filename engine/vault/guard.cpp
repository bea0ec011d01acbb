#include "engine/vault/guard.h"

#include "crypto/assert.h"
#include "crypto/hash.h"
#include "engine/vault/vault_files.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

using protocol::CborReader;
using protocol::CborWriter;

constexpr std::uint64_t guard_version = 1;
constexpr std::size_t guard_size_max = GuardFile::logs_max * 96 + 256;

crypto::Hash mac_of(ByteView body, const crypto::SecretBytes& key) {
    return crypto::Blake2b(32, key.view())
        .update(protocol::domain_prefix("guard"))
        .update(body)
        .finish_256();
}

void read_heads(CborReader& reader, GuardedHeads& heads) {
    const std::size_t count = reader.array();
    if (count > GuardFile::logs_max) reader.fail();
    for (std::size_t i = 0; i < count && reader.ok(); ++i) {
        reader.array_of(3);
        const auto log = reader.id<protocol::LogId>();
        const std::uint64_t block_no = reader.unsigned_integer();
        const auto hash = reader.id<protocol::BlockHash>();
        if (!heads.empty() && log <= heads.rbegin()->first) reader.fail();
        heads.emplace(log, GuardedHead{block_no, hash});
    }
}

std::optional<GuardContents> open_guard(ByteView file, const crypto::SecretBytes& mac_key) {
    CborReader reader(file);
    ByteArray<32> mac{};
    reader.array_of(2);
    const ByteView body = reader.byte_string();
    reader.fixed(mac);
    if (!reader.finished()) return std::nullopt;
    if (!crypto::equal_in_constant_time(mac_of(body, mac_key), mac)) return std::nullopt;
    return parse_guard_body(body);
}

}  // namespace

/// The inode is written as the same 64 bits signed: some file systems use the highest one, and CBOR
/// here has 63.
Bytes encode_guard_body(const GuardContents& contents) {
    const auto& [guard, file] = contents;
    Bytes body;
    CborWriter writer(body);
    writer.array(5).unsigned_integer(guard_version).byte_string(guard.incarnation.bytes);
    writer.integer(static_cast<std::int64_t>(file.inode))
        .integer(file.birth_ns)
        .array(guard.heads.size());
    for (const auto& [log, head] : guard.heads) {
        writer.array(3).byte_string(log.bytes).unsigned_integer(head.block_no);
        writer.byte_string(head.hash.bytes);
    }
    return body;
}

std::optional<GuardContents> parse_guard_body(ByteView body) {
    CborReader reader(body);
    GuardContents read;
    reader.array_of(5);
    if (reader.unsigned_integer() != guard_version) reader.fail();
    read.guard.incarnation = reader.id<protocol::Incarnation>();
    read.file.inode = static_cast<std::uint64_t>(reader.integer());
    read.file.birth_ns = reader.integer();
    read_heads(reader, read.guard.heads);
    if (!reader.finished()) return std::nullopt;
    return read;
}

GuardFile::GuardFile(FileSystem& files, std::string vault_directory, const VaultKey& key)
    : files_(files),
      path_(vault_path(vault_directory, guard_file_name)),
      mac_key_(derive_subkey(key, KeyPurpose::guard)) {}

void GuardFile::write(const Guard& guard) {
    VEREDA_ASSERT(guard.heads.size() <= logs_max);
    const auto writer = files_.create(path_);
    const Bytes body = encode_guard_body({guard, writer->identity()});
    Bytes file;
    CborWriter(file).array(2).byte_string(body).byte_string(mac_of(body, mac_key_));
    writer->write(file);
    writer->commit();
}

std::expected<Guard, GuardReadError> GuardFile::read() {
    const auto file = files_.read(path_, guard_size_max);
    if (!file && file.error() == ReadFileError::missing)
        return std::unexpected(GuardReadError::missing);
    if (!file) return std::unexpected(GuardReadError::doubtful);
    auto read = open_guard(*file, mac_key_);
    const auto identity = files_.identity(path_);
    if (!read || !identity) return std::unexpected(GuardReadError::doubtful);
    if (read->file != *identity) return std::unexpected(GuardReadError::copied);
    return std::move(read->guard);
}

GuardVerdict judge_guard(
    const std::expected<Guard, GuardReadError>& guard, const OwnLogs& database) {
    if (!guard && guard.error() == GuardReadError::missing) return GuardVerdict::missing;
    if (!guard && guard.error() == GuardReadError::copied) return GuardVerdict::copied;
    if (!guard) return GuardVerdict::doubtful;
    for (const auto& [log, head] : guard->heads) {
        if (database.closed_block(log, head.block_no) != head.hash) {
            return GuardVerdict::database_behind_guard;
        }
    }
    // An earlier one left its logs there, so one without a log is later.
    if (guard->incarnation != database.incarnation()) {
        return database.has_log_of(guard->incarnation) ? GuardVerdict::doubtful
                                                       : GuardVerdict::database_behind_guard;
    }
    return guard->heads == database.heads() ? GuardVerdict::fine : GuardVerdict::behind;
}

bool needs_new_incarnation(GuardVerdict verdict) {
    return verdict != GuardVerdict::fine && verdict != GuardVerdict::behind;
}

}  // namespace vereda::engine
