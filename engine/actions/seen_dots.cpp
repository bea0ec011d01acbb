#include "engine/actions/seen_dots.h"

#include <algorithm>
#include <charconv>

#include "engine/actions/action_checks.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"

namespace vereda::engine {
namespace {

constexpr std::uint32_t field_code_max = 0x7fff'ffff;

}  // namespace

std::optional<NamedField> find_named_field(FieldOwner owner, std::string_view name) {
    if (const Field* known = find_field(owner, name)) return NamedField{known->code, known};
    std::uint32_t code = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), code);
    const bool whole = read.ec == std::errc{} && read.ptr == name.data() + name.size();
    if (!whole || code == 0 || code > field_code_max) return std::nullopt;
    if (is_of_merge(code) || find_field(code) != nullptr) return std::nullopt;
    return NamedField{code, nullptr};
}

std::expected<SeenDots, ActionError> SeenDots::read(
    FieldOwner owner, const Seen& seen, const AppliedDots& log) {
    SeenDots dots;
    for (const auto& [name, entries] : seen) {
        const auto field = find_named_field(owner, name);
        if (!field) return refused(ActionProblem::unknown_field, name);
        std::vector<LocalDot>& of_field = dots.by_field_[field->code];
        for (const LocalDot entry : entries) {
            if (!log.applied(entry)) return refused(ActionProblem::unknown_entry, name);
            of_field.push_back(entry);
        }
        std::ranges::sort(of_field);
        of_field.erase(std::unique(of_field.begin(), of_field.end()), of_field.end());
    }
    return dots;
}

std::vector<LocalDot> SeenDots::of_value(const RecordState& state, std::uint32_t code) const {
    const auto seen = by_field_.find(code);
    return seen == by_field_.end() ? state.dots({code, {}}) : seen->second;
}

std::vector<LocalDot> SeenDots::of_element(
    const RecordState& state, std::uint32_t code, std::string_view element) const {
    std::vector<LocalDot> dots = state.dots({code, element});
    const auto seen = by_field_.find(code);
    if (seen == by_field_.end()) return dots;
    std::erase_if(
        dots, [&](LocalDot dot) { return !std::ranges::binary_search(seen->second, dot); });
    return dots;
}

std::vector<std::string> SeenDots::conflicts(const RecordState& state) const {
    std::vector<std::string> names;
    for (const std::uint32_t code : state.conflicts()) {
        if (by_field_.contains(code)) names.push_back(field_label(code));
    }
    return names;
}

}  // namespace vereda::engine
