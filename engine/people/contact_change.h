#pragma once

#include "engine/import/sheet_row.h"
#include "engine/people/actions.h"
#include "engine/people/edit_draft.h"

namespace vereda::engine {

/// The body of a new contact's entry, its values checked and in their one form.
[[nodiscard]] std::expected<Bytes, ActionError> new_contact_body(
    const ContactDraft& draft, const People::Options& how);

/// The same of a sheet's row, whose values are in their one form already; of `draft` only kind,
/// consents and key count.
[[nodiscard]] std::expected<Bytes, ActionError> sheet_contact_body(
    const ContactDraft& draft, const std::vector<FieldValue>& values);

/// Puts what `change` asks for into `edit`, over what `state` shows; what stands like that already
/// is left out.
[[nodiscard]] std::expected<void, ActionError> write_contact_change(
    EditDraft& edit, const RecordState& state, const ContactChange& change,
    const People::Options& how);

}  // namespace vereda::engine
