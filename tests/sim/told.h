#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/actions/actions.h"
#include "tests/sim/sight.h"

/// What an action has to write, told to the reference model: from what its author saw and the rules
/// of docs/protocol/events.md, without asking the engine. Dots and turfs are filled in by the
/// chronicle. Nothing: it is to be refused, or changes nothing.
namespace vereda::sim {

using Told = std::optional<model::Entry>;

/// The number of a field in the document's table.
[[nodiscard]] int field_number(const std::string& name);
[[nodiscard]] std::string field_word(int number);

[[nodiscard]] Told told(const engine::ContactDraft& draft);
/// `sight` is of the contact that has the draft's key, if there is one; then a draft without
/// consents.
[[nodiscard]] Told told(const std::optional<Sight>& sight, const engine::ContactDraft& draft);
[[nodiscard]] Told told(const Sight& sight, const engine::ContactChange& change);
[[nodiscard]] Told told_lift(const Sight& sight, const std::string& channel);
[[nodiscard]] Told told_settled(const Sight& sight, int field, const std::string& value);
/// Of contacts and interactions.
[[nodiscard]] Told told_retracted(const Sight& sight);
[[nodiscard]] Told told_restored(const Sight& sight);

[[nodiscard]] Told told(
    const model::Dot& contact, const engine::InteractionDraft& draft, protocol::Millis now);
[[nodiscard]] Told told(const Sight& sight, const engine::InteractionChange& change);

/// One row of a sheet: cells by field, none of them empty.
struct SheetLine {
    std::string key;
    std::vector<engine::FieldText> cells;
};
/// `sight` is of the contact that has the row's key, if there is one.
[[nodiscard]] Told told(
    const std::optional<Sight>& sight, const std::string& source, const SheetLine& row);

}  // namespace vereda::sim
