#include "engine/people/block_audit.h"

#include "protocol/leaf.h"
#include "protocol/seal.h"
#include "protocol/text_id.h"

namespace vereda::engine {
namespace {

std::uint64_t count_blocks(const LogStore& store) {
    std::uint64_t blocks = 0;
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        if (store.head({log})) blocks += store.head({log})->block_no + 1 - store.first_block({log});
    }
    return blocks;
}

std::string_view whose(protocol::PayloadFault fault) {
    switch (fault) {
        case protocol::PayloadFault::author:
            return "its author sealed it so";
        case protocol::PayloadFault::sealer:
            return "whoever sealed it anew made it so";
        case protocol::PayloadFault::carrier:
            return "it was changed on its way: it is asked for again";
    }
    return "";
}

}  // namespace

std::string place_name(const LogStore& store, LogOrdinal log) {
    return "log " + protocol::text_id(store.info(log).log.view());
}

void BlockAudit::fault(std::string what, std::string words) {
    report_.findings.push_back({FindingSeverity::fault, std::move(what), where_, std::move(words)});
}

void BlockAudit::note(std::string what, std::string words) {
    report_.findings.push_back({FindingSeverity::note, std::move(what), where_, std::move(words)});
}

void BlockAudit::run(const AuditProgress& progress) {
    const LogStore& store = workspace_.store();
    const std::uint64_t total = count_blocks(store);
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        check_log({log});
        if (progress) progress(report_.blocks, total);
    }
    ask_again();
}

// What this disk has damaged counts as not opened from now on: the next sync asks for it.
void BlockAudit::ask_again() {
    if (damaged_.empty()) return;
    Transaction transaction(workspace_.store().database());
    for (const auto& [log, block_no] : damaged_) {
        workspace_.store().set_block_state(log, block_no, BlockState::pending);
        workspace_.store().want_again(log, block_no);
    }
    transaction.commit();
}

// A branch goes on from a block of the log that it left.
BlockAudit::Link BlockAudit::start_of(LogOrdinal log) {
    LogStore& store = workspace_.store();
    const std::optional<Branch>& branch = store.info(log).branch;
    if (!branch || branch->first_block == 0) return {};
    const auto before = store.block(branch->parent, branch->first_block - 1);
    if (!before) return {};
    return {branch->first_block, branch->first_seq, before->hash, before->roster_position};
}

void BlockAudit::check_log(LogOrdinal log) {
    Link link = start_of(log);
    workspace_.store().visit_blocks(log, {0}, [&](const StoredBlock& block) {
        where_ = place_name(workspace_.store(), log) + " block " + std::to_string(block.block_no);
        check_block(block, link);
        ++report_.blocks;
        report_.entries += block.count;
        return true;
    });
}

void BlockAudit::check_block(const StoredBlock& stored, Link& link) {
    const auto block = protocol::parse_block(roster_.workspace(), stored.bytes);
    if (!block) return fault("malformed_block", "the stored bytes are no block");
    if (!protocol::verify_block(roster_.workspace(), *block))
        fault("bad_signature", "the block is not signed by the device that it names");
    check_place(stored, *block, link);
    check_roster(block->core);
    check_payload(stored, *block);
}

void BlockAudit::check_place(
    const StoredBlock& stored, const protocol::ParsedBlock& block, Link& link) {
    const protocol::Core& core = block.core;
    const LogStore& store = workspace_.store();
    if (block.log != store.info(store.root_of(stored.log)).log)
        fault("wrong_log", "the block belongs to another log");
    if (block.hash != stored.hash || core.first_seq != stored.first_seq ||
        core.count != stored.count)
        fault("wrong_index", "the block is not the one that the vault noted here");
    if (core.block_no != link.block_no || core.first_seq != link.first_seq ||
        core.previous != link.previous)
        fault("broken_chain", "the block does not follow on the one before it");
    if (core.roster_position < link.roster_position)
        fault("roster_went_back", "the author had seen more of the roster before");
    link = {core.block_no + 1, core.last_seq().next(), block.hash, core.roster_position};
}

void BlockAudit::check_roster(const protocol::Core& core) {
    const auto hash = roster_.hash_at(core.roster_position);
    if (!hash || *hash != core.roster_hash)
        fault("unknown_roster", "the block names a roster that is not this one");
    if (roster_.find(core.device) == nullptr)
        fault("unknown_device", "the device is not on the roster");
    if (roster_.find(core.turf) == nullptr) fault("unknown_turf", "the turf is not on the roster");
    if (!core.seen || !roster_.hub() || core.seen->hub_epoch != roster_.hub()->epoch) return;
    const Bytes head = protocol::encode_stream_head(protocol::head_of(*core.seen, core.turf));
    if (!protocol::verify_stream_head(
            roster_.workspace(), head, core.seen->signature, roster_.hub()->signing_key))
        note("unproven_head", "what the author says to have seen of the hub is not signed by it");
}

void BlockAudit::check_payload(const StoredBlock& stored, const protocol::ParsedBlock& block) {
    const protocol::EpochKeys* keys = workspace_.keyring().find(block.core.turf, block.core.epoch);
    if (keys == nullptr)
        return note("no_key", "the block is not opened: this vault has no key of its epoch");
    const auto payload = protocol::open_payload(block, *keys, roster_.workspace());
    if (!payload) {
        const std::string cause(whose(protocol::payload_fault(block)));
        if (stored.state == BlockState::pending)
            return note("pending", "the block does not open: " + cause);
        if (protocol::payload_fault(block) == protocol::PayloadFault::carrier)
            damaged_.emplace_back(stored.log, stored.block_no);
        return fault("bad_payload", "a block that opened once does not open any more: " + cause);
    }
    check_entries(block, *payload);
}

void BlockAudit::check_entries(
    const protocol::ParsedBlock& block, const protocol::OpenedPayload& payload) {
    const std::string block_place = where_;
    std::uint64_t seq = block.core.first_seq.value;
    for (const protocol::Slot& slot : payload.slots) {
        where_ = block_place + " entry " + std::to_string(seq++);
        check_entry(block.core, slot);
    }
    where_ = block_place;
}

void BlockAudit::check_entry(const protocol::Core& core, const protocol::Slot& slot) {
    if (!slot.present) return note("withheld", "the entry is missing and no order took it away");
    const auto entry = protocol::parse_entry(slot.bytes);
    if (!entry) return note("malformed_entry", "the author signed something that is no entry");
    const auto said = static_cast<protocol::EventType>(entry->type);
    if (!protocol::is_known(said))
        note("unknown_type", "the entry is of a type that a later version makes; it is kept");
    // As the replay asks it: who may write an unknown type is whoever may edit.
    const auto type = protocol::is_known(said) ? said : protocol::EventType::edit;
    bool allowed = roster_.may_write(core.device, core.turf, type, core.roster_position);
    if (allowed && type == protocol::EventType::profile) {
        const auto profile = protocol::parse_profile(entry->body);
        allowed = profile &&
                  roster_.may_name(core.device, profile->kind, profile->id, core.roster_position);
    }
    if (!allowed)
        note("no_authority", "the author might not write this; it is kept and not applied");
}

}  // namespace vereda::engine
