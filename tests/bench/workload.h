#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// The published workload of a day in the field, made from a seed: the same people, visits and
/// edits on every machine, and the same as other systems were measured with (docs/benchmarks.md).
namespace vereda::bench {

struct Person {
    std::vector<std::string> values;  ///< In the order of `person_fields`.
};

/// One line of a laptop's day: a visit, or an edit of one field.
struct Deed {
    bool visit = true;
    std::size_t person = 0;
    std::string kind, outcome, note;  ///< Of a visit.
    std::size_t field = 0;            ///< Of an edit: index in `person_fields`.
    std::string value;
    std::int64_t at_ms = 0;
};

/// Fields as the schema names them.
extern const std::vector<std::string> person_fields;

struct FieldDayOptions {
    std::uint32_t seed = 1;
    std::size_t people = 10'000;
    std::size_t laptops = 20;
    std::size_t visits = 500;
    std::size_t edits = 200;
    /// Share of edits that hit a field which one other laptop edits too.
    double conflicting = 0.1;
};

struct FieldDayWork {
    std::vector<Person> people;
    std::vector<std::vector<Deed>> days;  ///< By laptop.
};

[[nodiscard]] FieldDayWork make_field_day(const FieldDayOptions& options);
/// `count` visits of one laptop to `people` people.
[[nodiscard]] std::vector<Deed> make_long_log(
    std::size_t count, std::size_t people, std::uint32_t seed = 1);
/// The same with notes from a vocabulary of `words` invented words: 189 words flatter a full-text
/// index.
[[nodiscard]] std::vector<Deed> make_wordy_log(
    std::size_t count, std::size_t people, std::size_t words);

}  // namespace vereda::bench
