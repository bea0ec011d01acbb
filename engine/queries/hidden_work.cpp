#include "engine/queries/hidden_work.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "engine/queries/missing_contacts.h"
#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

std::vector<LocalDot> hidden_among(Database& projection, const char* sql) {
    Statement select(projection, sql);
    std::vector<LocalDot> hidden;
    for (const Row& row : select.query()) hidden.push_back({row.integer(0)});
    return hidden;
}

constexpr const char* hidden_contacts =
    "SELECT coalesce(place, id) FROM contacts WHERE root = id AND kind IS NOT NULL AND flags & 1 "
    "ORDER BY id";
constexpr const char* hidden_missing_contacts =
    "SELECT id FROM contacts WHERE kind IS NULL AND flags & 1 ORDER BY id";
constexpr const char* hidden_interactions =
    "SELECT id FROM interactions WHERE flags & 1 AND contact IS NOT NULL ORDER BY id";

// Nobody can restore a contact that may still come, so what is hidden of it is told when it comes.
std::vector<LocalDot> hidden_lost_contacts(Workspace& workspace) {
    std::vector<LocalDot> hidden =
        hidden_among(workspace.projection().database(), hidden_missing_contacts);
    EntryPages pages(workspace);
    std::erase_if(hidden, [&](LocalDot contact) { return !is_lost_contact(pages, contact); });
    return hidden;
}

bool is_among(const std::vector<LocalDot>& dots, LocalDot dot) {
    return std::ranges::find(dots, dot) != dots.end();
}

}  // namespace

bool HiddenWork::is_own(LocalDot entry) const {
    return workspace_.store().info(entry.log()).device == workspace_.identity().keys.device();
}

HiddenWork::Standing HiddenWork::retractions_in(const std::vector<LocalDot>& retractions) {
    Standing standing;
    for (const LocalDot entry : retractions) {
        standing.own_retraction = standing.own_retraction || is_own(entry);
        if (!is_own(entry)) standing.now.retraction = std::max(standing.now.retraction, entry);
    }
    return standing;
}

HiddenWork::Standing HiddenWork::standing_of_contact(LocalDot contact) {
    Contacts& contacts = workspace_.projection().contacts();
    const auto row = contacts.load(contact);
    const std::vector<LocalDot> retractions = row->state.dots({retracted_slot, {}});
    Standing standing = retractions_in(retractions);
    std::vector<LocalDot> work = contacts.members_of(row->root);
    const auto chain = Queries(workspace_).chain_of(row->root);
    work.insert(work.end(), chain.begin(), chain.end());
    for (const LocalDot entry : work) {
        if (is_among(retractions, entry)) continue;
        if (is_own(entry)) {
            standing.own_work = true;
        } else {
            ++standing.now.work;
        }
    }
    return standing;
}

// An interaction's work is its own entry and those whose values stand. One value in place of
// another is other work, though there is as much of it: so the entries' numbers are added up, not
// counted.
HiddenWork::Standing HiddenWork::standing_of_interaction(LocalDot interaction) {
    constexpr std::uint64_t fits_a_column = 0x7fff'ffff'ffff'ffff;
    const auto row = workspace_.projection().interactions().load(interaction);
    const std::vector<LocalDot> retractions = row->state.dots({retracted_slot, {}});
    Standing standing = retractions_in(retractions);
    std::set<LocalDot> work{interaction};
    for (const RecordState::Item& item : row->state.items()) work.insert(item.dot);
    for (const LocalDot entry : work) {
        if (is_among(retractions, entry)) continue;
        if (is_own(entry)) {
            standing.own_work = true;
        } else {
            standing.now.work += static_cast<std::uint64_t>(entry.value);
        }
    }
    standing.now.work &= fits_a_column;
    return standing;
}

bool HiddenWork::is_news(LocalDot record, const Standing& standing) {
    const auto told = workspace_.store().hidden_told(record).value_or(LogStore::HiddenTold{});
    const bool ours_went = standing.own_work && standing.now.retraction != told.retraction;
    const bool theirs_came = standing.own_retraction && standing.now.work != told.work;
    return ours_went || theirs_came;
}

HiddenRecords HiddenWork::to_tell() {
    Database& projection = workspace_.projection().database();
    HiddenRecords news;
    std::vector<LocalDot> contacts = hidden_among(projection, hidden_contacts);
    std::ranges::move(hidden_lost_contacts(workspace_), std::back_inserter(contacts));
    std::ranges::sort(contacts);
    for (const LocalDot contact : contacts) {
        if (is_news(contact, standing_of_contact(contact))) news.contacts.push_back(contact);
    }
    for (const LocalDot visit : hidden_among(projection, hidden_interactions)) {
        if (is_news(visit, standing_of_interaction(visit))) news.interactions.push_back(visit);
    }
    return news;
}

void HiddenWork::note_told(const HiddenRecords& records) {
    std::optional<Transaction> transaction;
    if (!workspace_.in_group()) transaction.emplace(workspace_.store().database());
    for (const LocalDot contact : records.contacts) {
        const LocalDot id = workspace_.projection().contacts().shown_id(contact);
        workspace_.store().note_hidden_told(id, standing_of_contact(id).now);
    }
    for (const LocalDot interaction : records.interactions) {
        workspace_.store().note_hidden_told(interaction, standing_of_interaction(interaction).now);
    }
    if (transaction) transaction->commit();
}

}  // namespace vereda::engine
