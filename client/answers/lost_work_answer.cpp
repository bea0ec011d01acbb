#include "client/answers/lost_work_answer.h"

#include "client/answers/report.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/display_text.h"

namespace vereda::client {
namespace {

std::string amount_text(const LostWorkShown& work) {
    if (work.entries != 0) return counted(work.entries, "entry", "entries");
    return "work not sent yet may be lost; how much is unknown";
}

// " recorded in North between … and …"
std::string when_and_where(const LostWorkShown& work, protocol::Millis now) {
    if (!work.turf) return ", from " + work.place;
    const std::string before = format_time(work.before, now);
    return " recorded in " + printable(*work.turf) +
           (work.after ? " between " + format_time(*work.after, now) + " and " + before
                       : " before " + before);
}

std::string text_of(const LostWorkShown& work, protocol::Millis now) {
    std::string text = "  " + amount_text(work) + when_and_where(work, now);
    if (!work.ids.empty()) text += ":";
    for (const std::string& id : work.ids) text += " " + id;
    text += work.entries > work.ids.size() ? " …\n" : "\n";
    for (const std::string& id : work.contacts)
        text += "  A contact is among them: `vereda contact show " + id + "`\n";
    return text;
}

}  // namespace

std::string lost_work_text(const std::vector<LostWorkShown>& lost, protocol::Millis now) {
    std::string text;
    for (const LostWorkShown& work : lost) text += text_of(work, now);
    return text + "Compare with your own notes, and record again what is missing.\n";
}

}  // namespace vereda::client
