#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/log/log_store.h"
#include "engine/projection/projection.h"
#include "engine/replay/digest.h"
#include "tests/sim/reference_model.h"

namespace vereda::tests {

/// One laptop's projection, fed with the reference model's entries: a stage for tests of the merge.
/// Logs have numbers of this replica's own, in the order that it is told.
class Replica : private engine::EntryTexts {
  public:
    using Turfs = std::map<std::string, int>;  ///< Log → turf number, 1 or more.

    /// Records of more than `items_max` items lie in parts.
    Replica(
        const std::vector<std::string>& logs_in_order, const Turfs& turfs,
        std::size_t items_max = 64);

    /// The next entry of its log. `withheld`: its slot is empty so far.
    void read(const model::Entry& entry, bool withheld = false);
    /// A withheld entry has come.
    void read_late(const model::Entry& entry);

    /// Through the bytes of a snapshot and back.
    void reload();

    [[nodiscard]] engine::StateDigest digest(int turf);
    [[nodiscard]] model::Record contact(const model::Dot& dot);
    [[nodiscard]] model::Record interaction(const model::Dot& dot);
    [[nodiscard]] std::vector<std::string> conflicts(const model::Dot& contact);
    /// Contacts that search finds by a folded word.
    [[nodiscard]] std::set<model::Dot> found_by(const std::string& word);

    [[nodiscard]] engine::LocalDot local(const model::Dot& dot) const;
    [[nodiscard]] model::Dot global(engine::LocalDot dot) const;
    /// Whether anything of the log has been read: before that, its turf can only be assumed.
    [[nodiscard]] bool has_read(const std::string& log) const {
        return projection_->frontier().read_to(ordinals_.at(log)).value != 0;
    }
    [[nodiscard]] engine::Projection& projection() { return *projection_; }
    [[nodiscard]] engine::EntryStatus last_status() const { return last_status_; }

  private:
    struct Kept {
        model::Entry entry;
        bool withheld = false;
    };

    void apply(const model::Entry& entry, bool late);
    void prove_by(const model::Dot& dot);
    template <class Take>
    void with_action(const model::Entry& entry, Take take);
    [[nodiscard]] const engine::LongTexts& long_texts_of(engine::LocalDot dot) override;
    void read_into(
        engine::RecordState& state, engine::LocalDot dot, const engine::AppliedDots& log) override;
    [[nodiscard]] bool leaves_in_log(engine::LocalDot dot) const;
    [[nodiscard]] engine::ReferenceTable references_of(const model::Entry& entry) const;
    void introduce(const std::string& log);
    void rebuild_if_stale();
    [[nodiscard]] Bytes body_of(const model::Entry& entry) const;
    [[nodiscard]] Bytes edit_body(const model::Entry& entry) const;
    [[nodiscard]] Bytes contact_body(const model::Entry& entry) const;
    [[nodiscard]] protocol::Over over(
        const std::vector<model::Dot>& dots, const model::Entry& entry) const;
    [[nodiscard]] model::Record record(const engine::RecordState& state) const;

    std::unique_ptr<engine::Database> database_;
    engine::LogStore store_;
    engine::Projection::Options options_;
    std::unique_ptr<engine::Projection> projection_;
    std::map<std::string, engine::LogOrdinal> ordinals_;
    std::vector<std::string> names_;  // by ordinal − 1
    Turfs turfs_;
    std::map<model::Dot, Kept> read_;
    std::map<std::string, std::uint64_t> stands_;  // how far each log has come
    engine::EntryStatus last_status_{};
    engine::LongTexts texts_;
};

}  // namespace vereda::tests
