#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/told.h"
#include "tests/sim/world.h"

namespace vereda::sim {

/// What everybody did, as the simulation saw it happen: every acknowledged action, with what its
/// author had seen by then, told to the reference model. At the end every laptop has to show what
/// the model says. What a laptop had seen is what lay in its log: a beginning of each log. That is
/// asked of the store; the projection and the merge are asked nothing before the comparison.
class Chronicle {
  public:
    explicit Chronicle(World& world) : world_(world) {}

    /// A record as it lies before the owner of this laptop.
    [[nodiscard]] Sight look(Laptop& laptop, engine::LocalDot record);
    /// The contact that a sheet's row names there.
    [[nodiscard]] std::optional<Sight> look_for_key(
        Laptop& laptop, const protocol::TurfId& turf, const engine::RowKey& key);
    [[nodiscard]] model::Dot global(Laptop& laptop, engine::LocalDot dot) const;
    [[nodiscard]] static protocol::TurfId turf_of(Laptop& laptop, engine::LocalDot record);

    /// Does `action`, which says whether it wrote, and tells the model. It has to write `told`, all
    /// of it or, when it may not, nothing. An action during which the power failed was not
    /// acknowledged: what of it is found afterwards was done, the rest was not. True when it wrote.
    template <class Action>
    bool witness(
        Laptop& laptop, const protocol::TurfId& turf, const std::vector<Told>& told,
        Action action) {
        const Place place = end_of_own_log(laptop, turf);
        bool wrote = false;
        try {
            wrote = action();
        } catch (const engine::StorageFailure&) {
            VEREDA_ASSERT(!laptop.disk().has_power());
            laptop.lose_power(std::nullopt);
            note_survivors(laptop, turf, told, place);
            return false;
        }
        note_written(laptop, turf, told, place, wrote);
        return wrote;
    }

    /// The first laptop and record that differ from the model, or the first action that wrote
    /// something else than was told; empty when there is none.
    [[nodiscard]] std::string difference() const;

    /// Actions that were to write nothing and wrote nothing.
    [[nodiscard]] std::size_t refusals() const { return refusals_; }

    [[nodiscard]] const model::ReferenceModel& model() const { return model_; }
    /// What its author had seen when an entry was written, itself not included.
    [[nodiscard]] const model::Frontier& seen_before(const model::Dot& dot) const {
        return seen_.at(dot);
    }

  private:
    struct Place {
        protocol::LogId log;
        std::uint64_t end = 0;  ///< The last entry's number.
        model::Frontier seen;
    };
    [[nodiscard]] Place end_of_own_log(Laptop& laptop, const protocol::TurfId& turf);
    [[nodiscard]] model::Frontier seen_by(Laptop& laptop);
    void note_written(
        Laptop& laptop, const protocol::TurfId& turf, const std::vector<Told>& told,
        const Place& place, bool wrote);
    void note_survivors(
        Laptop& laptop, const protocol::TurfId& turf, const std::vector<Told>& told,
        const Place& place);
    void tell(
        Laptop& laptop, const protocol::TurfId& turf, const std::vector<Told>& told,
        const Place& place);
    void complain(const std::string& what);
    [[nodiscard]] int number_of(const protocol::TurfId& turf) const;

    World& world_;
    model::ReferenceModel model_;
    std::map<protocol::LogId, std::string> names_;
    std::map<model::Dot, model::Frontier> seen_;
    std::string complaint_;
    std::size_t refusals_ = 0;
};

}  // namespace vereda::sim
