#include "engine/audit/block_audit.h"

#include "protocol/log/seal.h"
#include "protocol/sync/leaf.h"
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

}  // namespace

std::string place_name(const LogStore& store, LogOrdinal log) {
    return "log " + protocol::text_id(store.info(log).log.view());
}

void BlockAudit::fault(std::string_view code) {
    report_.findings.push_back(make_finding(FindingSeverity::fault, code, where_));
}

void BlockAudit::note(std::string_view code) {
    report_.findings.push_back(make_finding(FindingSeverity::note, code, where_));
}

void BlockAudit::run(const AuditProgress& progress) {
    const LogStore& store = workspace_.store();
    const std::uint64_t total = count_blocks(store);
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        check_log({log});
        if (progress) progress(report_.blocks, total);
    }
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
    for (const LogStore::BlockRow& row : workspace_.store().block_rows(log, 0))
        check_stored(log, row.block_no, link);
}

void BlockAudit::check_stored(LogOrdinal log, std::uint64_t block_no, Link& link) {
    where_ = block_place(workspace_.store(), log, block_no);
    const auto open = [&](const StoredBlock& stored) {
        return open_block(
            roster_.workspace(), workspace_.keyring(), stored.bytes, stored.acceptance);
    };
    auto stored = workspace_.store().block(log, block_no);
    if (!stored) return fault("unreadable_row");
    OpenedBlock opened = open(*stored);
    if (workspace_.block_repair().settle(*stored, opened, false).mended_bytes)
        opened = open(*workspace_.store().block(log, block_no));
    stored = workspace_.store().block(log, block_no);
    check_block(*stored, opened, link);
    ++report_.blocks;
    report_.entries += stored->count;
}

void BlockAudit::check_block(const StoredBlock& stored, const OpenedBlock& opened, Link& link) {
    if (!opened.parsed) {
        link = {
            stored.block_no + 1, stored.entries().last.next(), stored.hash, stored.roster_position};
        return fault("malformed_block");
    }
    const protocol::ParsedBlock& block = *opened.parsed;
    if (opened.verdict == OpenedBlock::Verdict::refused) fault("bad_signature");
    check_place(stored, block, link);
    check_roster(block.core);
    check_payload(stored, opened);
}

void BlockAudit::check_place(
    const StoredBlock& stored, const protocol::ParsedBlock& block, Link& link) {
    const protocol::Core& core = block.core;
    const LogStore& store = workspace_.store();
    if (block.log != store.info(store.root_of(stored.log)).log) fault("wrong_log");
    if (block.hash != stored.hash || core.first_seq != stored.first_seq ||
        core.count != stored.count)
        fault("wrong_index");
    if (core.block_no != link.block_no || core.first_seq != link.first_seq ||
        core.previous != link.previous)
        fault("broken_chain");
    if (core.roster_position < link.roster_position) fault("roster_went_back");
    link = {core.block_no + 1, core.last_seq().next(), block.hash, core.roster_position};
}

void BlockAudit::check_roster(const protocol::Core& core) {
    const auto hash = roster_.hash_at(core.roster_position);
    if (!hash || *hash != core.roster_hash) fault("unknown_roster");
    if (roster_.find(core.device) == nullptr) fault("unknown_device");
    if (roster_.find(core.turf) == nullptr) fault("unknown_turf");
    if (!core.seen || !roster_.hub() || core.seen->hub_epoch != roster_.hub()->epoch) return;
    const Bytes head = protocol::encode_stream_head(protocol::head_of(*core.seen, core.turf));
    if (!protocol::verify_stream_head(
            roster_.workspace(), head, core.seen->signature, roster_.hub()->signing_key))
        note("unproven_head");
}

void BlockAudit::check_payload(const StoredBlock& stored, const OpenedBlock& opened) {
    if (opened.payload) return check_entries(*opened.parsed, *opened.payload);
    if (stored.state == BlockState::damaged) return fault("bad_payload.on_disk");
    if (opened.verdict == OpenedBlock::Verdict::no_key) return note("no_key");
    switch (protocol::payload_fault(*opened.parsed)) {
        case protocol::PayloadFault::author:
            return note("pending.author");
        case protocol::PayloadFault::sealer:
            return note("pending.sealer");
        case protocol::PayloadFault::carrier:
            fault("bad_payload.on_its_way");
            report_.findings.back().remedy = Remedy::sync;
    }
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
    if (!slot.present) return note("withheld");
    const auto entry = protocol::parse_entry(slot.bytes);
    if (!entry) return note("malformed_entry.signed");
    const auto said = static_cast<protocol::EventType>(entry->type);
    if (!protocol::is_known(said)) note("unknown_type");
    // As the replay asks it: who may write an unknown type is whoever may edit.
    const auto type = protocol::is_known(said) ? said : protocol::EventType::edit;
    bool allowed = roster_.may_write(core.device, core.turf, type, core.roster_position);
    if (allowed && type == protocol::EventType::profile) {
        const auto profile = protocol::parse_profile(entry->body);
        allowed = profile &&
                  roster_.may_name(core.device, profile->kind, profile->id, core.roster_position);
    }
    if (!allowed) note("no_authority");
}

}  // namespace vereda::engine
