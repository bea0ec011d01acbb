#include "engine/projection/apply_edit.h"

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
                action.dot, consent_value(write.consent.state), {}, action.time_ms);
            break;
    }
}

bool is_reserved(const protocol::Write& write) {
    return write.kind != protocol::Write::Kind::consent &&
           (write.field == retracted_slot || write.field == consent_slot);
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
    for (const protocol::Write& write : edit.writes) {
        if (!is_reserved(write)) apply_write(state, action, write, source, log);
    }
}

}  // namespace vereda::engine
