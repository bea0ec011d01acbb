#pragma once

#include "engine/audit/audit.h"

namespace vereda::engine {

/// A log as a finding names it: its text id.
[[nodiscard]] std::string place_name(const LogStore& store, LogOrdinal log);

/// Checks every stored block against `roster`, which was verified from its genesis. What the disk
/// has damaged it mends where it can, and marks for the next sync to ask for; in the caller's
/// transaction.
class BlockAudit {
  public:
    BlockAudit(Workspace& workspace, const Roster& roster, AuditReport& report)
        : workspace_(workspace), roster_(roster), report_(report) {}

    void run(const AuditProgress& progress);

  private:
    struct Link {  // what the next block of a log has to follow on
        std::uint64_t block_no = 0;
        protocol::Seq first_seq{1};
        protocol::BlockHash previous;
        protocol::RosterPosition roster_position;
    };

    [[nodiscard]] Link start_of(LogOrdinal log);
    void check_log(LogOrdinal log);
    void check_stored(LogOrdinal log, std::uint64_t block_no, Link& link);
    void check_block(const StoredBlock& block, const OpenedBlock& opened, Link& link);
    void check_place(const StoredBlock& stored, const protocol::ParsedBlock& block, Link& link);
    void check_roster(const protocol::Core& core);
    void check_payload(const StoredBlock& stored, const OpenedBlock& opened);
    void check_entries(const protocol::ParsedBlock& block, const protocol::OpenedPayload& payload);
    void check_entry(const protocol::Core& core, const protocol::Slot& slot);
    void fault(std::string_view code);
    void note(std::string_view code);

    Workspace& workspace_;
    const Roster& roster_;
    AuditReport& report_;
    std::string where_;
};

}  // namespace vereda::engine
