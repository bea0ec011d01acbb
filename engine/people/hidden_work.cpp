#include "engine/people/hidden_work.h"

#include <algorithm>

#include "engine/schema/fields.h"

namespace vereda::engine {

HiddenWork::HiddenWork(Workspace& workspace)
    : workspace_(workspace), read_(workspace.projection().frontier()) {
    const auto hidden = hidden_contacts();
    hidden_.insert(hidden.begin(), hidden.end());
}

std::vector<LocalDot> HiddenWork::hidden_contacts() const {
    Statement select(
        workspace_.projection().database(),
        "SELECT id FROM contacts WHERE root = id AND kind IS NOT NULL AND flags & 1 ORDER BY id");
    std::vector<LocalDot> hidden;
    for (const Row& row : select.query()) hidden.push_back({row.integer(0)});
    return hidden;
}

bool HiddenWork::is_news(LocalDot entry) const { return !read_.applied(entry); }

bool HiddenWork::is_own(LocalDot entry) const {
    return workspace_.store().info(entry.log()).device == workspace_.identity().keys.device();
}

// The heads of their chains are what came last.
bool HiddenWork::has_news(const std::vector<LocalDot>& records) const {
    const History& history = workspace_.projection().history();
    return std::ranges::any_of(records, [&](LocalDot record) {
        const LocalDot last = history.head(record);
        return is_news(record) || (!last.is_none() && is_news(last));
    });
}

bool HiddenWork::hides_work(LocalDot contact) {
    std::vector<LocalDot> work = workspace_.projection().contacts().members_of(contact);
    if (!has_news(work)) return false;
    const auto row = workspace_.projection().contacts().load(contact);
    const std::vector<LocalDot> retractions = row->state.dots({retracted_slot, {}});
    const auto chain = Queries(workspace_).chain_of(contact);
    work.insert(work.end(), chain.begin(), chain.end());
    std::erase_if(work, [&](LocalDot entry) {
        return std::ranges::find(retractions, entry) != retractions.end();
    });
    const auto came = [this](LocalDot entry) { return is_news(entry) && !is_own(entry); };
    if (std::ranges::any_of(retractions, came)) {
        return std::ranges::any_of(work, [this](LocalDot entry) { return is_own(entry); });
    }
    return hidden_.contains(contact) && std::ranges::any_of(work, came);
}

std::vector<LocalDot> HiddenWork::found_since() {
    std::vector<LocalDot> found;
    for (const LocalDot contact : hidden_contacts()) {
        if (hides_work(contact)) found.push_back(contact);
    }
    return found;
}

}  // namespace vereda::engine
