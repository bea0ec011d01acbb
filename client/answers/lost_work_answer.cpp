#include "client/answers/lost_work_answer.h"

#include "client/answers/report.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/display_text.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

Sentence when_and_where(const LostWorkShown& work, protocol::Millis now) {
    const std::uint64_t count = work.entries;
    if (!work.turf) return {"status.lost.from", {{"count", count}, {"place", work.place}}};
    const std::string turf = printable(*work.turf);
    const std::string before = format_time(work.before, now);
    if (!work.after)
        return {"status.lost.before", {{"count", count}, {"turf", turf}, {"before", before}}};
    return {
        "status.lost.between",
        {{"count", count},
         {"turf", turf},
         {"after", format_time(*work.after, now)},
         {"before", before}}};
}

std::string text_of(const LostWorkShown& work, protocol::Millis now) {
    std::string text = "  " + catalogue().say(when_and_where(work, now));
    if (!work.ids.empty()) text += ":";
    for (const std::string& id : work.ids) text += " " + id;
    text += work.entries > work.ids.size() ? " …\n" : "\n";
    for (const std::string& id : work.contacts)
        text += "  " + said_line({"status.lost.contact", {{"contact", id}}});
    return text;
}

}  // namespace

std::string lost_work_text(const std::vector<LostWorkShown>& lost, protocol::Millis now) {
    std::string text;
    for (const LostWorkShown& work : lost) text += text_of(work, now);
    return text + said_line({"status.lost.record_again"});
}

}  // namespace vereda::client
