#pragma once

#include "engine/sync/given_leaves.h"
#include "engine/sync/offering.h"
#include "engine/sync/report.h"
#include "engine/workspace/workspace.h"

/// What the parts of one conversation share: RosterTalk, KeyTalk, PushTalk, PullTalk, WantedTalk.
namespace vereda::engine::sync {

struct Talk {
    Talk(Workspace& the_workspace, BlockOpener& the_opener, Plan the_plan)
        : workspace(the_workspace),
          opener(the_opener),
          plan(the_plan),
          offering(the_workspace),
          given(the_workspace) {}

    void stop(Trouble trouble) { report.trouble = trouble; }
    [[nodiscard]] bool is_stopped() const { return report.trouble != Trouble::none; }
    /// Stopped, or there is something to show the hub first.
    [[nodiscard]] bool is_interrupted() const { return is_stopped() || proof; }

    [[nodiscard]] LogStore& store() const { return workspace.store(); }
    [[nodiscard]] const Roster& roster() const { return workspace.roster(); }
    [[nodiscard]] std::vector<protocol::TurfId> own_turfs() const;
    /// Then it may lack a grant, too, until it is given back.
    [[nodiscard]] bool hub_lacks_roster() const;
    void receive_blocks(std::vector<BlockOpener::Job> jobs);

    Workspace& workspace;
    BlockOpener& opener;
    Plan plan;
    Report report;
    Offering offering;
    GivenLeaves given;
    std::uint64_t hub_epoch = 0;   ///< As the roster's head said.
    std::uint64_t hub_roster = 0;  ///< How many entries the hub had then.
    bool is_split = false;         ///< The hub's roster and ours part.
    bool may_not_read = false;     ///< The hub serves this device nothing any more.
    bool is_doubtful = false;      ///< The hub gave a leaf that is another block's.
    /// A head that the hub signed in its present epoch and does not have any more: it is shown it.
    std::optional<protocol::SignedHead> proof;
    bool has_proven = false;
};

}  // namespace vereda::engine::sync
