#include "engine/people/hidden_work.h"

#include <algorithm>

#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

std::vector<LocalDot> hidden_contacts(Database& projection) {
    Statement select(
        projection,
        "SELECT coalesce(place, id) FROM contacts "
        "WHERE root = id AND kind IS NOT NULL AND flags & 1 ORDER BY id");
    std::vector<LocalDot> hidden;
    for (const Row& row : select.query()) hidden.push_back({row.integer(0)});
    return hidden;
}

}  // namespace

bool HiddenWork::is_own(LocalDot entry) const {
    return workspace_.store().info(entry.log()).device == workspace_.identity().keys.device();
}

HiddenWork::Standing HiddenWork::standing_of(LocalDot contact) {
    Contacts& contacts = workspace_.projection().contacts();
    Standing standing;
    const auto row = contacts.load(contact);
    const std::vector<LocalDot> retractions = row->state.dots({retracted_slot, {}});
    for (const LocalDot entry : retractions) {
        standing.own_retraction = standing.own_retraction || is_own(entry);
        if (!is_own(entry)) standing.now.retraction = std::max(standing.now.retraction, entry);
    }
    std::vector<LocalDot> work = contacts.members_of(row->root);
    const auto chain = Queries(workspace_).chain_of(row->root);
    work.insert(work.end(), chain.begin(), chain.end());
    for (const LocalDot entry : work) {
        if (std::ranges::find(retractions, entry) != retractions.end()) continue;
        if (is_own(entry)) {
            standing.own_work = true;
        } else {
            ++standing.now.work;
        }
    }
    return standing;
}

std::vector<LocalDot> HiddenWork::to_tell() {
    std::vector<LocalDot> contacts;
    for (const LocalDot contact : hidden_contacts(workspace_.projection().database())) {
        const Standing standing = standing_of(contact);
        const auto told = workspace_.store().hidden_told(contact).value_or(LogStore::HiddenTold{});
        const bool ours_went = standing.own_work && standing.now.retraction != told.retraction;
        const bool theirs_came = standing.own_retraction && standing.now.work != told.work;
        if (ours_went || theirs_came) contacts.push_back(contact);
    }
    return contacts;
}

void HiddenWork::note_told(const std::vector<LocalDot>& contacts) {
    std::optional<Transaction> transaction;
    if (!workspace_.in_group()) transaction.emplace(workspace_.store().database());
    for (const LocalDot contact : contacts) {
        const LocalDot id = workspace_.projection().contacts().shown_id(contact);
        workspace_.store().note_hidden_told(id, standing_of(id).now);
    }
    if (transaction) transaction->commit();
}

}  // namespace vereda::engine
