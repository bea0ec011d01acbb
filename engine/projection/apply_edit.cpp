#include "engine/projection/apply_edit.h"

#include <algorithm>

#include "engine/merge/consent.h"
#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

void apply_write(
    RecordState& state, const Action& action, const protocol::Write& write, std::string_view source,
    const AppliedDots& log) {
    const auto code = static_cast<std::uint32_t>(write.field);
    const RecordState::Slot slot{code, {}};
    const RecordState::Slot element{code, as_text(write.value)};
    switch (write.kind) {
        case protocol::Write::Kind::set_register:
            remove_seen(state, slot, action, write.over, source, log);
            state.add(slot, action.dot, as_text(write.value), source, action.time_ms);
            break;
        case protocol::Write::Kind::add_element:
            state.add(element, action.dot, {}, source, action.time_ms);
            break;
        case protocol::Write::Kind::remove_element:
            remove_seen(state, element, action, write.over, source, log);
            break;
        case protocol::Write::Kind::consent:
            state.add(
                {consent_slot, consent_element(write.consent.channel, write.consent.purpose)},
                action.dot, consent_value(write.consent.state), source, action.time_ms);
            break;
    }
}

bool is_reserved(const protocol::Write& write) {
    return write.kind != protocol::Write::Kind::consent &&
           (write.field == retracted_slot || write.field == consent_slot);
}

bool same_slot(const protocol::Write& a, const protocol::Write& b) {
    if (a.kind != b.kind) return false;
    if (a.kind == protocol::Write::Kind::consent) {
        return a.consent.purpose == b.consent.purpose &&
               a.consent.channel.code == b.consent.channel.code &&
               a.consent.channel.text == b.consent.channel.text;
    }
    const bool is_register = a.kind == protocol::Write::Kind::set_register;
    return a.field == b.field && (is_register || as_text(a.value) == as_text(b.value));
}

// One entry has one dot, so of several writes to one slot the first counts, wherever they meet what
// removes them.
bool is_repeated(const std::vector<protocol::Write>& writes, std::size_t at) {
    if (writes[at].kind == protocol::Write::Kind::remove_element) return false;
    return std::any_of(
        writes.begin(), writes.begin() + static_cast<std::ptrdiff_t>(at),
        [&](const protocol::Write& before) { return same_slot(before, writes[at]); });
}

}  // namespace

void remove_seen(
    RecordState& state, RecordState::Slot slot, const Action& action, const protocol::Over& over,
    std::string_view source, const AppliedDots& log) {
    if (over.creating) state.remove(slot, action.record, source, log);
    for (const protocol::Reference& reference : over.dots) {
        const LocalDot dot = action.references->resolve(reference);
        if (!dot.is_none() && dot != action.dot) state.remove(slot, dot, source, log);
    }
}

void apply_edit(
    RecordState& state, const Action& action, const protocol::Edit& edit, const AppliedDots& log) {
    const std::string_view source = edit.source.value_or(std::string_view{});
    for (std::size_t i = 0; i < edit.writes.size(); ++i) {
        const protocol::Write& write = edit.writes[i];
        if (!is_reserved(write) && !is_repeated(edit.writes, i))
            apply_write(state, action, write, source, log);
    }
}

}  // namespace vereda::engine
