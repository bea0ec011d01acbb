#include "client/desk/problems/vault_problem.h"

#include "client/desk/problems/client_problem.h"

namespace vereda::client {

Problem problem_of(engine::WorkspaceError error, std::string_view vault) {
    using enum engine::WorkspaceError;
    switch (error) {
        case no_vault:
            return locked("no_vault", {{"vault", vault}});
        case occupied:
            return locked("occupied", {{"vault", vault}});
        case in_use:
            return locked("in_use");
        case wrong_secret:
            return locked("wrong_secret");
        case no_such_slot:
            return locked("no_such_slot");
        case unfit_secret:
            return usage("unfit_secret");
        case damaged:
            return failed("damaged", {{"vault", vault}});
        case log_missing:
            return locked("log_missing", {{"vault", vault}});
        case log_left_damaged:
            return locked("log_missing.damaged_beside", {{"vault", vault}});
        case newer_version:
            break;
    }
    return failed("newer_version.vault");
}

Sentence why_new_log(engine::WhyNewLog why) {
    switch (why) {
        case engine::WhyNewLog::copied:
            return {"remark.new_log.copied"};
        case engine::WhyNewLog::guard_damaged:
            return {"remark.new_log.guard_damaged"};
        case engine::WhyNewLog::guard_gone:
            return {"remark.new_log.guard_gone"};
        case engine::WhyNewLog::log_went_back:
            return {"remark.new_log.log_went_back"};
        case engine::WhyNewLog::lost_blocks:
            break;
    }
    return {"remark.new_log.lost_blocks"};
}

Sentence old_copy_sentence(bool may_catch_up) {
    return {may_catch_up ? "remark.old_copy.with_hub" : "remark.old_copy.without_hub"};
}

Problem problem_of(engine::ChangeSlotsError error) {
    using enum engine::ChangeSlotsError;
    switch (error) {
        case cannot_read:
            return failed("damaged.unreadable");
        case no_such_slot:
            return problem_of(engine::WorkspaceError::no_such_slot);
        case last_slot:
            return failed("last_slot");
        case no_room:
            return failed("no_room");
        case unfit_secret:
        case cost_out_of_bounds:
            break;
    }
    return problem_of(engine::WorkspaceError::unfit_secret);
}

Problem problem_of(protocol::PrintedKeyError error) {
    if (error == protocol::PrintedKeyError::unreadable) return locked("not_a_code");
    return locked("mistyped.recovery_code");
}

Problem problem_of(engine::StorageFault fault, std::string_view what) {
    using engine::StorageFault;
    switch (fault) {
        case StorageFault::disk_full:
            return failed("disk_full");
        case StorageFault::io:
            return failed("disk_failed", {{"said", what}});
        case StorageFault::locked:
            return problem_of(engine::WorkspaceError::in_use);
        case StorageFault::corrupt:
            return failed("corrupt", {{"said", what}});
        case StorageFault::cannot_open:
            return failed("cannot_open", {{"said", what}});
        case StorageFault::read_only:
            return failed("read_only.disk", {{"said", what}});
        case StorageFault::constraint:
        case StorageFault::statement:
            break;
    }
    return failed("internal", {{"said", what}});
}

}  // namespace vereda::client
