#include "engine/queries/lost_work.h"

#include <algorithm>
#include <array>

#include "engine/queries/missing_contacts.h"
#include "protocol/text_id.h"

namespace vereda::engine {

namespace {

bool is_lost_work(const Mishap& mishap) {
    constexpr std::array work{
        vault_part::open_entry, vault_part::block, vault_part::missing_block, vault_part::rows};
    return mishap.kind == Mishap::Kind::lost && std::ranges::find(work, mishap.what) != work.end();
}

/// Asks the entries beside lost ones.
class Surroundings {
  public:
    explicit Surroundings(Workspace& workspace)
        : workspace_(workspace), pages_(workspace), missing_(missing_contacts(workspace)) {}

    void fill(LostWork& lost, const Mishap::Entries& entries) {
        const auto log = workspace_.store().find_log(entries.log);
        if (!log || !workspace_.store().info(*log).described) return;
        const std::uint64_t first = entries.first.value, end = first + entries.count;
        lost.turf = workspace_.store().info(*log).turf;
        if (first > 1) lost.after = written(*log, first - 1);
        if (const auto next = written(*log, end)) lost.before = std::min(lost.before, *next);
        for (const MissingContact& contact : missing_) {
            const std::uint64_t seq = contact.id.seq().value;
            if (contact.id.log() == *log && seq >= first && seq < end)
                lost.contacts.push_back(contact.id);
        }
        pages_.forget();
    }

  private:
    // A void entry says when it was put there.
    [[nodiscard]] std::optional<protocol::Millis> written(LogOrdinal log, std::uint64_t seq) {
        const LocalDot dot = LocalDot::of(log, {seq});
        const auto entry = pages_.read(dot);
        if (!entry || is_lost_contact(pages_, dot)) return std::nullopt;
        return protocol::Millis{entry->time_ms};
    }

    Workspace& workspace_;
    EntryPages pages_;
    std::vector<MissingContact> missing_;
};

LostWork named(const Mishap& mishap) {
    LostWork lost{.place = mishap.place, .told = mishap.told, .before = mishap.noted};
    if (!mishap.entries) return lost;
    lost.entries = mishap.entries->count;
    for (std::uint64_t at = 0; at < std::min(lost.entries, LostWork::ids_max); ++at) {
        const protocol::Seq seq{mishap.entries->first.value + at};
        lost.ids.push_back(protocol::text_id(protocol::Dot{mishap.entries->log, seq}));
    }
    return lost;
}

}  // namespace

std::vector<LostWork> lost_work(Workspace& workspace) {
    std::vector<LostWork> found;
    std::optional<Surroundings> surroundings;
    for (const Mishap& mishap : workspace.mishaps().all()) {
        if (!is_lost_work(mishap)) continue;
        if (!surroundings) surroundings.emplace(workspace);
        found.push_back(named(mishap));
        if (mishap.entries) surroundings->fill(found.back(), *mishap.entries);
    }
    return found;
}

void note_lost_work_told(Workspace& workspace) {
    Transaction transaction(workspace.store().database());
    workspace.mishaps().note_told();
    transaction.commit();
}

}  // namespace vereda::engine
