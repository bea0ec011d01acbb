#include "engine/actions/contact_values.h"

#include <algorithm>

#include "engine/actions/action_checks.h"
#include "engine/actions/typed_channel.h"
#include "engine/schema/rounded_number.h"
#include "engine/schema/typed_value.h"
#include "engine/text/blank.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::ConsentState;

using Unread = std::unexpected<ActionError>;

std::expected<std::string, ActionError> read_value(
    const Field& field, const FieldText& typed, std::string_view phone_region) {
    auto value = read_typed_value(field, typed.value, phone_region);
    if (!value) return refused(ActionProblem::unknown_value, typed.field);
    return std::move(*value);
}

/// A value that is to be kept from now on.
std::expected<ReadField, ActionError> fit_to_keep(ReadField read, const FieldText& typed) {
    if (read.field->form == ValueForm::phone && is_rounded_number(trimmed(typed.value)))
        return refused(ActionProblem::rounded_number, typed.value);
    return read;
}

std::expected<ContactValues, ActionError> read_initial(
    const ContactDraft& draft, std::string_view phone_region) {
    ContactValues values;
    for (const FieldText& typed : draft.set) {
        auto read = read_set(typed, phone_region);
        if (!read) return Unread(std::move(read.error()));
        if (read->field->rule == MergeRule::set) {
            if (!read->value.empty()) values.sets[read->field->code].insert(read->value);
        } else if (auto done = put_single(values, *read, typed.field); !done) {
            return Unread(std::move(done.error()));
        }
    }
    for (const FieldText& typed : draft.add) {
        auto read = read_added(typed, phone_region);
        if (!read) return Unread(std::move(read.error()));
        values.sets[read->field->code].insert(std::move(read->value));
    }
    std::erase_if(values.registers, [](const auto& each) { return each.second.empty(); });
    return values;
}

std::uint64_t kind_code(std::string_view kind) {
    if (kind.empty()) return static_cast<std::uint64_t>(protocol::ContactKind::person);
    return code_of(Vocabulary::contact_kind, kind).value_or(0);
}

bool is_fit_key(const RowKey& key) {
    return !is_blank(key.key) && protocol::is_valid_utf8(key.key) &&
           protocol::is_valid_utf8(key.source);
}

std::expected<ContactSaid, ActionError> checked_contact(
    const ContactDraft& draft, ContactValues values, bool new_channels, Answers answers) {
    const std::uint64_t kind = kind_code(draft.kind);
    if (kind == 0) return refused(ActionProblem::unknown_value, draft.kind);
    if (draft.key && !is_fit_key(*draft.key))
        return refused(ActionProblem::unknown_value, draft.key->key);
    if (draft.key && is_rounded_number(trimmed(draft.key->key)))
        return refused(ActionProblem::rounded_number, draft.key->key);
    auto consents = read_consents(draft.consents, {}, new_channels, answers);
    if (!consents) return Unread(std::move(consents.error()));
    if (values.empty() && consents->empty()) return refused(ActionProblem::no_content);
    ContactSaid said{kind, std::move(values), std::move(*consents), {}};
    if (draft.key) said.key = RowKey{composed(draft.key->source), composed(draft.key->key)};
    return said;
}

}  // namespace

std::expected<ReadField, ActionError> read_set(
    const FieldText& typed, std::string_view phone_region) {
    const Field* field = find_field(FieldOwner::contact, typed.field);
    if (field == nullptr) return refused(ActionProblem::unknown_field, typed.field);
    auto value = read_value(*field, typed, phone_region);
    if (!value) return Unread(std::move(value.error()));
    return fit_to_keep({field, std::move(*value)}, typed);
}

std::expected<ReadField, ActionError> read_added(
    const FieldText& typed, std::string_view phone_region) {
    auto read = read_element(typed, phone_region);
    if (!read) return read;
    return fit_to_keep(std::move(*read), typed);
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
    if (!value) return Unread(std::move(value.error()));
    if (value->empty()) return refused(ActionProblem::unknown_value, typed.field);
    return ReadField{field, std::move(*value)};
}

std::expected<void, ActionError> put_single(
    ContactValues& values, const ReadField& read, std::string_view field_as_typed) {
    const auto [known, is_new] = values.registers.emplace(read.field->code, read.value);
    if (!is_new && known->second != read.value)
        return refused(ActionProblem::given_twice, field_as_typed);
    return {};
}

std::expected<ChannelStates, ActionError> read_consents(
    const std::vector<ConsentText>& typed, const RecordState& state, bool new_channels,
    Answers answers) {
    std::map<std::string, ConsentState> states;
    for (const ConsentText& consent : typed) {
        const auto channel = read_channel(consent.channel, state, new_channels);
        if (!channel) return Unread(channel.error());
        const ConsentState said = consent.given ? ConsentState::given : ConsentState::withdrawn;
        const auto [known, is_new] = states.emplace(*channel, said);
        if (!is_new && known->second != said && answers == Answers::one_each)
            return refused(ActionProblem::given_twice, "consent " + *channel);
        if (!is_new) known->second = std::max(known->second, said);  // a withdrawal counts
    }
    return ChannelStates(states.begin(), states.end());
}

std::expected<ContactSaid, ActionError> read_contact(
    const ContactDraft& draft, const People::Options& how) {
    auto values = read_initial(draft, how.phone_region);
    if (!values) return Unread(std::move(values.error()));
    return checked_contact(draft, std::move(*values), how.new_channels, Answers::one_each);
}

std::expected<ContactSaid, ActionError> read_sheet_contact(
    const ContactDraft& draft, const std::vector<FieldValue>& values) {
    ContactValues initial;
    for (const FieldValue& value : values) {
        const Field* field = find_field(FieldOwner::contact, value.field);
        if (field == nullptr) return refused(ActionProblem::unknown_field, value.field);
        if (field->rule == MergeRule::set) {
            initial.sets[field->code].insert(value.value);
        } else {
            initial.registers[field->code] = value.value;
        }
    }
    return checked_contact(draft, std::move(initial), false, Answers::withdrawal_counts);
}

}  // namespace vereda::engine
