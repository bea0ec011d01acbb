#include "engine/actions/contact_change.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/actions/action_checks.h"
#include "engine/queries/shown_consent.h"
#include "engine/schema/fields.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::ConsentState;

using Refusal = std::unexpected<ActionError>;

void write_register(
    EditDraft& edit, const RecordState& state, const SeenDots& seen, std::uint32_t code,
    std::string_view text) {
    const Bytes value = text.empty() ? protocol::null_value() : protocol::text_value(text);
    const auto live = state.live(code);
    const bool stands = !live.empty() && std::all_of(live.begin(), live.end(), [&](const auto* i) {
        return i->value == as_text(value);
    });
    const bool empty_already =
        text.empty() && std::all_of(live.begin(), live.end(), [](const auto* i) {
            return protocol::is_null(as_bytes(i->value));
        });
    if (stands || empty_already) return;
    edit.set(code, value, seen.of_value(state, code));
}

void write_added(
    EditDraft& edit, const RecordState& state, std::uint32_t code, std::string_view text) {
    const Bytes element = protocol::text_value(text);
    if (!state.dots({code, as_text(element)}).empty()) return;
    edit.add(code, element);
}

// An element that was added since it was seen stays.
void write_removed(
    EditDraft& edit, const RecordState& state, const SeenDots& seen, std::uint32_t code,
    std::string_view element) {
    const std::vector<LocalDot> adds = seen.of_element(state, code, element);
    if (!adds.empty()) edit.remove(code, as_bytes(element), adds);
}

// A set is to have exactly these elements.
void write_set(
    EditDraft& edit, const RecordState& state, const SeenDots& seen, std::uint32_t code,
    const std::set<std::string>& wanted) {
    for (const std::string& text : wanted) write_added(edit, state, code, text);
    for (const std::string_view element : state.elements(code)) {
        if (!wanted.contains(std::string(protocol::text_of(as_bytes(element)))))
            write_removed(edit, state, seen, code, element);
    }
}

/// A change that is asked for, read as a whole before any of it is written.
class WantedChange {
  public:
    WantedChange(const RecordState& state, const SeenDots& seen, std::string_view phone_region)
        : state_(state), seen_(seen), phone_region_(phone_region) {}

    std::expected<void, ActionError> read(const ContactChange& change) {
        for (const FieldText& typed : change.set) {
            if (auto done = read_one_set(typed); !done) return done;
        }
        for (const FieldText& typed : change.add) {
            auto read = read_added(typed, phone_region_);
            if (!read) return Refusal(std::move(read.error()));
            set_or(added_, read->field->code).insert(std::move(read->value));
        }
        for (const FieldText& typed : change.remove) {
            if (auto done = read_removed(typed); !done) return done;
        }
        return {};
    }

    void write(EditDraft& edit) const {
        for (const auto& [code, value] : set_.registers)
            write_register(edit, state_, seen_, code, value);
        for (const auto& [code, elements] : set_.sets)
            write_set(edit, state_, seen_, code, elements);
        for (const auto& [code, elements] : added_) {
            for (const std::string& text : elements) write_added(edit, state_, code, text);
        }
        for (const auto& [code, elements] : removed_) {
            for (const std::string& text : elements)
                write_removed(edit, state_, seen_, code, as_text(protocol::text_value(text)));
        }
    }

  private:
    using Elements = std::map<std::uint32_t, std::set<std::string>>;

    // A set that is to be exactly something takes what is added beside it.
    std::set<std::string>& set_or(Elements& other, std::uint32_t code) {
        const auto set = set_.sets.find(code);
        return set == set_.sets.end() ? other[code] : set->second;
    }

    std::expected<void, ActionError> read_one_set(const FieldText& typed) {
        auto read = read_set(typed, phone_region_);
        if (!read) return Refusal(std::move(read.error()));
        const std::uint32_t code = read->field->code;
        if (read->field->rule == MergeRule::single) return put_single(set_, *read, typed.field);
        std::set<std::string>& elements = set_.sets[code];
        if (!read->value.empty()) elements.insert(std::move(read->value));
        return {};
    }

    std::expected<void, ActionError> read_removed(const FieldText& typed) {
        auto read = read_element(typed, phone_region_);
        if (!read) return Refusal(std::move(read.error()));
        const std::uint32_t code = read->field->code;
        read->value = as_it_is_there(code, std::move(read->value));
        const Bytes element = protocol::text_value(read->value);
        if (state_.dots({code, as_text(element)}).empty())
            return refused(ActionProblem::no_such_element, typed.value);
        set_or(added_, code).erase(read->value);
        if (!set_.sets.contains(code)) removed_[code].insert(std::move(read->value));
        return {};
    }

    // An older program may have kept it decomposed.
    [[nodiscard]] std::string as_it_is_there(std::uint32_t code, std::string value) const {
        std::string other;
        for (const std::string_view element : state_.elements(code)) {
            const std::string_view text = protocol::text_of(as_bytes(element));
            if (text == value) return value;
            if (composed(text) == value) other = text;
        }
        return other.empty() ? value : other;
    }

    const RecordState& state_;
    const SeenDots& seen_;
    std::string_view phone_region_;
    ContactValues set_;
    Elements added_;
    Elements removed_;
};

std::expected<void, ActionError> write_consent(
    EditDraft& edit, const RecordState& state, const std::string& channel, ConsentState wanted) {
    const auto known = shown_consent(state, channel);
    const bool by_number = !known || code_of(Vocabulary::channel, channel);
    const protocol::CodeOrText term =
        by_number ? channel_term(channel) : known->parts.front().term();
    if (known && !known->given && wanted == ConsentState::given)
        return refused(ActionProblem::withdrawn, channel);
    // A no is always written: a lift elsewhere that has not seen it must not end it.
    if (!known || wanted == ConsentState::withdrawn) edit.consent(term, wanted);
    return {};
}

}  // namespace

Bytes contact_body(const ContactSaid& said) {
    const ContactValues& values = said.values;
    std::map<std::uint32_t, std::vector<Bytes>> encoded;
    protocol::ContactCreate event{.kind = said.kind};
    for (const auto& [code, value] : values.registers)
        encoded[code].push_back(protocol::text_value(value));
    for (const auto& [code, elements] : values.sets) {
        for (const std::string& element : elements)
            encoded[code].push_back(protocol::text_value(element));
    }
    for (auto& [code, items] : encoded) {
        std::sort(items.begin(), items.end());
        for (const Bytes& item : items)
            event.values.push_back({code, values.sets.contains(code), item});
    }
    for (const auto& [channel, state] : said.consents)
        event.consents.push_back({.channel = channel_term(channel), .state = state});
    if (said.key) event.key = protocol::ExternalKey{said.key->source, said.key->key};
    return protocol::encode(event);
}

std::expected<void, ActionError> write_known_contact(SourceEdit& edit, const ContactSaid& said) {
    for (const auto& [code, value] : said.values.registers) edit.set(code, value);
    for (const auto& [code, elements] : said.values.sets) {
        for (const std::string& element : elements) edit.add(code, element);
    }
    for (const auto& [channel, state] : said.consents) {
        const bool refused_since = edit.consent(channel, state) == SourceEdit::Consent::withdrawn &&
                                   edit.last_consent(channel) != ConsentState::given;
        if (refused_since) return refused(ActionProblem::withdrawn, channel);
    }
    return {};
}

std::expected<void, ActionError> write_contact_change(
    EditDraft& edit, const RecordState& state, const ContactChange& change, const SeenDots& seen,
    const People::Options& how) {
    WantedChange wanted(state, seen, how.phone_region);
    if (auto read = wanted.read(change); !read) return read;
    const auto consents =
        read_consents(change.consents, state, how.new_channels, Answers::one_each);
    if (!consents) return Refusal(consents.error());
    wanted.write(edit);
    for (const auto& [channel, consent] : *consents) {
        if (auto done = write_consent(edit, state, channel, consent); !done) return done;
    }
    return {};
}

}  // namespace vereda::engine
