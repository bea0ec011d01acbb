#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/sim/chronicle.h"

namespace vereda::sim {

/// How often each thing happened in the runs that were counted: what people did, and how what they
/// did apart met. A simulation in which nothing of a kind happens proves nothing of it.
class Census {
  public:
    void count(const Chronicle& chronicle);

    /// What should have happened in so many runs and never did. Few runs may well do without one of
    /// the rarer things.
    [[nodiscard]] std::vector<std::string> missing(std::uint64_t runs) const;
    [[nodiscard]] std::string summary() const;

  private:
    struct Subject;
    void count_all_about(const Chronicle& chronicle, const model::Record& record);
    void count_entry(const model::Entry& entry);
    void count_writes(const model::Entry& entry);
    void count_record(const model::Record& record);
    void count_ends(const Chronicle& chronicle, const Subject& subject);
    void count_end(
        const model::Write& write, const model::Record& before, const model::Record& after);
    void count_meetings(const Chronicle& chronicle, const Subject& subject);
    void count_meeting(const model::Entry& one, const model::Entry& other, const Subject& subject);

    std::map<std::string, std::size_t> times_;
};

}  // namespace vereda::sim
