#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/merge/record_state.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// The states of large records, each cut into parts that are rows of their own. An entry loads and
/// stores only the part that it touches. So it costs the same however large its record has become
/// (docs/decisions/0017-what-a-member-may-cost.md).
///
/// Parts follow each other by dot (`PartPlace`), so a log goes on writing into its newest part. A
/// few dozen touched parts are held in memory and written together; every reading writes them
/// first. What a record shows (its name, its search words) needs the whole of it. That is found out
/// once for many entries: `settle` names the records that have changed.
class PartedStates {
  public:
    /// `name` begins the names of the tables. A state of more items than `items_max`, or of more
    /// than 16 KiB, is large.
    PartedStates(Database& database, const std::string& name, std::size_t items_max);

    /// Whether a state, which encodes to `encoded`, is to be kept in parts.
    [[nodiscard]] bool is_large(const RecordState& state, ByteView encoded) const {
        return state.size() > items_max_ || encoded.size() > bytes_max;
    }
    [[nodiscard]] bool has(LocalDot record) const { return records_.contains(record.value); }
    /// Keeps a record in parts from now on. Search finds it by `words` at present.
    void begin(LocalDot record, RecordState&& state, std::string_view words);
    /// Takes a record out of here and returns its parts.
    [[nodiscard]] std::vector<RecordState> take(LocalDot record);

    /// A record that is kept here, for an entry to change. These states must outlive it.
    class Target;
    [[nodiscard]] Target target(LocalDot record);
    /// Takes in a state, as when two records turn out to be one.
    void absorb(LocalDot record, RecordState&& state);

    [[nodiscard]] RecordState load(LocalDot record);
    /// Shows each part to `visit`, in their order.
    template <class Visit>
    void visit(LocalDot record, Visit visit);
    /// The words by which search finds a record, as `begin` or `set_words` said last.
    [[nodiscard]] std::string words(LocalDot record);
    void set_words(LocalDot record, std::string_view words) { set_words_.run(record, words); }
    /// Names each record that has changed since last time to `show`.
    template <class Show>
    void settle(Show show);

  private:
    static constexpr std::size_t bytes_max = 16 * 1024;  // of a part; one item may be larger
    static constexpr std::size_t held_max = 64;          // parts

    struct Key {
        LocalDot record;
        PartPlace start;
    };
    using KeyView = std::pair<LocalDot, PartPlaceView>;
    struct ByKey {
        using is_transparent = void;
        [[nodiscard]] static KeyView of(const Key& key) { return {key.record, key.start.view()}; }
        [[nodiscard]] static const KeyView& of(const KeyView& key) { return key; }
        template <class A, class B>
        bool operator()(const A& a, const B& b) const {
            return of(a) < of(b);
        }
    };
    struct Part {
        std::int64_t id = 0;           ///< Its row; 0: has none yet.
        std::optional<PartPlace> end;  ///< Where the next one begins; none for the last.
        RecordState state;
        std::size_t bytes = 0;  ///< About its size when encoded.
        std::size_t items_max = 0;
        std::size_t bytes_max = PartedStates::bytes_max;  ///< Beyond one of the two it is halved.
        bool changed = false;
        [[nodiscard]] bool is_large() const {
            return state.size() > items_max || bytes > bytes_max;
        }
    };
    using Parts = std::map<Key, Part, ByKey>;

    [[nodiscard]] static bool covers(const Parts::value_type& part, const KeyView& place);
    [[nodiscard]] Parts::iterator part_of(const KeyView& place);
    [[nodiscard]] Parts::iterator load_part(const KeyView& place);
    [[nodiscard]] std::optional<PartPlace> end_of(const Key& part);
    template <class Change>
    void change(LocalDot record, const PartPlaceView& place, std::size_t bytes, Change change);
    void restamp(LocalDot record, LocalDot dot, std::int64_t at_ms);
    void note_changed(Parts::iterator part, std::size_t bytes);
    void halve_if_large(Parts::iterator at);
    void halve(Parts::iterator at, const PartPlace& middle);
    void write_held();
    void write(const Key& key, const Part& part);

    std::size_t items_max_;
    std::unordered_set<std::int64_t> records_;
    std::unordered_set<std::int64_t> changed_;
    Parts held_;
    Parts::iterator last_ = held_.end();
    Statement insert_;
    Statement update_;
    Statement delete_;
    Statement select_at_;
    Statement select_next_;
    Statement select_all_;
    Statement delete_all_;
    Statement insert_record_;
    Statement delete_record_;
    Statement set_words_;
    Statement select_words_;
};

class PartedStates::Target final : public MergeTarget {
  public:
    Target(PartedStates& states, LocalDot record) : states_(states), record_(record) {}
    void add(
        StateSlot slot, LocalDot dot, std::string_view value, std::string_view source,
        std::int64_t at_ms) override;
    void add_unproven(StateSlot slot, LocalDot dot, std::int64_t at_ms) override;
    void prove(StateSlot slot, LocalDot dot) override;
    void remove(
        StateSlot slot, LocalDot dot, std::string_view source, const AppliedDots& log) override;
    void restamp(LocalDot dot, std::int64_t at_ms) override;

  private:
    PartedStates& states_;
    LocalDot record_;
};

inline PartedStates::Target PartedStates::target(LocalDot record) { return {*this, record}; }

template <class Visit>
void PartedStates::visit(LocalDot record, Visit visit) {
    write_held();
    for (const Row& row : select_all_.query(record)) visit(RecordState::decode(row.blob(0)));
}

template <class Show>
void PartedStates::settle(Show show) {
    for (const std::int64_t record : std::exchange(changed_, {})) show(LocalDot{record});
}

}  // namespace vereda::engine
