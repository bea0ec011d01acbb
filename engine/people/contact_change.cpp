#include "engine/people/contact_change.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/merge/consent.h"
#include "engine/people/action_checks.h"
#include "engine/people/typed_channel.h"
#include "engine/people/typed_value.h"
#include "engine/schema/fields.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::ConsentState;

using Refusal = std::unexpected<ActionError>;

struct ReadField {
    const Field* field = nullptr;
    std::string value;
};

std::expected<std::string, ActionError> read_value(
    const Field& field, const FieldText& typed, std::string_view phone_region) {
    auto value = read_typed_value(field, typed.value, phone_region);
    if (!value) return refused(ActionProblem::unknown_value, typed.field);
    return std::move(*value);
}

std::expected<ReadField, ActionError> read_set(
    const FieldText& typed, std::string_view phone_region) {
    const Field* field = find_field(FieldOwner::contact, typed.field);
    if (field == nullptr) return refused(ActionProblem::unknown_field, typed.field);
    auto value = read_value(*field, typed, phone_region);
    if (!value) return Refusal(std::move(value.error()));
    return ReadField{field, std::move(*value)};
}

std::expected<ReadField, ActionError> read_element(
    const FieldText& typed, std::string_view phone_region) {
    const Field* field = find_set_field(FieldOwner::contact, typed.field);
    if (field == nullptr) {
        const bool single = find_field(FieldOwner::contact, typed.field) != nullptr;
        return refused(
            single ? ActionProblem::not_a_set : ActionProblem::unknown_field, typed.field);
    }
    auto value = read_value(*field, typed, phone_region);
    if (!value) return Refusal(std::move(value.error()));
    if (value->empty()) return refused(ActionProblem::unknown_value, typed.field);
    return ReadField{field, std::move(*value)};
}

// Values of a contact, in the order that its entry keeps: by field, a set's elements each once.
struct Values {
    std::map<std::uint32_t, std::string> registers;
    std::map<std::uint32_t, std::set<std::string>> sets;
};

// Of two values the later would win without a word, under whichever of its names the field was
// given.
std::expected<void, ActionError> put_single(
    Values& values, ReadField& read, std::string_view field_as_typed) {
    const auto [known, is_new] = values.registers.emplace(read.field->code, read.value);
    if (!is_new && known->second != read.value)
        return refused(ActionProblem::given_twice, field_as_typed);
    return {};
}

std::expected<Values, ActionError> read_initial(
    const ContactDraft& draft, std::string_view phone_region) {
    Values values;
    for (const FieldText& typed : draft.set) {
        auto read = read_set(typed, phone_region);
        if (!read) return Refusal(std::move(read.error()));
        const std::uint32_t code = read->field->code;
        if (read->field->rule == MergeRule::set) {
            if (!read->value.empty()) values.sets[code].insert(std::move(read->value));
        } else {
            if (auto done = put_single(values, *read, typed.field); !done)
                return Refusal(done.error());
        }
    }
    for (const FieldText& typed : draft.add) {
        auto read = read_element(typed, phone_region);
        if (!read) return Refusal(std::move(read.error()));
        values.sets[read->field->code].insert(std::move(read->value));
    }
    std::erase_if(values.registers, [](const auto& each) { return each.second.empty(); });
    return values;
}

std::expected<std::vector<std::pair<std::string, ConsentState>>, ActionError> read_consents(
    const std::vector<ConsentText>& typed, const RecordState& state, bool new_channels) {
    std::map<std::string, ConsentState> states;
    for (const ConsentText& consent : typed) {
        const auto channel = read_channel(consent.channel, state, new_channels);
        if (!channel) return Refusal(channel.error());
        const ConsentState said = consent.given ? ConsentState::given : ConsentState::withdrawn;
        const auto [known, is_new] = states.emplace(*channel, said);
        if (!is_new) known->second = std::max(known->second, said);  // a withdrawal counts
    }
    return std::vector<std::pair<std::string, ConsentState>>(states.begin(), states.end());
}

std::uint64_t kind_code(std::string_view kind) {
    if (kind.empty()) return static_cast<std::uint64_t>(protocol::ContactKind::person);
    return code_of(Vocabulary::contact_kind, kind).value_or(0);
}

bool is_fit_key(const RowKey& key) {
    return !key.key.empty() && protocol::is_valid_utf8(key.key) &&
           protocol::is_valid_utf8(key.source);
}

Bytes encode_contact(
    std::uint64_t kind, const Values& values,
    const std::vector<std::pair<std::string, ConsentState>>& consents,
    const std::optional<RowKey>& key) {
    std::map<std::uint32_t, std::vector<Bytes>> encoded;
    protocol::ContactCreate event{.kind = kind};
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
    for (const auto& [channel, state] : consents)
        event.consents.push_back({.channel = channel_term(channel), .state = state});
    if (key) event.key = protocol::ExternalKey{key->source, key->key};
    return protocol::encode(event);
}

std::expected<Bytes, ActionError> checked_contact(
    const ContactDraft& draft, const Values& values, bool new_channels) {
    const std::uint64_t kind = kind_code(draft.kind);
    if (kind == 0) return refused(ActionProblem::unknown_value, draft.kind);
    if (draft.key && !is_fit_key(*draft.key))
        return refused(ActionProblem::unknown_value, draft.key->key);
    const auto consents = read_consents(draft.consents, {}, new_channels);
    if (!consents) return Refusal(consents.error());
    return encode_contact(kind, values, *consents, draft.key);
}

// ---- edits

void write_register(
    EditDraft& edit, const RecordState& state, std::uint32_t code, std::string_view text) {
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
    edit.set(code, value, state.dots({code, {}}));
}

void write_added(
    EditDraft& edit, const RecordState& state, std::uint32_t code, std::string_view text) {
    const Bytes element = protocol::text_value(text);
    if (!state.dots({code, as_text(element)}).empty()) return;
    edit.add(code, element);
}

void write_removed(
    EditDraft& edit, const RecordState& state, std::uint32_t code, std::string_view element) {
    edit.remove(code, as_bytes(element), state.dots({code, element}));
}

// A set is to have exactly these elements.
void write_set(
    EditDraft& edit, const RecordState& state, std::uint32_t code,
    const std::set<std::string>& wanted) {
    for (const std::string& text : wanted) write_added(edit, state, code, text);
    for (const std::string_view element : state.elements(code)) {
        if (!wanted.contains(std::string(protocol::text_of(as_bytes(element)))))
            write_removed(edit, state, code, element);
    }
}

/// A change that is asked for, read as a whole before any of it is written.
class WantedChange {
  public:
    WantedChange(const RecordState& state, std::string_view phone_region)
        : state_(state), phone_region_(phone_region) {}

    std::expected<void, ActionError> read(const ContactChange& change) {
        for (const FieldText& typed : change.set) {
            if (auto done = read_one_set(typed); !done) return done;
        }
        for (const FieldText& typed : change.add) {
            auto read = read_element(typed, phone_region_);
            if (!read) return Refusal(std::move(read.error()));
            set_or(added_, read->field->code).insert(std::move(read->value));
        }
        for (const FieldText& typed : change.remove) {
            if (auto done = read_removed(typed); !done) return done;
        }
        return {};
    }

    void write(EditDraft& edit) const {
        for (const auto& [code, value] : set_.registers) write_register(edit, state_, code, value);
        for (const auto& [code, elements] : set_.sets) write_set(edit, state_, code, elements);
        for (const auto& [code, elements] : added_) {
            for (const std::string& text : elements) write_added(edit, state_, code, text);
        }
        for (const auto& [code, elements] : removed_) {
            for (const std::string& text : elements)
                write_removed(edit, state_, code, as_text(protocol::text_value(text)));
        }
    }

  private:
    using Elements = std::map<std::uint32_t, std::set<std::string>>;

    // A set that is to be exactly something takes what is added besides.
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
        const Bytes element = protocol::text_value(read->value);
        if (state_.dots({code, as_text(element)}).empty())
            return refused(ActionProblem::no_such_element, typed.value);
        set_or(added_, code).erase(read->value);
        if (!set_.sets.contains(code)) removed_[code].insert(std::move(read->value));
        return {};
    }

    const RecordState& state_;
    std::string_view phone_region_;
    Values set_;
    Elements added_;
    Elements removed_;
};

std::expected<void, ActionError> write_consent(
    EditDraft& edit, const RecordState& state, const std::string& channel, ConsentState wanted) {
    const auto known = consent_of(state, channel_term(channel), 0);
    const protocol::CodeOrText term = known ? known->term() : channel_term(channel);
    const bool withdrawn = known && known->state == ConsentState::withdrawn;
    if (withdrawn && wanted == ConsentState::given)
        return refused(ActionProblem::withdrawn, channel);
    // A no is always written: a lift elsewhere that has not seen it must not end it.
    if (!known || known->state != wanted || wanted == ConsentState::withdrawn)
        edit.consent(term, wanted);
    return {};
}

}  // namespace

std::expected<Bytes, ActionError> new_contact_body(
    const ContactDraft& draft, const People::Options& how) {
    const auto values = read_initial(draft, how.phone_region);
    if (!values) return Refusal(values.error());
    return checked_contact(draft, *values, how.new_channels);
}

std::expected<Bytes, ActionError> sheet_contact_body(
    const ContactDraft& draft, const std::vector<FieldValue>& values) {
    Values initial;
    for (const FieldValue& value : values) {
        const Field* field = find_field(FieldOwner::contact, value.field);
        if (field == nullptr) return refused(ActionProblem::unknown_field, value.field);
        if (field->rule == MergeRule::set) {
            initial.sets[field->code].insert(value.value);
        } else {
            initial.registers[field->code] = value.value;
        }
    }
    return checked_contact(draft, initial, false);
}

std::expected<void, ActionError> write_contact_change(
    EditDraft& edit, const RecordState& state, const ContactChange& change,
    const People::Options& how) {
    WantedChange wanted(state, how.phone_region);
    if (auto read = wanted.read(change); !read) return read;
    const auto consents = read_consents(change.consents, state, how.new_channels);
    if (!consents) return Refusal(consents.error());
    wanted.write(edit);
    for (const auto& [channel, consent] : *consents) {
        if (auto done = write_consent(edit, state, channel, consent); !done) return done;
    }
    return {};
}

}  // namespace vereda::engine
