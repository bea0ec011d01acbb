#include "engine/people/actions.h"

#include <algorithm>

#include "engine/people/action_checks.h"
#include "engine/people/contact_change.h"
#include "engine/people/edit_draft.h"
#include "engine/people/field_text.h"
#include "engine/people/hidden_work.h"
#include "engine/people/interaction_change.h"
#include "engine/people/shown_consent.h"
#include "engine/people/typed_channel.h"
#include "engine/people/typed_value.h"
#include "engine/schema/fields.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::EventType;

// The value among those that show which people read as `text`; null when it is a new one.
const RecordState::Item* value_shown_as(
    const RecordState& state, std::uint32_t code, std::string_view text) {
    for (const RecordState::Item* item : state.live(code)) {
        if (trimmed(value_text(code, as_bytes(item->value))) == trimmed(text)) return item;
    }
    return nullptr;
}

// The field, if there can be a conflict in it.
std::expected<const Field*, ActionError> field_to_settle(FieldOwner owner, std::string_view name) {
    const Field* field = find_field(owner, name);
    if (field == nullptr) return refused(ActionProblem::unknown_field, name);
    if (field->rule != MergeRule::single) return refused(ActionProblem::keeps_all, name);
    return field;
}

bool has_conflict(const RecordState& state, std::uint32_t code) {
    return state.live(code).size() > 1;
}

// Of a field without a conflict: whether the value wanted is the one that stands.
ActionProblem problem_of(const std::expected<void, ActionError>& read, const EditDraft& edit) {
    return read && edit.empty() ? ActionProblem::nothing_to_change : ActionProblem::no_conflict;
}

}  // namespace

bool People::may_write(TurfNumber turf, EventType type) const {
    const Roster& roster = workspace_.roster();
    if (roster.empty()) return false;
    return roster.may_write(
        workspace_.identity().keys.device(), workspace_.store().turf(turf), type,
        roster.last_position());
}

People::Result People::append(TurfNumber turf, EntryDraft draft) {
    if (!fits_an_entry(draft)) return refused(ActionProblem::too_long);
    return workspace_.append(turf, draft);
}

std::expected<ContactRow, ActionError> People::writable_contact(LocalDot contact, EventType type) {
    std::optional<ContactRow> row = workspace_.projection().contacts().load(contact);
    if (!row || !row->kind) return refused(ActionProblem::no_such_contact);
    if (!may_write(row->turf, type)) return refused(ActionProblem::no_authority);
    if (row->read_only) return refused(ActionProblem::read_only);
    return std::move(*row);
}

std::expected<InteractionRow, ActionError> People::writable_interaction(
    LocalDot interaction, EventType type) {
    std::optional<InteractionRow> row = workspace_.projection().interactions().load(interaction);
    if (!row || row->contact.is_none()) return refused(ActionProblem::no_such_interaction);
    if (!may_write(row->turf, type)) return refused(ActionProblem::no_authority);
    if (row->read_only) return refused(ActionProblem::read_only);
    return std::move(*row);
}

std::expected<AddedContact, ActionError> People::add_contact(
    TurfNumber turf, const ContactDraft& draft) {
    if (!may_write(turf, EventType::contact_create)) return refused(ActionProblem::no_authority);
    const auto said = read_contact(draft, options_);
    if (!said) return std::unexpected(said.error());
    if (said->key) {
        Contacts& contacts = workspace_.projection().contacts();
        const auto known = contacts.find_key(turf, said->key->source, said->key->key);
        if (known) return add_to_known(*known, draft, *said);
    }
    const auto added =
        append(turf, {.type = EventType::contact_create, .body = contact_body(*said)});
    if (!added) return std::unexpected(added.error());
    return AddedContact{.id = *added};
}

std::expected<AddedContact, ActionError> People::add_to_known(
    LocalDot contact, const ContactDraft& draft, const ContactSaid& said) {
    const auto row = writable_contact(contact, EventType::edit);
    if (!row) return std::unexpected(row.error());
    if (!draft.kind.empty() && row->kind != said.kind)
        return refused(ActionProblem::other_kind, word_of(Vocabulary::contact_kind, *row->kind));
    EditDraft edit(contact, workspace_.writer().own_log(workspace_.roster(), row->turf));
    SourceEdit from_source(edit, row->state, said.key->source);
    const auto done = write_known_contact(from_source, said);
    if (!done) return std::unexpected(done.error());
    AddedContact added{.id = row->root, .was_there = true, .changed = !edit.empty()};
    for (const std::uint32_t code : from_source.conflicts())
        added.conflicts.emplace_back(field_name(code));
    if (edit.empty()) return added;
    const auto written = append(
        row->turf,
        {.type = EventType::edit, .record = contact, .body = edit.encode(said.key->source)});
    if (!written) return std::unexpected(written.error());
    return added;
}

People::Result People::edit_contact(LocalDot contact, const ContactChange& change) {
    const auto row = writable_contact(contact, EventType::edit);
    if (!row) return std::unexpected(row.error());
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), row->turf);
    EditDraft edit(contact, own);
    const auto done = write_contact_change(edit, row->state, change, options_);
    if (!done) return std::unexpected(done.error());
    if (edit.empty()) return refused(ActionProblem::nothing_to_change);
    return append(row->turf, {.type = EventType::edit, .record = contact, .body = edit.encode()});
}

People::Result People::settle_conflict(
    LocalDot contact, std::string_view field_name, std::string_view value) {
    const auto row = writable_contact(contact, EventType::edit);
    if (!row) return std::unexpected(row.error());
    const auto field = field_to_settle(FieldOwner::contact, field_name);
    if (!field) return std::unexpected(field.error());
    const std::uint32_t code = (*field)->code;
    const ContactChange anew{.set = {{std::string(field_name), std::string(value)}}};
    EditDraft edit(contact, workspace_.writer().own_log(workspace_.roster(), row->turf));
    const RecordState::Item* shown = value_shown_as(row->state, code, value);
    if (!has_conflict(row->state, code)) {
        if (shown != nullptr) return refused(ActionProblem::nothing_to_change, field_name);
        const auto read = write_contact_change(edit, row->state, anew, options_);
        return refused(problem_of(read, edit), field_name);
    }
    if (shown == nullptr) return edit_contact(contact, anew);
    edit.set(code, as_bytes(shown->value), row->state.dots({code, {}}));
    return append(row->turf, {.type = EventType::edit, .record = contact, .body = edit.encode()});
}

People::Result People::retract_contact(LocalDot contact) {
    const auto row = writable_contact(contact, EventType::retract);
    if (!row) return std::unexpected(row.error());
    if (row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    const bool alone = !workspace_.in_group();  // one commit for both
    if (alone) workspace_.begin_group();
    auto retracted = append(
        row->turf,
        {.type = EventType::retract, .record = contact, .body = protocol::encode_retract()});
    // What is hidden by that was seen.
    if (retracted) HiddenWork(workspace_).note_told({.contacts = {contact}, .interactions = {}});
    if (alone) workspace_.commit_group();
    return retracted;
}

People::Result People::restore_contact(LocalDot contact) {
    const auto row = writable_contact(contact, EventType::restore);
    if (!row) return std::unexpected(row.error());
    if (!row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), row->turf);
    const protocol::Restore event{over_of(row->state.dots({retracted_slot, {}}), contact, own)};
    return append(
        row->turf,
        {.type = EventType::restore, .record = contact, .body = protocol::encode(event)});
}

People::Result People::lift_consent(
    LocalDot contact, std::string_view channel, std::string_view evidence) {
    const auto row = writable_contact(contact, EventType::consent_lift);
    if (!row) return std::unexpected(row.error());
    const auto word = read_channel(channel, row->state, options_.new_channels);
    if (!word) return std::unexpected(word.error());
    if (trimmed(evidence).empty()) return refused(ActionProblem::no_evidence);
    if (!protocol::is_valid_utf8(evidence)) return refused(ActionProblem::unknown_value);
    const auto consent = shown_consent(row->state, *word);
    if (!consent || consent->given) return refused(ActionProblem::not_withdrawn, channel);
    return append_lifts(*row, contact, *consent, composed(trimmed(evidence)));
}

// One entry for each spelling and purpose under which it was withdrawn: together they are what
// people see as one channel.
People::Result People::append_lifts(
    const ContactRow& row, LocalDot contact, const ShownConsent& consent,
    const std::string& evidence) {
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), row.turf);
    const bool alone = !workspace_.in_group();  // one commit for all
    if (alone) workspace_.begin_group();
    Result lifted = refused(ActionProblem::not_withdrawn, consent.channel);
    for (const Consent& part : consent.parts) {
        if (part.withdrawals.empty()) continue;
        const protocol::ConsentLift event{
            .channel = part.term(),
            .purpose = part.purpose,
            .over = over_of(part.withdrawals, contact, own),
            .evidence = evidence};
        lifted = append(
            row.turf,
            {.type = EventType::consent_lift, .record = contact, .body = protocol::encode(event)});
        if (!lifted) break;
    }
    if (alone) workspace_.commit_group();
    return lifted;
}

People::Result People::add_interaction(LocalDot contact, const InteractionDraft& draft) {
    const auto row = writable_contact(contact, EventType::interaction_create);
    if (!row) return std::unexpected(row.error());
    const protocol::Millis now = writing_time(workspace_.environment().clock.now());
    auto body = new_interaction_body(draft, now);
    if (!body) return std::unexpected(std::move(body.error()));
    return append(
        row->turf, {.type = EventType::interaction_create,
                    .parent = contact,
                    .body = std::move(*body),
                    .time = now});
}

People::Result People::correct_interaction(LocalDot interaction, const InteractionChange& change) {
    const auto row = writable_interaction(interaction, EventType::edit);
    if (!row) return std::unexpected(row.error());
    EditDraft edit(interaction, workspace_.writer().own_log(workspace_.roster(), row->turf));
    const auto done = write_interaction_change(edit, row->state, change);
    if (!done) return std::unexpected(done.error());
    if (edit.empty()) return refused(ActionProblem::nothing_to_change);
    return append(
        row->turf, {.type = EventType::edit,
                    .record = interaction,
                    .parent = row->contact,
                    .body = edit.encode()});
}

People::Result People::settle_interaction_conflict(
    LocalDot interaction, std::string_view field_name, std::string_view value) {
    const auto row = writable_interaction(interaction, EventType::edit);
    if (!row) return std::unexpected(row.error());
    const auto field = field_to_settle(FieldOwner::interaction, field_name);
    if (!field) return std::unexpected(field.error());
    const std::uint32_t code = (*field)->code;
    EditDraft edit(interaction, workspace_.writer().own_log(workspace_.roster(), row->turf));
    const RecordState::Item* shown = value_shown_as(row->state, code, value);
    const bool conflict = has_conflict(row->state, code);
    if (shown != nullptr && !conflict) return refused(ActionProblem::nothing_to_change, field_name);
    if (shown == nullptr) {
        const auto change = interaction_change(code, value);
        if (!change) return std::unexpected(change.error());
        if (conflict) return correct_interaction(interaction, *change);
        const auto read = write_interaction_change(edit, row->state, *change);
        return refused(problem_of(read, edit), field_name);
    }
    edit.set(code, as_bytes(shown->value), row->state.dots({code, {}}));
    return append(
        row->turf, {.type = EventType::edit,
                    .record = interaction,
                    .parent = row->contact,
                    .body = edit.encode()});
}

People::Result People::retract_interaction(LocalDot interaction) {
    const auto row = writable_interaction(interaction, EventType::retract);
    if (!row) return std::unexpected(row.error());
    if (row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    const bool alone = !workspace_.in_group();  // one commit for both
    if (alone) workspace_.begin_group();
    auto retracted = append(
        row->turf, {.type = EventType::retract,
                    .record = interaction,
                    .parent = row->contact,
                    .body = protocol::encode_retract()});
    if (retracted)
        HiddenWork(workspace_).note_told({.contacts = {}, .interactions = {interaction}});
    if (alone) workspace_.commit_group();
    return retracted;
}

People::Result People::restore_interaction(LocalDot interaction) {
    const auto row = writable_interaction(interaction, EventType::restore);
    if (!row) return std::unexpected(row.error());
    if (!row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), row->turf);
    const protocol::Restore event{over_of(row->state.dots({retracted_slot, {}}), interaction, own)};
    return append(
        row->turf, {.type = EventType::restore,
                    .record = interaction,
                    .parent = row->contact,
                    .body = protocol::encode(event)});
}

People::Result People::name(protocol::Profile::Kind kind, ByteView id, std::string_view name) {
    const TurfNumber common{0};
    const Roster& roster = workspace_.roster();
    const auto code = static_cast<std::uint64_t>(kind);
    const bool allowed =
        may_write(common, EventType::profile) &&
        roster.may_name(workspace_.identity().keys.device(), code, id, roster.last_position());
    if (!allowed) return refused(ActionProblem::no_authority);
    const std::string text = composed(trimmed(name));
    if (text.empty() || !protocol::is_valid_utf8(text))
        return refused(ActionProblem::unknown_value, name);
    Profiles& profiles = workspace_.projection().profiles();
    const std::vector<LocalDot> seen = profiles.seen(kind, id);
    if (seen.size() == 1 && profiles.name_of(kind, id) == text)
        return refused(ActionProblem::nothing_to_change);
    protocol::Profile event{.kind = code, .id = id, .name = text};
    const LogOrdinal own = workspace_.writer().own_log(roster, common);
    for (const LocalDot dot : seen) event.over.dots.push_back(open_reference(dot, own));
    return append(common, {.type = EventType::profile, .body = protocol::encode(event)});
}

}  // namespace vereda::engine
