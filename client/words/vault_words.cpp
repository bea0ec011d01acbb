#include "client/words.h"
#include "client/words/problems.h"

namespace vereda::client {
namespace {

std::string place(std::string_view vault) {
    return vault.empty() ? std::string() : " " + std::string(vault);
}

}  // namespace

Problem words_for(engine::WorkspaceError error, std::string_view vault) {
    using enum engine::WorkspaceError;
    switch (error) {
        case no_vault:
            return locked(
                "no_vault", "There is no vault here:" + place(vault) + ".",
                "Nothing was found in that directory; nothing was changed.",
                "Name the right one with --vault, or make one with `vereda init` or `vereda "
                "join`.");
        case occupied:
            return locked(
                "occupied",
                "There is a vault already, or what is left of one:" + place(vault) + ".",
                "A vault is never replaced, for it may hold work that is nowhere else.",
                "Choose another directory with --vault. `vereda status` opens the vault that is "
                "there, or says why it does not open.");
        case in_use:
            return locked(
                "in_use", "Another program has this vault open.",
                "Two writers at once would damage it; nothing was changed.",
                "Wait until the other `vereda` has ended, or end it, and try again.");
        case wrong_secret:
            return locked(
                "wrong_secret", "This does not open the vault.",
                "The passphrase, code or key file is another one than the vault was made with.",
                "Try again; capital letters and keyboard layout count. If it is forgotten: `vereda "
                "recover`.");
        case no_such_slot:
            return locked(
                "no_such_slot", "The vault does not open in this way.",
                "It has no passphrase, or no key file, of its own.",
                "Use the other one: --passphrase-file or --key-file; or `vereda recover` with the "
                "recovery code.");
        case unfit_secret:
            return {
                Exit::usage, "unfit_secret", "This secret cannot lock a vault.",
                "It is too short or too long.",
                "Take a passphrase of 8 to 1024 bytes, or a key file of 32 bytes to 64 KiB."};
        case damaged:
            return {
                Exit::failed, "damaged",
                "The vault's header is damaged or gone:" + place(vault) + ".",
                "vault.header is not what was written, or not there. The records behind it may be "
                "whole.",
                "Change nothing in the directory; put vault.header back from a backup of this "
                "vault. Without one, begin in another directory with `vereda init` or `vereda "
                "join`."};
        case log_missing:
            return locked(
                "log_missing", "The vault's log is gone:" + place(vault) + ".",
                "Its header is there, but log.db is missing or empty. What was recorded here lay "
                "in "
                "log.db. Nothing was changed.",
                "Put log.db back from a backup of this vault. Without one, ask a coordinator for a "
                "new invite and run `vereda join` with another directory: what was synced is at "
                "the hub. If making the vault was interrupted, begin again in another directory.");
        case log_left_damaged:
            return locked(
                "log_missing", "The vault's log is gone:" + place(vault) + ".",
                "log.db is missing or empty. What the disk had damaged of it lies beside, as "
                "log.db.damaged. Nothing was changed.",
                "Copy the whole directory first. Put log.db back from a backup of this vault. "
                "Without one, move log.db-wal out of the directory, if it is there, and keep it. "
                "Then rename log.db.damaged to log.db and run `vereda status`: it writes again "
                "what still reads.");
        case newer_version:
            return {
                Exit::failed, "newer_version", "A later version of this program made the vault.",
                "This version does not know all of its format and leaves it alone.",
                "Install the newer version and try again."};
    }
    return {};
}

std::string words_for(engine::WhyNewName why) {
    const std::string writes = std::string(" ") + goes_on_in_new_log;
    const std::string may_lack =
        writes +
        " Work recorded after that copy was made may be missing here. `vereda sync` fetches what "
        "the hub has of it; the rest of it does not come back.";
    const std::string maybe_copy =
        writes +
        " If log.db was put back from a backup, work recorded after that may be missing here. "
        "`vereda sync` fetches what the hub has of it; the rest of it does not come back. If this "
        "is a copy of another vault, use only one of the two.";
    switch (why) {
        case engine::WhyNewName::copied:
            return "This vault was copied or restored from a backup." + may_lack +
                   " Use only one of the two.";
        case engine::WhyNewName::guard_damaged:
            return "The vault's file vault.guard is damaged, or of another day." + maybe_copy;
        case engine::WhyNewName::guard_gone:
            return "The vault's file vault.guard is gone." + maybe_copy;
        case engine::WhyNewName::log_went_back:
            return "The vault's log was put back to an earlier state, or the disk lost a part." +
                   may_lack + " Use only one of the two, if there is another copy.";
        case engine::WhyNewName::lost_blocks:
            return "The disk lost blocks of this laptop's own work." + writes;
    }
    return {};
}

Problem words_for(engine::ChangeSlotsError error) {
    using enum engine::ChangeSlotsError;
    switch (error) {
        case cannot_read:
            return {
                Exit::failed, "damaged", "The vault's header cannot be read.",
                "It is missing, damaged, or of a later version; nothing was changed.",
                "Put vault.header back from a backup of this vault."};
        case no_such_slot:
            return words_for(engine::WorkspaceError::no_such_slot);
        case last_slot:
            return {
                Exit::failed, "last_slot", "This is the vault's last way in.",
                "Without it nobody could ever open the vault again; nothing was changed.",
                "Add another secret first."};
        case no_room:
            return {
                Exit::failed, "no_room", "The vault has as many secrets as it can have.",
                "Every one takes a slot, and all are in use; nothing was changed.",
                "Replace one of them: `vereda passphrase`."};
        case unfit_secret:
        case cost_out_of_bounds:
            return words_for(engine::WorkspaceError::unfit_secret);
    }
    return {};
}

Problem words_for(protocol::PrintedKeyError error) {
    using enum protocol::PrintedKeyError;
    switch (error) {
        case unreadable:
            return {
                Exit::locked, "not_a_code", "This is not a recovery code.",
                "It has 30 letters and digits, in 6 groups of five.",
                "Look at the sheet again; the recovery key, with 12 groups, is another thing."};
        case mistyped:
            return {
                Exit::locked, "mistyped", "The recovery code has a misread character.",
                "Its check characters do not agree with the rest.",
                "Compare it with the sheet, group by group, and try again."};
    }
    return {};
}

Problem words_for(engine::StorageFault fault, std::string_view what) {
    using enum engine::StorageFault;
    const std::string said(what);
    switch (fault) {
        case disk_full:
            return {
                Exit::failed, "disk_full", "The disk is full.",
                "What was acknowledged before is safe; the rest of this command was not carried "
                "out.",
                "Make room and try again."};
        case io:
            return {
                Exit::failed, "disk_failed", "The disk failed.",
                "Reading or writing did not work: " + said + ".",
                "Copy the vault's directory to another disk, then try again there."};
        case locked:
            return words_for(engine::WorkspaceError::in_use);
        case corrupt:
            return {
                Exit::failed, "corrupt", "The vault's log is damaged.",
                "Its bytes are not what was written: " + said + ".",
                "Run the command again: it first writes again what is whole. If it says the same, "
                "copy the whole directory to another disk and try there; keep both. If that does "
                "not help: what was synced is at the hub, ask a coordinator for a new invite. Keep "
                "this directory all the same: what was not synced is in it."};
        case cannot_open:
            return {
                Exit::failed, "cannot_open", "A file of the vault cannot be opened.",
                "It is missing, or not permitted to this user: " + said + ".",
                "Look at the owner and the rights of the vault's directory."};
        case read_only:
            return {
                Exit::failed, "read_only", "The vault cannot be written to.",
                "The file or its disk takes no changes: " + said + ".",
                "A vault needs to be writable, even to look something up: mend the rights of its "
                "directory, or how the disk is mounted; or copy the vault to another place."};
        case constraint:
        case statement:
            return {
                Exit::failed, "internal", "The program has made a mistake.",
                "The vault's database refused a statement: " + said + ".",
                "What was acknowledged is safe. Please report this with the version."};
    }
    return {};
}

}  // namespace vereda::client
