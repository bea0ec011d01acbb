#pragma once

// Lives here: who wrote what and when, whether it is sound, and how it stood on a day.
// Begin: here, then `history.h`; a day of the past is in `replay_until.cpp`.
// Must not know: how anything is written, except notes on damage.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/replay/digest.h"
#include "engine/workspace/workspace.h"

namespace vereda::engine {

enum class FindingSeverity {
    note,  ///< Nothing wrong: something that the reader should know (a pending block, a fork kept).
    fault,
};

/// What helps against a fault; of several the last one is the advice for all.
enum class Remedy {
    none,
    record_again,  ///< It is lost: whoever knows it records it again.
    open_again,    ///< The next command writes log.db again.
    sync,          ///< Others have it: the next sync fetches it.
    keep,          ///< Nothing here does: keep the vault for somebody who can look into it.
};

/// Something that an audit found, and where. Its sentence is finding.WHAT or finding.WHAT.VARIANT
/// of the catalogue, with `about` and `count`.
struct Finding {
    FindingSeverity severity{};
    std::string what;          ///< A short name that programs may rely on: "bad_signature".
    std::string where;         ///< Log (text id), block number and seq, or roster position.
    std::string variant = {};  ///< Where several sentences say `what`: which one.
    std::string about = {};    ///< What the sentence names: a branch, the code of a refusal.
    std::uint64_t count = 0;   ///< How many, where it is about several.
    std::string part = {};  ///< Of `damaged`, `lost` and `healed`: of what, as a mishap calls it.
    Remedy remedy = Remedy::keep;  ///< Of a fault.
};
/// `code` is WHAT or WHAT.VARIANT.
[[nodiscard]] Finding make_finding(
    FindingSeverity severity, std::string_view code, std::string where);

struct AuditReport {
    bool has_counts = true;  ///< False when the database does not read: nothing else was looked at.
    std::uint64_t roster_entries = 0;
    std::uint64_t blocks = 0;
    std::uint64_t entries = 0;
    std::uint64_t open_entries = 0;
    std::vector<Finding> findings;
    [[nodiscard]] bool sound() const;  ///< No fault among the findings.
    [[nodiscard]] Remedy advice() const;
};

using AuditProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Checks everything again that this vault holds, trusting nothing it concluded before: the roster
/// from its genesis; every block's signature, chain, root and commitments and its authors'
/// authority; open entries; the guard; the stored snapshotless state against the log.
[[nodiscard]] AuditReport verify_vault(Workspace& workspace, const AuditProgress& progress = {});

struct ReplayedTurf {
    TurfNumber turf;
    StateDigest digest;
    std::uint64_t contacts = 0;
    std::uint64_t interactions = 0;
    std::uint64_t conflicts = 0;
};

struct ReplayReport {
    std::uint64_t entries = 0;   ///< Applied.
    std::uint64_t left_out = 0;  ///< Later than `until`.
    std::uint64_t contacts = 0;
    std::uint64_t interactions = 0;
    std::uint64_t conflicts = 0;
    StateDigest digest;
    std::vector<ReplayedTurf> turfs;
};

/// Builds the state again from the log alone, beside the one in use. With `until`, only what was
/// written by then, by the hub's time of acceptance where there is one, else its author's clock.
[[nodiscard]] ReplayReport replay_log(
    Workspace& workspace, std::optional<protocol::Millis> until = std::nullopt,
    const AuditProgress& progress = {});

}  // namespace vereda::engine
