#pragma once

#include "engine/audit/audit.h"

namespace vereda::engine {

/// What an audit asks of log.db beside blocks and roster: SQLite's own check, the schema, what is
/// sealed, what follows from something else, what lies twice. It mends what can be mended, and
/// names what befell this vault before.
class DamageAudit {
  public:
    DamageAudit(Workspace& workspace, AuditReport& report)
        : workspace_(workspace), report_(report) {}

    /// Before the blocks are read: they may rely on the indexes. False when a table is not what
    /// this program makes, so that it cannot be asked anything more.
    [[nodiscard]] bool check_database();
    /// In a transaction of the caller's; `roster` was verified from its genesis.
    void check_rows(const Roster& roster);
    /// What was found now or before: damaged and lost are faults, healed is a note.
    void report_mishaps();

  private:
    [[nodiscard]] bool mends_indexes();
    [[nodiscard]] bool names_damage(const std::string& place);
    void check_secrets();
    void check_directory(const Roster& roster);
    void check_log_name(LogOrdinal log);
    void check_acceptances();
    void check_blocks_aside();
    void check_table(
        const std::string& table, const std::string& columns,
        bool (DamageAudit::*is_right)(const Row&) const);
    [[nodiscard]] bool is_waiting_block(const Row& row) const;
    [[nodiscard]] bool is_in_the_right_place(const Row& row) const;
    [[nodiscard]] bool is_block_of_its_log(const Row& row) const;
    [[nodiscard]] bool is_unread_block(const Row& row) const;
    void check_set_aside();
    void check_copies();
    void fault(std::string_view code, std::string where);
    void read_streams_again(const std::string& what, const std::string& where);
    [[nodiscard]] std::optional<protocol::ParsedBlock> signed_as(
        ByteView wire, ByteView hash) const;

    Workspace& workspace_;
    AuditReport& report_;
};

}  // namespace vereda::engine
