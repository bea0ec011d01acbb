#include <algorithm>

#include "engine/actions/action_checks.h"
#include "engine/actions/actions.h"
#include "engine/actions/contact_change.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/entry_parts.h"
#include "engine/actions/seen_dots.h"
#include "engine/actions/typed_channel.h"
#include "engine/queries/shown_consent.h"
#include "engine/schema/fields.h"
#include "engine/schema/typed_value.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::EventType;

bool only_withdraws(const ContactChange& change) {
    return change.set.empty() && change.add.empty() && change.remove.empty() &&
           std::ranges::none_of(change.consents, &ConsentText::given);
}

}  // namespace

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
    const EntryDraft entry{.type = EventType::contact_create, .body = contact_body(*said)};
    const auto added = append(turf, {entry});
    if (!added) return std::unexpected(added.error());
    return AddedContact{.id = added->entry};
}

std::expected<AddedContact, ActionError> People::add_to_known(
    LocalDot contact, const ContactDraft& draft, const ContactSaid& said) {
    const auto record = writable(FieldOwner::contact, contact, EventType::edit);
    if (!record) return std::unexpected(record.error());
    const auto row = workspace_.projection().contacts().load(contact);
    if (!draft.kind.empty() && row->kind != said.kind)
        return refused(ActionProblem::other_kind, word_of(Vocabulary::contact_kind, *row->kind));
    EditDraft edit = new_edit(*record);
    SourceEdit from_source(edit, record->state, said.key->source);
    const auto done = write_known_contact(from_source, said);
    if (!done) return std::unexpected(done.error());
    AddedContact added{.id = row->id, .was_there = true, .changed = !edit.empty()};
    for (const std::uint32_t code : from_source.conflicts())
        added.conflicts.emplace_back(field_name(code));
    if (edit.empty()) return added;
    const auto written = append_edit(row->turf, edit, {}, said.key->source);
    if (!written) return std::unexpected(written.error());
    return added;
}

People::Result People::edit_contact(LocalDot contact, const ContactChange& change) {
    const auto record =
        writable(FieldOwner::contact, contact, EventType::edit, only_withdraws(change));
    if (!record) return std::unexpected(record.error());
    const auto seen = seen_of(FieldOwner::contact, *record, change.seen);
    if (!seen) return std::unexpected(seen.error());
    EditDraft edit = new_edit(*record);
    const auto done = write_contact_change(edit, record->state, change, *seen, options_);
    if (!done) return std::unexpected(done.error());
    if (edit.empty()) return refused(ActionProblem::nothing_to_change);
    return write(*record, edit, *seen);
}

People::Result People::lift_consent(
    LocalDot contact, std::string_view channel, std::string_view evidence) {
    const auto record = writable(FieldOwner::contact, contact, EventType::consent_lift);
    if (!record) return std::unexpected(record.error());
    const auto word = read_channel(channel, record->state, options_.new_channels);
    if (!word) return std::unexpected(word.error());
    if (trimmed(evidence).empty()) return refused(ActionProblem::no_evidence);
    if (!protocol::is_valid_utf8(evidence)) return refused(ActionProblem::unknown_value);
    const auto consent = shown_consent(record->state, *word);
    if (!consent || consent->given) return refused(ActionProblem::not_withdrawn, channel);
    return append_lifts(*record, *consent, composed(trimmed(evidence)));
}

// Every spelling and purpose under which it was withdrawn: together they are what people see as one
// channel.
People::Result People::append_lifts(
    const WritableRecord& contact, const ShownConsent& consent, const std::string& evidence) {
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), contact.turf);
    std::vector<EntryDraft> lifts;
    for (const Consent& spelling : consent.parts) {
        if (spelling.withdrawals.empty()) continue;
        auto parts = in_parts(spelling.withdrawals, [&](std::span<const LocalDot> withdrawals) {
            const protocol::ConsentLift event{
                .channel = spelling.term(),
                .purpose = spelling.purpose,
                .over = over_of(withdrawals, contact.record, own),
                .evidence = evidence};
            return EntryDraft{
                .type = EventType::consent_lift,
                .record = contact.record,
                .body = protocol::encode(event)};
        });
        if (!parts) return std::unexpected(parts.error());
        std::ranges::move(*parts, std::back_inserter(lifts));
    }
    return append(contact.turf, lifts);
}

}  // namespace vereda::engine
