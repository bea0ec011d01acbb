#pragma once

#include "client/commands/application.h"
#include "client/commands/visit_answer.h"
#include "engine/actions/actions.h"
#include "engine/queries/queries.h"

/// How contacts are shown, by several commands.
namespace vereda::client {

/// {"id":…}, and "changed":… for a contact that was there already; "conflicts":[NAME…] of what it
/// has two values of now. "retracted":true, and a remark, when it is hidden.
[[nodiscard]] Outcome answer_added(
    Application& application, engine::Workspace& workspace, const engine::AddedContact& added);
/// {"id":…}: an interaction with `contact` just recorded; "retracted":true, and a remark, when the
/// contact is hidden and the interaction with it.
[[nodiscard]] Outcome answer_visit_added(
    Application& application, engine::Workspace& workspace, engine::LocalDot visit,
    engine::LocalDot contact);
/// {"id":…,"changed":…}: a record just changed, or that stood like that already.
[[nodiscard]] Outcome answer_change(
    Application& application, engine::Workspace& workspace, engine::LocalDot record,
    const engine::People::Result& changed);
/// The same of a contact that is not meant to be hidden; "retracted":true, and a remark, when it
/// is.
[[nodiscard]] Outcome answer_contact_change(
    Application& application, engine::Workspace& workspace, engine::LocalDot contact,
    const engine::People::Result& changed);
/// That these lines of a sheet or a batch are about retracted contacts.
[[nodiscard]] Sentence hidden_lines(const std::vector<std::uint64_t>& lines);
/// That these lines of a batch are of visits to come.
[[nodiscard]] Sentence future_lines(const std::vector<std::uint64_t>& lines);
/// [{"id":…,"name":…,"turf":…}…]
[[nodiscard]] Outcome answer_list(
    Application& application, engine::Workspace& workspace,
    const std::vector<engine::ContactLine>& contacts);

/// {"id":…,"turf":…,"kind":…,"name":…,"retracted":…,"created":…,"fields":{NAME: value or
/// values},"seen":{NAME:[ENTRY…]},"conflicts":[NAME…],
/// "consents":{CHANNEL:"given"|"withdrawn"},"keys":[…],"interactions":[…],"hidden_interactions":…}
[[nodiscard]] Json json_of(
    engine::Workspace& workspace, const engine::ContactView& contact, const ContactVisits& visits);
[[nodiscard]] std::string text_of(
    engine::Workspace& workspace, const engine::ContactView& contact, const ContactVisits& visits,
    const Terminal& terminal);

/// Names of the fields that have other values besides the one that shows.
[[nodiscard]] std::vector<std::string> conflicts_of(const engine::ContactView& contact);

/// {NAME: [ENTRY…]}: who wrote what shows, in the form that an edit names what it has seen.
[[nodiscard]] Json json_of_seen(engine::Workspace& workspace, const engine::ContactView& contact);
[[nodiscard]] Json json_of_seen(engine::Workspace& workspace, engine::LocalDot interaction);

/// {NAME: value, or values of a set}; of a conflict the value that shows.
[[nodiscard]] Json json_of_fields(const engine::ContactView& contact);
[[nodiscard]] Json json_of_consents(const engine::ContactView& contact);

}  // namespace vereda::client
