#include "client/answers/sync_answer.h"

#include <algorithm>

#include "client/answers/lost_work_answer.h"
#include "client/words/catalogue.h"

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

/// Each with the contact that it was with: names stay out of what a script may keep.
Texts visits_with_contacts(const SyncNews& news) {
    Texts texts;
    for (std::size_t i = 0; i < news.hidden_visits.size(); ++i) {
        const std::string& contact = news.hidden_visits_contacts[i];
        texts.push_back(news.hidden_visits[i]);
        if (!contact.empty())
            texts.back() =
                catalogue().say("remark.visit_of", {{"visit", texts.back()}, {"contact", contact}});
    }
    return texts;
}

void tell_hidden(Report& report, const SyncNews& news) {
    const Texts& contacts = news.hidden_contacts;
    const Texts visits = visits_with_contacts(news);
    if (!contacts.empty())
        report.note(Sentence{
            "remark.hidden_contacts", {{"count", contacts.size()}, {"ids", first_of(contacts)}}});
    if (!visits.empty())
        report.note(Sentence{
            "remark.hidden_interactions", {{"count", visits.size()}, {"ids", first_of(visits)}}});
}

void tell_lost(Report& report, const SyncNews& news, protocol::Millis now) {
    if (news.lost.empty()) return;
    const std::string lost = lost_work_text(news.lost, now);
    if (news.sent_under_new_ids)
        return report.note(Sentence{"remark.lost.renamed", {{"lost", lost}}});
    report.note(Sentence{"remark.lost", {{"lost", lost}}});
}

}  // namespace

void tell(Report& report, const SyncNews& news, protocol::Millis now) {
    tell_hidden(report, news);
    tell_lost(report, news, now);
}

std::string sync_text(const SyncDone& done) {
    const engine::sync::Report& report = done.report;
    if (report.pushed_entries == 0 && report.pulled_entries == 0)
        return catalogue().say("answer.nothing_new");
    return catalogue().say(
        "answer.synced", {{"sent", report.pushed_entries},
                          {"received", report.pulled_entries},
                          {"up", done.bytes_up},
                          {"down", done.bytes_down}});
}

}  // namespace vereda::client
