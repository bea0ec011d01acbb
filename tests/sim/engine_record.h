#pragma once

#include <functional>
#include <string>

#include "engine/merge/consent.h"
#include "engine/merge/record_state.h"
#include "engine/projection/interactions.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"
#include "protocol/cbor.h"
#include "tests/sim/reference_model.h"

/// What the engine holds, in the reference model's words, so that the two can be compared.
namespace vereda::model {

/// The name that everybody knows a dot by.
using GlobalDot = std::function<Dot(engine::LocalDot)>;

/// A register's value or an element, as people read it.
[[nodiscard]] inline std::string plain_value(std::uint32_t field, const std::string& value) {
    if (field == engine::field::kind || field == engine::field::outcome)
        return engine::term_text(field == engine::field::outcome, as_bytes(value));
    if (field != engine::field::at) return std::string(protocol::text_of(as_bytes(value)));
    protocol::CborReader reader(as_bytes(value));
    return std::to_string(reader.integer());
}

/// All but its members.
[[nodiscard]] inline Record record_of(const engine::RecordState& state, const GlobalDot& global) {
    Record record{.retracted = state.retracted()};
    for (const engine::RecordState::Item& item : state.items()) {
        if (item.field >= engine::retracted_slot) continue;
        Value value{static_cast<int>(item.field), {}, {}, global(item.dot), item.source, item.live};
        if (item.element.empty()) {
            value.value = plain_value(item.field, item.value);
        } else {
            value.element = plain_value(item.field, item.element);
        }
        record.values.insert(value);
    }
    for (const engine::Consent& consent : engine::consents_of(state)) {
        record.withdrawn[consent.channel] = consent.state == protocol::ConsentState::withdrawn;
        for (const engine::LocalDot dot : consent.withdrawals)
            record.lift_over[consent.channel].insert(global(dot));
    }
    return record;
}

}  // namespace vereda::model
