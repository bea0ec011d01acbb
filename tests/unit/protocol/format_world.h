#pragma once

#include "protocol/log/block.h"
#include "protocol/log/epoch_keys.h"
#include "protocol/log/payload.h"
#include "tests/unit/protocol/vectors.h"

/// The fixed keys of tests/vectors/vereda-format, and small blocks made with them.
namespace vereda::test {

struct FormatWorld {
    protocol::WorkspaceId workspace;
    protocol::TurfId turf;
    protocol::Incarnation incarnation;
    protocol::LogId log;
    crypto::SigningKey device_key;
    protocol::EpochKeys keys;
};

[[nodiscard]] FormatWorld format_world();

/// The vector whose name is `name`.
[[nodiscard]] const nlohmann::json& block_vector(std::string_view name);

/// The wire bytes of a vector: its own block, or for a resealed one its author's header and
/// signature with the new payload.
[[nodiscard]] Bytes block_bytes(const nlohmann::json& vector);

/// The bits of the slots that a vector's seal empties; none for an author's block.
[[nodiscard]] protocol::EmptySlots empty_slots(const nlohmann::json& vector);

/// Nodes of a salt tree spelled in a JSON array.
[[nodiscard]] std::vector<protocol::Salt> salts_from(const nlohmann::json& nodes);

/// A draft of the first block of the world's log with `count` small entries.
[[nodiscard]] protocol::BlockDraft small_draft(const FormatWorld& world, std::size_t count);

}  // namespace vereda::test
