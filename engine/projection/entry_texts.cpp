#include "engine/projection/entry_texts.h"

#include <algorithm>

#include "engine/merge/consent.h"
#include "engine/merge/stub.h"
#include "engine/projection/schema.h"
#include "engine/schema/fields.h"
#include "protocol/log/event.h"

namespace vereda::engine {
namespace {

using protocol::EventType;

/// Gathers the long ones among the texts of an entry.
class Gathering {
  public:
    void text(std::string_view text) {
        if (text.size() > kept_text_max) found_.try_emplace(stub_of(text), text);
    }
    void value(ByteView value) { text(as_text(value)); }
    void consent(const protocol::CodeOrText& channel, std::uint64_t purpose) {
        if (channel.is_text()) text(consent_element(channel, purpose));
    }
    void term(const protocol::CodeOrText& term) {
        if (term.is_text()) value(protocol::term_value(term));
    }
    [[nodiscard]] LongTexts take() { return std::move(found_); }

  private:
    LongTexts found_;
};

void gather(Gathering& texts, const protocol::ContactCreate& event) {
    for (const protocol::InitialValue& value : event.values) texts.value(value.value);
    for (const protocol::ConsentMark& mark : event.consents)
        texts.consent(mark.channel, mark.purpose);
    if (!event.key) return;
    texts.text(event.key->source);
    texts.text(event.key->key);
}

void gather(Gathering& texts, const protocol::InteractionCreate& event) {
    texts.term(event.kind);
    texts.term(event.outcome);
    if (event.note) texts.value(protocol::text_value(*event.note));
}

void gather(Gathering& texts, const protocol::Edit& event) {
    for (const protocol::Write& write : event.writes) {
        if (write.kind == protocol::Write::Kind::consent) {
            texts.consent(write.consent.channel, write.consent.purpose);
        } else {
            texts.value(write.value);
        }
    }
    if (event.source) texts.text(*event.source);
}

void gather(Gathering& texts, const protocol::ConsentLift& event) {
    texts.consent(event.channel, event.purpose);
}

void gather(Gathering& texts, const protocol::Profile& event) {
    texts.value(protocol::text_value(event.name));
}

template <class Event>
LongTexts gathered(const std::expected<Event, protocol::EventError>& event) {
    Gathering texts;
    if (event) gather(texts, *event);
    return texts.take();
}

/// Makes the texts of items whole.
class Completion {
  public:
    explicit Completion(EntryTexts* texts) : texts_(texts) {}

    void complete(RecordState::Item& item) {
        if (is_stub(item.value)) item.value = value(item.value, item.dot);
        if (is_stub(item.source)) item.source = whole_text(item.source, item.dot, texts_);
        if (is_stub(item.element)) item.element = element(item);
    }

  private:
    [[nodiscard]] const std::string* find(std::string_view stub, LocalDot dot) {
        if (texts_ == nullptr) return nullptr;
        const LongTexts& texts = texts_->long_texts_of(dot);
        const auto found = texts.find(std::string(name_in_stub(stub)));
        return found == texts.end() ? nullptr : &found->second;
    }

    [[nodiscard]] std::string value(std::string_view stub, LocalDot dot) {
        if (const std::string* whole = find(stub, dot)) return *whole;
        return std::string(as_text(protocol::text_value(beginning_of(stub))));
    }

    [[nodiscard]] std::string element(const RecordState::Item& item) {
        if (const std::string* whole = find(item.element, item.dot)) return *whole;
        const std::string beginning = beginning_of(item.element);
        if (item.field == consent_slot) return consent_element({0, beginning}, 0);
        return std::string(as_text(protocol::text_value(beginning)));
    }

    EntryTexts* texts_;
};

bool has_stub(const RecordState::Item& item) {
    return is_stub(item.value) || is_stub(item.element) || is_stub(item.source);
}

}  // namespace

LongTexts long_texts_in(const protocol::Entry& entry) {
    switch (static_cast<EventType>(entry.type)) {
        case EventType::contact_create:
            return gathered(protocol::parse_contact_create(entry.body));
        case EventType::interaction_create:
            return gathered(protocol::parse_interaction_create(entry.body));
        case EventType::edit:
            return gathered(protocol::parse_edit(entry.body));
        case EventType::consent_lift:
            return gathered(protocol::parse_consent_lift(entry.body));
        case EventType::profile:
            return gathered(protocol::parse_profile(entry.body));
        default:
            return {};
    }
}

bool has_stubs(const RecordState& state) { return std::ranges::any_of(state.items(), has_stub); }

int flags_of(const RecordState& state) {
    return (state.retracted() ? row_flag::retracted : 0) |
           (has_stubs(state) ? row_flag::long_texts : 0);
}

RecordState with_whole_texts(RecordState state, EntryTexts* texts) {
    if (!has_stubs(state)) return state;
    Completion completion(texts);
    return std::move(state).rewritten([&](RecordState::Item& item) { completion.complete(item); });
}

std::string whole_text(std::string_view kept, LocalDot dot, EntryTexts* texts) {
    if (!is_stub(kept)) return std::string(kept);
    if (texts == nullptr) return beginning_of(kept);
    const LongTexts& known = texts->long_texts_of(dot);
    const auto found = known.find(std::string(name_in_stub(kept)));
    return found == known.end() ? beginning_of(kept) : found->second;
}

}  // namespace vereda::engine
