#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/log/log_store.h"
#include "engine/storage/database.h"

namespace vereda::engine {

/// What of a vault may be damaged: the codes that programs read (docs/commands.md "What an audit
/// finds").
namespace vault_part {
inline constexpr const char* open_entry = "open_entry";  ///< An entry that was not sent yet.
inline constexpr const char* block = "block";
inline constexpr const char* missing_block = "missing_block";
inline constexpr const char* block_row = "block_row";      ///< What the log says of a block.
inline constexpr const char* block_aside = "block_aside";  ///< A block that waits.
inline constexpr const char* stray_block = "stray_block";  ///< A block without a log.
inline constexpr const char* copy = "copy";                ///< The spare copy of a block.
inline constexpr const char* acceptance = "acceptance";    ///< The hub's word on a block.
inline constexpr const char* pushed = "pushed";            ///< How many blocks were sent.
inline constexpr const char* cursor = "cursor";            ///< The place in a stream of the hub.
inline constexpr const char* roster = "roster";
inline constexpr const char* secret = "secret";
inline constexpr const char* row = "row";    ///< A row of a small table.
inline constexpr const char* rows = "rows";  ///< A table that lacks rows.
inline constexpr const char* index = "index";
inline constexpr const char* database = "database";  ///< The file as SQLite sees it.
}  // namespace vault_part

/// Something of this vault that its disk had damaged, and what became of it.
struct Mishap {
    enum class Kind : std::uint8_t {
        damaged = 0,  ///< Found, and not whole yet.
        healed = 1,
        lost = 2,  ///< Nothing can bring it back: its owner is told.
    };
    /// The entries concerned: of own work that is lost, for naming it; of missing blocks, where
    /// they begin and how many are known to be in them (0: nobody knows).
    struct Entries {
        protocol::LogId log;
        protocol::Seq first;
        std::uint64_t count = 0;
    };

    Kind kind = Kind::damaged;
    std::string what;   ///< A `vault_part`.
    std::string place;  ///< As an audit names it.
    std::optional<Entries> entries;
    protocol::Millis noted{};
    bool told = false;  ///< A sync has said it.
};

/// What befell a vault, kept in log.db: found damage until it is healed, what was healed or lost
/// for 90 days. Everything happens in the caller's transaction.
class Mishaps {
  public:
    static constexpr std::int64_t kept_ms = std::int64_t{90} * 24 * 3'600'000;

    Mishaps(Database& database, protocol::Millis now) : database_(database), now_(now) {}

    /// Damage that is there already is not noted twice.
    void note(
        Mishap::Kind kind, const std::string& what, const std::string& place,
        const std::optional<Mishap::Entries>& entries = std::nullopt);
    /// What was damaged in this place is whole again; nothing where none was noted.
    void heal(const std::string& what, const std::string& place);
    /// The same, wherever it was.
    void heal_all(const std::string& what);
    /// Bytes that do not open any more, for a rescuer: as long as the others.
    void set_bytes_aside(const std::string& place, ByteView bytes);
    void forget_old();

    [[nodiscard]] std::vector<Mishap> all();
    [[nodiscard]] bool has_damage();
    void note_told();

  private:
    Database& database_;
    protocol::Millis now_;
};

}  // namespace vereda::engine
