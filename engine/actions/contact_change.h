#pragma once

#include "engine/actions/actions.h"
#include "engine/actions/contact_values.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/seen_dots.h"
#include "engine/actions/source_edit.h"

namespace vereda::engine {

/// The body of a new contact's entry.
[[nodiscard]] Bytes contact_body(const ContactSaid& said);

/// Puts what its source says of a contact that is here already into `edit`; elements are added,
/// none goes. Error: `withdrawn`, when the source gives for the first time what was withdrawn here.
[[nodiscard]] std::expected<void, ActionError> write_known_contact(
    SourceEdit& edit, const ContactSaid& said);

/// Puts what `change` asks for into `edit`, over what `seen` has of `state`; what stands like that
/// already is left out.
[[nodiscard]] std::expected<void, ActionError> write_contact_change(
    EditDraft& edit, const RecordState& state, const ContactChange& change, const SeenDots& seen,
    const People::Options& how);

}  // namespace vereda::engine
