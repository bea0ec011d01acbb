#include "engine/projection/apply_edit.h"

#include <set>
#include <string>
#include <tuple>

#include "engine/merge/consent.h"
#include "engine/projection/contacts.h"
#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

void add_value(
    MergeTarget& state, StateSlot slot, const Action& action, const protocol::Write& write,
    std::string_view source) {
    const auto value = KeptText::value(as_text(write.value), action.texts);
    state.add(slot, action.dot, value.view(), source, action.time_ms);
}

void add_consent(
    MergeTarget& state, const Action& action, const protocol::ConsentMark& consent,
    std::string_view source) {
    const std::string said = consent_element(consent.channel, consent.purpose);
    const auto element = KeptText::key(said);
    state.add(
        {consent_slot, element.view()}, action.dot, consent_value(consent.state), source,
        action.time_ms);
}

void apply_write(
    MergeTarget& state, const Action& action, const protocol::Write& write, std::string_view source,
    const AppliedDots& log, Effect effect) {
    const bool adds = effect == Effect::all;
    const auto code = static_cast<std::uint32_t>(write.field);
    const StateSlot slot{code, {}};
    const auto as_element = KeptText::key(as_text(write.value));
    const StateSlot element{code, as_element.view()};
    switch (write.kind) {
        case protocol::Write::Kind::set_register:
            remove_seen(state, slot, action, write.over, source, log);
            if (adds) add_value(state, slot, action, write, source);
            break;
        case protocol::Write::Kind::add_element:
            if (adds) state.add(element, action.dot, {}, source, action.time_ms);
            break;
        case protocol::Write::Kind::remove_element:
            remove_seen(state, element, action, write.over, source, log);
            break;
        case protocol::Write::Kind::consent:
            if (!adds) break;
            add_consent(state, action, write.consent, source);
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

bool stays_in_log(const Action& action) {
    return action.texts == TextForm::stubs && action.body.size() > kept_text_max;
}

void apply_deferred(RecordState& state, const Action& deferred, const AppliedDots& log) {
    Action action = deferred;
    action.texts = TextForm::keyed;
    if (action.type == protocol::EventType::contact_create) {
        const auto event = protocol::parse_contact_create(action.body);
        if (event)
            Contacts::add_initial(state, *event, action.dot, action.time_ms, TextForm::keyed);
    } else if (action.type == protocol::EventType::edit) {
        const auto event = protocol::parse_edit(action.body);
        if (event) apply_edit(state, action, *event, log, Effect::all);
    }
}

void apply_edit(
    MergeTarget& state, const Action& action, const protocol::Edit& edit, const AppliedDots& log,
    Effect effect) {
    const auto source = KeptText::key(edit.source.value_or(std::string_view{}));
    SlotsWritten slots;
    const bool is_one = edit.writes.size() == 1;
    for (const protocol::Write& write : edit.writes) {
        if (is_reserved(write)) continue;
        if (is_one || !slots.is_repeated(write))
            apply_write(state, action, write, source.view(), log, effect);
    }
}

}  // namespace vereda::engine
