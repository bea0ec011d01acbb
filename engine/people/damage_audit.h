#pragma once

#include "engine/people/audit.h"

namespace vereda::engine {

/// What an audit asks of log.db beside blocks and roster: SQLite's own check, the schema, what is
/// sealed, what follows from something else, what lies twice. It mends what can be mended, and
/// names what befell this vault before.
class DamageAudit {
  public:
    DamageAudit(Workspace& workspace, AuditReport& report)
        : workspace_(workspace), report_(report) {}

    /// Before the blocks are read: they may rely on the indexes.
    void check_database();
    /// In a transaction of the caller's; `roster` was verified from its genesis.
    void check_rows(const Roster& roster);
    /// What was found now or before: damaged and lost are faults, healed is a note.
    void report_mishaps();

  private:
    void check_secrets();
    void check_directory(const Roster& roster);
    void check_log_name(LogOrdinal log);
    void check_acceptances();
    void check_waiting();
    void check_misfits();
    void check_copies();
    void check_strays();
    void fault(std::string what, std::string where, std::string words);
    void ask_for_everything(const std::string& what, const std::string& where);
    [[nodiscard]] bool is_intact(ByteView wire, const protocol::BlockHash& hash) const;

    Workspace& workspace_;
    AuditReport& report_;
};

}  // namespace vereda::engine
