#include "engine/audit/history.h"

#include <algorithm>
#include <set>

#include "engine/queries/waiting_removals.h"

namespace vereda::engine {
namespace {

EntryStatus status_of_entry(const AppliedFrontier& frontier, LocalDot dot) {
    const auto exception = frontier.exceptions().find(dot.value);
    return exception == frontier.exceptions().end() ? EntryStatus::applied : exception->second;
}

}  // namespace

// What was not applied hangs in no chain; nothing that names the contact is to be silent.
void ActionHistory::find_exceptions(
    const std::vector<LocalDot>& members, std::vector<LocalDot>& entries) {
    const std::set<LocalDot> about(members.begin(), members.end());
    for (const auto& [value, status] : workspace_.projection().frontier().exceptions()) {
        if (status == EntryStatus::pending || status == EntryStatus::withheld) continue;
        const auto logged = pages_.read({value});
        if (logged && (about.contains(logged->record) || about.contains(logged->parent)))
            entries.push_back({value});
    }
}

std::vector<LocalDot> ActionHistory::entries_about(LocalDot contact) {
    Contacts& contacts = workspace_.projection().contacts();
    const LocalDot root = contacts.root_of(contact);
    std::vector<LocalDot> members{contact};
    std::vector<LocalDot> entries;
    if (!root.is_none()) members = contacts.members_of(root);
    if (Queries(workspace_).is_here(contact)) entries = members;
    const std::vector<LocalDot> chain = Queries(workspace_).chain_of(contact);
    entries.insert(entries.end(), chain.begin(), chain.end());
    find_exceptions(members, entries);
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    return entries;
}

std::string ActionHistory::device_of(LogOrdinal log) const {
    return Queries(workspace_).author_of(LocalDot::of(log, {1})).device;
}

ActionView ActionHistory::view_of(LocalDot dot) {
    ActionView view{
        .entry = dot,
        .author = Queries(workspace_).author_of(dot),
        .status = status_of_entry(workspace_.projection().frontier(), dot)};
    const auto logged = pages_.read(dot);
    if (!logged) return view;
    view.record = logged->record;
    view.type = type_word(*logged);
    view.at = {logged->time_ms};
    view.source = source_of(*logged);
    view.evidence = evidence_of(*logged);
    view.steps = steps_of(*logged, pages_);
    if (const auto waiting = waiting_removal(workspace_, *logged))
        view.waits_for = waiting->of ? device_of(*waiting->of) : std::string();
    return view;
}

std::vector<ActionView> ActionHistory::of_contact(LocalDot contact) {
    pages_.forget();
    std::vector<ActionView> views;
    for (const LocalDot dot : entries_about(contact)) views.push_back(view_of(dot));
    const DotOrder& order = workspace_.projection().frontier();
    std::ranges::sort(views, [&order](const ActionView& a, const ActionView& b) {
        return a.at == b.at ? order.before(a.entry, b.entry) : a.at < b.at;
    });
    return views;
}

}  // namespace vereda::engine
