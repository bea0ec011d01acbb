#include "client/commands/hidden_notice.h"

#include <algorithm>

#include "engine/queries/hidden_work.h"
#include "engine/queries/record_ids.h"

namespace vereda::client {
namespace {

using Texts = std::vector<std::string>;

/// "one, two, three", the first five.
std::string first_of(const Texts& texts) {
    constexpr std::size_t shown = 5;
    std::string list;
    for (std::size_t i = 0; i < std::min(shown, texts.size()); ++i)
        list += (i == 0 ? "" : ", ") + texts[i];
    return texts.size() > shown ? list + " …" : list;
}

Sentence contacts_notice(const Texts& contacts) {
    return {"remark.hidden_contacts", {{"count", contacts.size()}, {"ids", first_of(contacts)}}};
}

Sentence visits_notice(const Texts& visits) {
    return {"remark.hidden_interactions", {{"count", visits.size()}, {"ids", first_of(visits)}}};
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
