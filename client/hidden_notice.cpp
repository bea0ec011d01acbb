#include "client/hidden_notice.h"

#include <algorithm>

#include "engine/queries/hidden_work.h"
#include "engine/queries/record_ids.h"

namespace vereda::client {
namespace {

using Texts = std::vector<std::string>;

/// " one, two, three", the first five.
std::string first_of(const Texts& texts) {
    constexpr std::size_t shown = 5;
    std::string list;
    for (std::size_t i = 0; i < std::min(shown, texts.size()); ++i)
        list += (i == 0 ? " " : ", ") + texts[i];
    return texts.size() > shown ? list + " …" : list;
}

constexpr const char* by_a_retraction = " hidden by a retraction, and not all who worked on ";

std::string contacts_notice(const Texts& contacts) {
    const bool one = contacts.size() == 1;
    return counted(contacts.size(), "contact is", "contacts are") + by_a_retraction +
           (one ? "it" : "them") + " knew of it:" + first_of(contacts) +
           ". Nothing is lost: `vereda history ID` tells who did what, `vereda contact restore ID` "
           "brings one back, `vereda contact list --retracted` shows all that are hidden.";
}

std::string visits_notice(const Texts& visits) {
    const bool one = visits.size() == 1;
    return counted(visits.size(), "interaction is", "interactions are") + by_a_retraction +
           (one ? "it" : "them") + " knew of it:" + first_of(visits) +
           ". Nothing is lost: `vereda history CONTACT` tells who did what, `vereda interaction "
           "restore ID` brings one back, `vereda contact show CONTACT --retracted` shows those "
           "that are hidden.";
}

Texts ids_of(const engine::RecordIds& ids, const std::vector<engine::LocalDot>& records) {
    Texts texts;
    for (const engine::LocalDot record : records) texts.push_back(ids.text_of(record));
    return texts;
}

/// What the contact is shown under; of one that is not here its own id, which finds what is left.
engine::LocalDot shown_contact(engine::Queries& queries, engine::LocalDot contact) {
    const auto view = queries.contact(contact);
    return view ? view->id : contact;
}

/// Each with the contact that it was with: names stay out of what a script may keep.
Texts ids_with_contacts(
    const engine::RecordIds& ids, const std::vector<engine::LocalDot>& interactions) {
    engine::Queries queries(ids.workspace());
    Texts texts;
    for (const engine::LocalDot interaction : interactions) {
        texts.push_back(ids.text_of(interaction));
        const auto line = queries.interaction(interaction);
        if (!line) continue;
        const engine::LocalDot contact = shown_contact(queries, line->what.contact);
        texts.back() += " (of contact " + ids.text_of(contact) + ")";
    }
    return texts;
}

}  // namespace

std::vector<std::string> tell_of_hidden_work(Report& report, engine::Workspace& workspace) {
    engine::HiddenWork hidden_work(workspace);
    const engine::HiddenRecords news = hidden_work.to_tell();
    if (news.empty()) return {};
    const engine::RecordIds ids(workspace);
    Texts told = ids_of(ids, news.contacts);
    if (!told.empty()) report.note(contacts_notice(told));
    if (!news.interactions.empty())
        report.note(visits_notice(ids_with_contacts(ids, news.interactions)));
    for (std::string& id : ids_of(ids, news.interactions)) told.push_back(std::move(id));
    hidden_work.note_told(news);
    return told;
}

}  // namespace vereda::client
