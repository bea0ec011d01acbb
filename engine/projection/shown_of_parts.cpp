#include "engine/projection/shown_of_parts.h"

#include <algorithm>

#include "engine/merge/stub.h"
#include "engine/schema/fields.h"

namespace vereda::engine {

void ShownOfParts::read(const RecordState& part) {
    retracted_ = retracted_ || part.retracted();
    for (const RecordState::Item& item : part.items()) {
        if (item.live && !is_of_merge(item.field)) read_item(item);
    }
}

void ShownOfParts::read_item(const RecordState::Item& item) {
    Field& field = fields_[item.field];
    if (!field.first || shows_before(item, *field.first))
        field.first = Value{item.at_ms, item.dot, item.value};
    if (!item.element.empty()) return;
    if (!field.of_register) field.of_register = item.value;
    field.in_conflict = field.in_conflict || !is_same_text(*field.of_register, item.value);
}

bool ShownOfParts::shows_before(const RecordState::Item& item, const Value& value) const {
    if (item.at_ms != value.at_ms) return item.at_ms > value.at_ms;
    return order_.before(value.dot, item.dot);
}

std::size_t ShownOfParts::conflicts() const {
    return static_cast<std::size_t>(std::count_if(
        fields_.begin(), fields_.end(),
        [](const auto& field) { return field.second.in_conflict; }));
}

std::string_view ShownOfParts::first(std::uint32_t field) const {
    const auto found = fields_.find(field);
    return found == fields_.end() ? std::string_view{} : found->second.first->value;
}

}  // namespace vereda::engine
