#pragma once

#include "engine/import/sheet_row.h"
#include "engine/people/actions.h"
#include "engine/people/edit_draft.h"

namespace vereda::engine {

/// The body of a new contact's entry, its values checked and in their one form.
[[nodiscard]] std::expected<Bytes, ActionError> new_contact_body(
    const ContactDraft& draft, std::string_view phone_region);

/// The same of a sheet's row, whose values are in their one form already; of `draft` only kind,
/// consents and key count.
[[nodiscard]] std::expected<Bytes, ActionError> sheet_contact_body(
    const ContactDraft& draft, const std::vector<FieldValue>& values);

/// Puts what `change` asks for into `edit`, over what `state` shows; what stands like that already
/// is left out.
[[nodiscard]] std::expected<void, ActionError> write_contact_change(
    EditDraft& edit, const RecordState& state, const ContactChange& change,
    std::string_view phone_region);

/// A channel as it is kept: the word of a known one, else the words in lower case. Error:
/// `unknown_value` when it is empty or no text.
[[nodiscard]] std::expected<std::string, ActionError> read_channel(std::string_view typed);

}  // namespace vereda::engine
