#include <algorithm>

#include "engine/audit/audit.h"
#include "engine/queries/queries.h"
#include "engine/replay/state_counts.h"

namespace vereda::engine {
namespace {

constexpr std::size_t blocks_per_commit = 100;

/// Reads the whole log into a projection of its own.
class LogReplay {
  public:
    LogReplay(Workspace& workspace, std::optional<protocol::Millis> until)
        : workspace_(workspace),
          until_(until),
          projection_(Projection::Options{}),
          replay_(workspace.store(), workspace.roster(), projection_),
          texts_(workspace.store(), workspace.roster(), workspace.keyring(), workspace.writer()) {
        projection_.read_texts_from(&texts_);
    }

    ReplayReport run(const AuditProgress& progress) {
        LogStore& store = workspace_.store();
        // Which turf a record belongs to has to be known before anybody writes to it.
        for (std::uint32_t log = 1; log <= store.log_count(); ++log)
            Replay::introduce(store, {log}, projection_);
        projection_.begin();
        for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
            if (!store.info({log}).described) continue;
            read_blocks({log});
            if (progress) progress(log, store.log_count());
        }
        for (const LogOrdinal log : workspace_.writer().own_logs()) read_open(log);
        projection_.commit();
        return report();
    }

  private:
    [[nodiscard]] bool is_later(std::int64_t time_ms) const {
        return until_ && time_ms > until_->value;
    }

    void read_blocks(LogOrdinal log) {
        workspace_.store().visit_blocks(log, {0}, [&](const StoredBlock& stored) {
            OpenedBlock block = open_block(
                workspace_.roster().workspace(), workspace_.keyring(), stored.bytes,
                stored.acceptance, true);
            if (block.payload) leave_out_later(block);
            replay_.read_stored(log, stored.entries(), block);
            if (++blocks_ % blocks_per_commit == 0) {
                projection_.commit();
                projection_.begin();
            }
            return true;
        });
    }

    // What is later is read past, as an empty slot is.
    void leave_out_later(OpenedBlock& block) {
        for (protocol::Slot& slot : block.payload->slots) {
            if (!slot.present) continue;
            const auto entry = protocol::parse_entry(slot.bytes);
            if (!entry) continue;
            const std::int64_t time =
                block.acceptance ? block.acceptance->accepted.value
                                 : protocol::entry_time(block.payload->preamble, *entry).value;
            if (!is_later(time)) continue;
            slot.present = false;
            ++left_out_;
        }
    }

    void read_open(LogOrdinal log) {
        for (const OpenEntry& open : workspace_.store().open_entries(log)) {
            const Bytes bytes = workspace_.writer().unseal(open.dot, open.sealed);
            const auto entry = protocol::parse_entry(bytes);
            VEREDA_ASSERT(entry);
            if (is_later(entry->time_offset_ms)) {
                projection_.skip(open.dot, EntryStatus::withheld);
                ++left_out_;
            } else {
                replay_.read_open(open.dot, bytes);
            }
        }
    }

    [[nodiscard]] std::uint64_t entries_applied() const {
        std::uint64_t read = 0;
        for (const std::uint64_t seq : projection_.frontier().read_to_by_ordinal()) read += seq;
        for (std::uint32_t log = 1; log <= workspace_.store().log_count(); ++log) {
            const std::optional<Branch>& branch = workspace_.store().info({log}).branch;
            if (branch) read -= branch->first_seq.before().value;
        }
        return read - projection_.frontier().exceptions().size();
    }

    ReplayReport report() {
        ReplayReport report{.entries = entries_applied(), .left_out = left_out_};
        std::vector<std::pair<TurfNumber, StateDigest>> digests;
        for (const TurfNumber turf : Queries(workspace_).turfs()) {
            const StateCounts counts = count_state(projection_, workspace_.store(), turf);
            const StateDigest digest = digest_of_turf(projection_, workspace_.store(), turf);
            report.contacts += counts.contacts;
            report.interactions += counts.interactions;
            report.conflicts += counts.conflicts;
            report.turfs.push_back(
                {turf, digest, counts.contacts, counts.interactions, counts.conflicts});
            digests.emplace_back(turf, digest);
        }
        report.digest = digest_of_all(workspace_.store(), digests);
        return report;
    }

    Workspace& workspace_;
    std::optional<protocol::Millis> until_;
    Projection projection_;
    Replay replay_;
    LoggedTexts texts_;
    std::size_t blocks_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace

ReplayReport replay_log(
    Workspace& workspace, std::optional<protocol::Millis> until, const AuditProgress& progress) {
    return LogReplay(workspace, until).run(progress);
}

}  // namespace vereda::engine
