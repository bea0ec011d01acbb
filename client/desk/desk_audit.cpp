#include "client/desk/desk.h"

namespace vereda::client {
namespace {

// Of the same turfs, as they stand in use.
engine::StateDigest digest_in_use(
    engine::Workspace& workspace, const engine::ReplayReport& replayed) {
    std::vector<std::pair<engine::TurfNumber, engine::StateDigest>> turfs;
    for (const engine::ReplayedTurf& turf : replayed.turfs)
        turfs.emplace_back(
            turf.turf, digest_of_turf(workspace.projection(), workspace.store(), turf.turf));
    return digest_of_all(workspace.store(), turfs);
}

}  // namespace

engine::AuditReport Desk::read(const VerifyVault&, const engine::AuditProgress& progress) {
    return engine::verify_vault(workspace_, progress);
}

ReplayShown Desk::read(const ReplayLog& request, const engine::AuditProgress& progress) {
    const engine::ReplayReport replayed = engine::replay_log(workspace_, request.until, progress);
    ReplayShown answer{
        .entries = replayed.entries,
        .left_out = replayed.left_out,
        .contacts = replayed.contacts,
        .interactions = replayed.interactions,
        .conflicts = replayed.conflicts,
        .same_as_in_use = {},
        .turfs = {},
        .digest = to_text(replayed.digest)};
    if (!request.until)
        answer.same_as_in_use = digest_in_use(workspace_, replayed) == replayed.digest;
    for (const engine::ReplayedTurf& turf : replayed.turfs)
        answer.turfs.push_back(
            {.name = queries_.turf_name(turf.turf),
             .id = {},
             .digest = to_text(turf.digest),
             .contacts = turf.contacts,
             .interactions = turf.interactions,
             .conflicts = turf.conflicts});
    return answer;
}

}  // namespace vereda::client
