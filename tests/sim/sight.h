#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/reference_model.h"

namespace vereda::sim {

/// One record as it lies before somebody who is about to act on it: made of the entries that the
/// simulation knows to be on that laptop, by the reference model alone. The engine is not asked.
class Sight {
  public:
    /// Nothing when nobody there can have heard of such a record.
    [[nodiscard]] static std::optional<Sight> of(
        const model::ReferenceModel& everything, const model::Frontier& read,
        const model::Dot& record);

    [[nodiscard]] const model::Dot& record() const { return record_; }
    /// What an interaction hangs on.
    [[nodiscard]] const std::optional<model::Dot>& contact() const { return contact_; }
    [[nodiscard]] const model::Record& state() const { return state_; }

    /// What shows: a register's values, or a set's elements.
    [[nodiscard]] std::set<std::string> shown(int field) const;
    [[nodiscard]] std::vector<int> fields_in_conflict() const;

    /// Everything that a write replaces whose author has seen this: all that was ever written
    /// there, whether it shows or not.
    [[nodiscard]] std::vector<model::Dot> writers(int field) const;
    [[nodiscard]] std::vector<model::Dot> adders(int field, const std::string& element) const;
    [[nodiscard]] std::vector<model::Dot> withdrawals(const std::string& channel) const;
    [[nodiscard]] std::vector<model::Dot> retractions() const;

    /// What a source said last of a field, whether it shows or not.
    [[nodiscard]] std::vector<model::Value> said_by(const std::string& source, int field) const;

    /// Words about one record on one line, for whoever reads a failure.
    [[nodiscard]] static std::string describe(const model::Dot& dot) {
        return dot.log + " no. " + std::to_string(dot.seq);
    }

  private:
    template <class Wanted>
    [[nodiscard]] std::vector<model::Dot> dots_where(Wanted wanted) const;

    model::Dot record_;
    std::optional<model::Dot> contact_;
    model::Record state_;
    std::vector<model::Entry> entries_;
};

/// Fields of which more than one different value shows.
[[nodiscard]] std::vector<int> fields_in_conflict(const model::Record& record);

}  // namespace vereda::sim
