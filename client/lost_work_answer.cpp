#include "client/lost_work_answer.h"

namespace vereda::client {

Json json_of_lost(const std::vector<engine::LostWork>& lost) {
    JsonArray list;
    for (const engine::LostWork& work : lost) {
        list.add(JsonObject()
                     .add("where", work.place)
                     .add("entries", work.entries)
                     .add("ids", json_texts(work.ids))
                     .done());
    }
    return list.done();
}

std::string lost_work_text(const std::vector<engine::LostWork>& lost) {
    std::string text;
    for (const engine::LostWork& work : lost) {
        text += work.place + ": " +
                (work.entries == 0 ? std::string("nothing says how many entries")
                                   : counted(work.entries, "entry", "entries"));
        for (const std::string& id : work.ids) text += " " + id;
        text += work.entries > work.ids.size() ? " …\n" : "\n";
    }
    return text;
}

std::vector<engine::LostWork> tell_of_lost_work(Report& report, engine::Workspace& workspace) {
    std::vector<engine::LostWork> lost = engine::lost_work(workspace);
    std::erase_if(lost, [](const engine::LostWork& work) { return work.told; });
    if (lost.empty()) return lost;
    report.note(
        "The disk has destroyed work of yours before the hub had it; what came after it was sent "
        "under new ids. Lost:\n" +
        lost_work_text(lost) + "Copy the vault to another disk.");
    engine::note_lost_work_told(workspace);
    return lost;
}

}  // namespace vereda::client
