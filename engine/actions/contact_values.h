#pragma once

#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/actions/actions.h"
#include "engine/schema/field_value.h"
#include "engine/schema/fields.h"
#include "protocol/log/event.h"

/// What people type about a contact, read into values in their one form.
namespace vereda::engine {

/// Values of a contact, in the order that its entry keeps: by field, a set's elements each once.
struct ContactValues {
    std::map<std::uint32_t, std::string> registers;
    std::map<std::uint32_t, std::set<std::string>> sets;
    [[nodiscard]] bool empty() const { return registers.empty() && sets.empty(); }
};

struct ReadField {
    const Field* field = nullptr;
    std::string value;
};

/// A value by any name of its field; empty when nothing was typed. Errors: `unknown_field`,
/// `unknown_value`, `rounded_number`.
[[nodiscard]] std::expected<ReadField, ActionError> read_set(
    const FieldText& typed, std::string_view phone_region);
/// A new element of a set, never empty. Errors: those, and `not_a_set`.
[[nodiscard]] std::expected<ReadField, ActionError> read_added(
    const FieldText& typed, std::string_view phone_region);
/// The same, whatever an older program let in.
[[nodiscard]] std::expected<ReadField, ActionError> read_element(
    const FieldText& typed, std::string_view phone_region);

/// Puts a value into a field that holds one. Error: `given_twice` when another one is there: of two
/// the later would win without a word, under whichever of its names the field was given.
[[nodiscard]] std::expected<void, ActionError> put_single(
    ContactValues& values, const ReadField& read, std::string_view field_as_typed);

using ChannelStates = std::vector<std::pair<std::string, protocol::ConsentState>>;

/// A draft, checked and in its one form.
struct ContactSaid {
    std::uint64_t kind = 0;
    ContactValues values;
    ChannelStates consents;
    std::optional<RowKey> key;
};
/// Errors: `unknown_field`, `unknown_value`, `rounded_number`, `given_twice`, `unknown_channel`,
/// `not_a_set`, `no_content`.
[[nodiscard]] std::expected<ContactSaid, ActionError> read_contact(
    const ContactDraft& draft, const People::Options& how);
/// The same of a sheet's row, whose values are in their one form already; of `draft` only kind,
/// consents and key count.
[[nodiscard]] std::expected<ContactSaid, ActionError> read_sheet_contact(
    const ContactDraft& draft, const std::vector<FieldValue>& values);

/// What several answers about one channel come to. A person says one thing; a sheet may have two
/// columns that are one channel to us.
enum class Answers { one_each, withdrawal_counts };

/// By channel (typed_channel.h), each once. Error, beside those of `read_channel`: `given_twice`
/// when a yes and a no were said and there is to be one answer.
[[nodiscard]] std::expected<ChannelStates, ActionError> read_consents(
    const std::vector<ConsentText>& typed, const RecordState& state, bool new_channels,
    Answers answers);

}  // namespace vereda::engine
