#include "engine/queries/set_aside.h"

namespace vereda::engine {

std::vector<SetAsideView> set_aside_of(Workspace& workspace) {
    std::vector<SetAsideView> views;
    EntryPages pages(workspace);
    for (const SetAsideEntry& kept : workspace.store().set_aside_entries()) {
        SetAsideView view{.entry = kept.dot, .why = kept.why};
        const auto bytes = workspace.writer().open_form(kept.dot, kept.sealed);
        if (const auto logged = bytes ? logged_open(*bytes, kept.dot) : std::nullopt) {
            view.record = logged->record;
            view.type = type_word(*logged);
            view.at = {logged->time_ms};
            view.evidence = evidence_of(*logged);
            view.steps = steps_of(*logged, pages);
        }
        views.push_back(std::move(view));
    }
    return views;
}

}  // namespace vereda::engine
