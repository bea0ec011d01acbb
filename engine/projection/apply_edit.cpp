#include "engine/projection/apply_edit.h"

#include <set>
#include <string>
#include <tuple>

#include "engine/merge/consent.h"
#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

void apply_write(
    MergeTarget& state, const Action& action, const protocol::Write& write, std::string_view source,
    const AppliedDots& log, Effect effect) {
    const bool adds = effect == Effect::all;
    const auto code = static_cast<std::uint32_t>(write.field);
    const StateSlot slot{code, {}};
    const StateSlot element{code, as_text(write.value)};
    switch (write.kind) {
        case protocol::Write::Kind::set_register:
            remove_seen(state, slot, action, write.over, source, log);
            if (adds) state.add(slot, action.dot, as_text(write.value), source, action.time_ms);
            break;
        case protocol::Write::Kind::add_element:
            if (adds) state.add(element, action.dot, {}, source, action.time_ms);
            break;
        case protocol::Write::Kind::remove_element:
            remove_seen(state, element, action, write.over, source, log);
            break;
        case protocol::Write::Kind::consent:
            if (!adds) break;
            state.add(
                {consent_slot, consent_element(write.consent.channel, write.consent.purpose)},
                action.dot, consent_value(write.consent.state), source, action.time_ms);
            break;
    }
}

bool is_reserved(const protocol::Write& write) {
    return write.kind != protocol::Write::Kind::consent && is_of_merge(write.field);
}

/// The slots that an entry adds to. It has one dot, so of several writes to one slot the first
/// counts, wherever they meet what removes them.
class SlotsWritten {
  public:
    [[nodiscard]] bool is_repeated(const protocol::Write& write) {
        using Kind = protocol::Write::Kind;
        if (write.kind == Kind::remove_element) return false;
        const bool is_consent = write.kind == Kind::consent;
        const std::string_view element =
            write.kind == Kind::add_element ? as_text(write.value) : "";
        std::string place = is_consent
                                ? consent_element(write.consent.channel, write.consent.purpose)
                                : std::string(element);
        return !written_.emplace(write.kind, write.field, std::move(place)).second;
    }

  private:
    std::set<std::tuple<protocol::Write::Kind, std::uint64_t, std::string>> written_;
};

}  // namespace

void remove_seen(
    MergeTarget& state, StateSlot slot, const Action& action, const protocol::Over& over,
    std::string_view source, const AppliedDots& log) {
    if (over.creating && action.record_proven) state.remove(slot, action.record, source, log);
    for (const protocol::Reference& reference : over.dots) {
        const auto named = action.references->resolve(reference, action.dot);
        if (named.proven) state.remove(slot, named.dot, source, log);
    }
}

void apply_edit(
    MergeTarget& state, const Action& action, const protocol::Edit& edit, const AppliedDots& log,
    Effect effect) {
    const std::string_view source = edit.source.value_or(std::string_view{});
    SlotsWritten slots;
    const bool is_one = edit.writes.size() == 1;
    for (const protocol::Write& write : edit.writes) {
        if (is_reserved(write)) continue;
        if (is_one || !slots.is_repeated(write))
            apply_write(state, action, write, source, log, effect);
    }
}

}  // namespace vereda::engine
