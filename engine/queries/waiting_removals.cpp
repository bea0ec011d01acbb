#include "engine/queries/waiting_removals.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "protocol/log/event.h"

namespace vereda::engine {
namespace {

using protocol::EventType;

// What the entry takes away, by its own words: references of its body, and of a retract its record.
std::vector<protocol::Reference> removals_of(const protocol::Entry& entry) {
    const auto type = static_cast<EventType>(entry.type);
    if (type == EventType::retract && entry.record) return {*entry.record};
    return protocol::references_of(type, entry.body).value_or(std::vector<protocol::Reference>{});
}

bool stands_here(LogStore& store, LocalDot dot) {
    return !dot.is_none() && store.block_holding(dot).has_value();
}

}  // namespace

std::optional<WaitingRemoval> waiting_removal(Workspace& workspace, const LoggedEntry& logged) {
    if (logged.entry.version != 1) return std::nullopt;
    for (const protocol::Reference& reference : removals_of(logged.entry)) {
        if (reference.index == 0) continue;  // what its author wrote later never counts
        const auto named = logged.references->resolve(reference, logged.dot);
        if (named.proven) continue;
        WaitingRemoval waiting{.entry = logged.dot, .record = logged.record};
        const LogOrdinal log = named.dot.log();
        if (log.value != 0 && workspace.store().info(log).described) waiting.of = log;
        waiting.contradicted = stands_here(workspace.store(), named.dot);
        return waiting;
    }
    return std::nullopt;
}

std::size_t news_of_waiting(Workspace& workspace) {
    constexpr const char* told_name = "unproven-told";
    const std::size_t now = workspace.projection().unproven().count();
    const auto told = workspace.store().meta(told_name);
    if (told ? std::ranges::equal(*told, as_bytes(std::to_string(now))) : now == 0) return 0;
    Transaction transaction(workspace.store().database());
    workspace.store().put_meta(told_name, as_bytes(std::to_string(now)));
    transaction.commit();
    const std::size_t before =
        told ? std::strtoull(std::string(as_text(*told)).c_str(), nullptr, 10) : 0;
    return now > before ? now : 0;
}

std::vector<WaitingRemoval> waiting_removals(Workspace& workspace, std::size_t blocks_max) {
    std::set<BlockAt> blocks;
    for (const auto& row : workspace.projection().unproven().all(blocks_max))
        blocks.insert(row.block);
    std::vector<WaitingRemoval> found;
    EntryPages pages(workspace);
    for (const BlockAt& at : blocks) {
        const auto block = workspace.store().block(at.log, at.block_no);
        if (!block) continue;
        for (std::uint32_t i = 0; i < block->count; ++i) {
            const LocalDot dot = LocalDot::of(at.log, {block->first_seq.value + i});
            const auto logged = pages.read(dot);
            if (!logged || !workspace.projection().frontier().applied(dot)) continue;
            if (const auto waiting = waiting_removal(workspace, *logged)) found.push_back(*waiting);
        }
        pages.forget();
    }
    return found;
}

}  // namespace vereda::engine
