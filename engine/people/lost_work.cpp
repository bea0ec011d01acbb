#include "engine/people/lost_work.h"

#include <algorithm>

#include "protocol/text_id.h"

namespace vereda::engine {

std::vector<LostWork> lost_work(Workspace& workspace) {
    std::vector<LostWork> found;
    for (const Mishap& mishap : workspace.mishaps().all()) {
        const bool is_work =
            mishap.what == "open_entry" || mishap.what == "block" || mishap.what == "rows";
        if (mishap.kind != Mishap::Kind::lost || !is_work) continue;
        LostWork lost{.place = mishap.place, .told = mishap.told};
        if (mishap.entries) {
            lost.entries = mishap.entries->count;
            for (std::uint64_t at = 0; at < std::min(lost.entries, LostWork::ids_max); ++at) {
                const protocol::Seq seq{mishap.entries->first.value + at};
                lost.ids.push_back(protocol::text_id(protocol::Dot{mishap.entries->log, seq}));
            }
        }
        found.push_back(std::move(lost));
    }
    return found;
}

void note_lost_work_told(Workspace& workspace) {
    Transaction transaction(workspace.store().database());
    workspace.mishaps().note_told();
    transaction.commit();
}

}  // namespace vereda::engine
