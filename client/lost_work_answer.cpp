#include "client/lost_work_answer.h"

#include "client/terminal/display_text.h"
#include "client/terminal/people_time.h"
#include "engine/queries/queries.h"
#include "engine/queries/record_ids.h"
#include "engine/schema/value_text.h"

namespace vereda::client {

namespace {

std::vector<std::string> contacts_of(engine::Workspace& workspace, const engine::LostWork& work) {
    const engine::RecordIds ids(workspace);
    std::vector<std::string> contacts;
    for (const engine::LocalDot contact : work.contacts) contacts.push_back(ids.text_of(contact));
    return contacts;
}

// " recorded in North between … and …"
std::string when_and_where(engine::Workspace& workspace, const engine::LostWork& work) {
    if (!work.turf) return {};
    const protocol::Millis now = workspace.environment().clock.now();
    const std::string turf = printable(engine::Queries(workspace).turf_name(*work.turf));
    const std::string before = format_time(work.before, now);
    return " recorded in " + turf +
           (work.after ? " between " + format_time(*work.after, now) + " and " + before
                       : " before " + before);
}

}  // namespace

Json json_of_lost(engine::Workspace& workspace, const std::vector<engine::LostWork>& lost) {
    const engine::Queries queries(workspace);
    JsonArray list;
    for (const engine::LostWork& work : lost) {
        JsonObject object;
        object.add("where", work.place)
            .add("entries", work.entries)
            .add("entries_known", work.entries != 0)
            .add("ids", json_texts(work.ids))
            .add("before", engine::time_text(work.before));
        if (work.turf) object.add("turf", queries.turf_name(*work.turf));
        if (work.after) object.add("after", engine::time_text(*work.after));
        list.add(object.add("contacts", json_texts(contacts_of(workspace, work))).done());
    }
    return list.done();
}

namespace {

std::string text_of(engine::Workspace& workspace, const engine::LostWork& work) {
    std::string text = "  " + (work.entries == 0 ? std::string("work not sent yet may be lost; how "
                                                               "much is unknown")
                                                 : counted(work.entries, "entry", "entries"));
    text += work.turf ? when_and_where(workspace, work) : ", from " + work.place;
    if (!work.ids.empty()) text += ":";
    for (const std::string& id : work.ids) text += " " + id;
    text += work.entries > work.ids.size() ? " …\n" : "\n";
    for (const std::string& id : contacts_of(workspace, work))
        text += "  A contact is among them: `vereda contact show " + id + "`\n";
    return text;
}

}  // namespace

std::string lost_work_text(
    engine::Workspace& workspace, const std::vector<engine::LostWork>& lost) {
    std::string text;
    for (const engine::LostWork& work : lost) text += text_of(workspace, work);
    return text + "Compare with your own notes, and record again what is missing.\n";
}

std::optional<Json> tell_of_lost_work(Report& report, engine::Workspace& workspace) {
    std::vector<engine::LostWork> lost = engine::lost_work(workspace);
    std::erase_if(lost, [](const engine::LostWork& work) { return work.told; });
    if (lost.empty()) return std::nullopt;
    const bool renamed = workspace.opening().renamed_entries != 0;
    report.note(
        "The disk has destroyed work of yours before the hub had it. " +
        std::string(renamed ? "What came after it was sent under new ids. " : "") + "Lost:\n" +
        lost_work_text(workspace, lost) + "Copy the vault to another disk.");
    engine::note_lost_work_told(workspace);
    return json_of_lost(workspace, lost);
}

}  // namespace vereda::client
