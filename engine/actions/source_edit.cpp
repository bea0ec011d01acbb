#include "engine/actions/source_edit.h"

#include <algorithm>
#include <map>

#include "engine/queries/shown_consent.h"
#include "engine/schema/fields.h"
#include "protocol/log/event.h"

namespace vereda::engine {
namespace {

using protocol::ConsentState;

std::vector<LocalDot> dots_of(const std::vector<const RecordState::Item*>& items) {
    std::vector<LocalDot> dots;
    for (const RecordState::Item* item : items) dots.push_back(item->dot);
    return dots;
}

}  // namespace

void SourceEdit::set(std::uint32_t code, std::string_view text) {
    const Bytes value = protocol::text_value(text);
    const auto said = state_.baseline(code, source_);
    const bool unchanged = !said.empty() && std::ranges::all_of(said, [&](const auto* item) {
        return item->value == as_text(value);
    });
    if (unchanged) return;
    const bool differs = std::ranges::any_of(state_.live(code), [&](const auto* item) {
        return item->source != source_ && item->value != as_text(value);
    });
    if (differs) conflicts_.push_back(code);
    edit_.set(code, value, dots_of(said));
}

void SourceEdit::set_exactly(std::uint32_t code, const std::set<std::string>& texts) {
    std::set<std::string> wanted;
    for (const std::string& text : texts)
        wanted.insert(std::string(as_text(protocol::text_value(text))));
    std::map<std::string, std::vector<LocalDot>> said;
    for (const RecordState::Item* item : state_.baseline(code, source_))
        said[item->element].push_back(item->dot);
    for (const std::string& element : wanted) {
        if (!said.contains(element)) edit_.add(code, as_bytes(element));
    }
    for (const auto& [element, dots] : said) {
        if (!wanted.contains(element)) edit_.remove(code, as_bytes(element), dots);
    }
}

void SourceEdit::add(std::uint32_t code, std::string_view text) {
    const Bytes element = protocol::text_value(text);
    const bool said_before = std::ranges::any_of(
        state_.baseline(code, source_),
        [&](const auto* item) { return item->element == as_text(element); });
    if (said_before || !state_.dots({code, as_text(element)}).empty()) return;
    edit_.add(code, element);
}

// A withdrawal is written whoever made it; a consent never ends one.
SourceEdit::Consent SourceEdit::consent(std::string_view channel, ConsentState said) {
    const auto known = shown_consent(state_, channel);
    if (known && !known->given)
        return said == ConsentState::given ? Consent::withdrawn : Consent::stands;
    if (known && said == ConsentState::given) return Consent::stands;
    // Lifted by a person since the source said so: it says nothing new.
    if (last_consent(channel) == said) return Consent::stands;
    edit_.consent(channel_term(channel), said);
    return Consent::written;
}

std::optional<ConsentState> SourceEdit::last_consent(std::string_view channel) const {
    const std::string element = consent_element(channel_term(channel), 0);
    const RecordState::Item* last = nullptr;
    for (const RecordState::Item* item : state_.baseline(consent_slot, source_)) {
        if (item->element != element) continue;
        if (last == nullptr || std::tie(last->at_ms, last->dot) < std::tie(item->at_ms, item->dot))
            last = item;
    }
    if (last == nullptr) return std::nullopt;
    return last->value == consent_value(ConsentState::withdrawn) ? ConsentState::withdrawn
                                                                 : ConsentState::given;
}

}  // namespace vereda::engine
