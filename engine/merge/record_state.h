#pragma once

// Lives here: the kernel: how writes about one record meet, in whatever order they come.
// Begin: here.
// Must not know: tables, texts of people, the order of arrival.

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "crypto/bytes.h"
#include "engine/log/local_dot.h"
#include "engine/merge/dot_order.h"
#include "engine/merge/merge_target.h"

namespace vereda::engine {

/// The merged state of one record (or of several read as one): dotted values in slots, one kernel
/// for every rule.
///
/// | rule         | slot             | a write                           | what shows           |
/// |--------------|------------------|-----------------------------------|----------------------|
/// | register     | field            | removes what it saw, adds a value | all; two: a conflict |
/// | add-wins set | field, element   | adds; or removes the adds it saw  | while an add is live |
/// | consent      | channel, purpose | adds; a lift ends withdrawals     | withdrawn wins       |
/// | retraction   | retracted        | adds; a restore ends what it saw  | while one is live    |
/// | binding      | critical         | adds; a critical-lift ends it     | while one is live    |
///
/// A removal names dots. One that has been applied and is not here was removed already; one that
/// has not arrived is remembered as *early*, and meets its removal when it comes. So any order of
/// the same entries gives the same state. An imported value that a person wrote over is kept as
/// that source's *baseline*: it shows nowhere, and lets the next import of the same sheet see that
/// its cell did not change (docs/protocol/events.md, "Imports"). Source: the optimised
/// observed-remove set of Bieniusa et al. 2012 and multi-value registers, on gap-free logs.
class RecordState final : public MergeTarget {
  public:
    using Slot = StateSlot;
    struct Item {
        std::uint32_t field = 0;
        LocalDot dot;
        mutable bool live = true;    ///< False: only a source's baseline.
        mutable bool proven = true;  ///< False: a retract that hides nothing yet, since its author
                                     ///< has not proven to have seen the record
                                     ///< (docs/protocol.md "What a row proves").
        mutable std::int64_t at_ms = 0;  ///< When its author says it was written: for display, not
                                         ///< part of the state.
        std::string element;
        std::string value;   ///< One CBOR item; empty in sets.
        std::string source;  ///< The import source that wrote it; empty for a person.
    };
    /// Items by field, element and dot: found in logarithmic time, however many a record has. What
    /// may change in an item is not part of its place.
    struct ByPlace {
        using is_transparent = void;
        using Place = std::tuple<std::uint32_t, std::string_view, LocalDot>;
        [[nodiscard]] static Place of(const Item& item) {
            return {item.field, item.element, item.dot};
        }
        bool operator()(const Item& a, const Item& b) const { return of(a) < of(b); }
        bool operator()(const Item& a, const Place& b) const { return of(a) < b; }
        bool operator()(const Place& a, const Item& b) const { return a < of(b); }
    };
    using Items = std::set<Item, ByPlace>;
    /// A removal that came before what it removes.
    struct Early {
        std::uint32_t field = 0;
        LocalDot dot;
        std::string element;
        std::string source;
        auto operator<=>(const Early&) const = default;
    };

    void add(
        Slot slot, LocalDot dot, std::string_view value, std::string_view source,
        std::int64_t at_ms) override;
    void add_unproven(Slot slot, LocalDot dot, std::int64_t at_ms) override;
    void prove(Slot slot, LocalDot dot) override;
    void remove(Slot slot, LocalDot dot, std::string_view source, const AppliedDots& log) override;
    void restamp(LocalDot dot, std::int64_t at_ms) override;
    /// Takes in another record's state, as when two records turn out to be one.
    void absorb(RecordState&& other);
    /// The same state with its items as `rewrite` leaves them. Those of one entry come one after
    /// another. Item by item, it may change texts and nothing else.
    [[nodiscard]] RecordState rewritten(const std::function<void(Item&)>& rewrite) &&;

    /// Where the second half begins, in the order of parts; nothing when all is at one place.
    [[nodiscard]] std::optional<PartPlace> middle() const;
    /// Where the first part begins. Not for an empty state.
    [[nodiscard]] PartPlace first() const;
    /// Takes out what is at `place` or after it, in the order of parts.
    [[nodiscard]] RecordState take_from(const PartPlace& place);

    [[nodiscard]] const Items& items() const { return items_; }
    [[nodiscard]] const std::set<Early>& early() const { return early_; }
    [[nodiscard]] bool empty() const { return items_.empty() && early_.empty(); }
    /// Items and early removals.
    [[nodiscard]] std::size_t size() const { return items_.size() + early_.size(); }
    /// What `dot` added to `slot`, whether it shows or not; null when it is not there.
    [[nodiscard]] const Item* find(Slot slot, LocalDot dot) const;

    /// Live values of a register or a slot, in no order that means anything.
    [[nodiscard]] std::vector<const Item*> live(std::uint32_t field) const;
    /// The same, latest first (by `at_ms`, then by `order`): the first is what is shown.
    [[nodiscard]] std::vector<const Item*> live(std::uint32_t field, const DotOrder& order) const;
    /// The elements of a set that are present, in bytewise order, each once.
    [[nodiscard]] std::vector<std::string_view> elements(std::uint32_t field) const;
    /// What `source` wrote last to the slots of `field`, whether it shows or not.
    [[nodiscard]] std::vector<const Item*> baseline(
        std::uint32_t field, std::string_view source) const;
    /// Registers with more than one different live value.
    [[nodiscard]] std::vector<std::uint32_t> conflicts() const;
    [[nodiscard]] bool retracted() const;
    /// An entry of a later version binds the record: this version leaves its fields alone.
    [[nodiscard]] bool is_bound() const;
    /// All dots live in a slot: what a write to it has seen.
    [[nodiscard]] std::vector<LocalDot> dots(Slot slot) const;

    /// For the projection's own tables: compact, local, sealed with them. `decode` takes only what
    /// `encode` made.
    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] static RecordState decode(ByteView encoded);

  private:
    [[nodiscard]] bool meet_early(Item& item);
    [[nodiscard]] std::vector<PartPlaceView> places() const;
    [[nodiscard]] std::pair<Items::const_iterator, Items::const_iterator> of_field(
        std::uint32_t field) const;

    Items items_;
    std::set<Early> early_;
};

}  // namespace vereda::engine
