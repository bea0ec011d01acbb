#include "engine/actions/actions.h"

#include <algorithm>

#include "engine/actions/action_checks.h"
#include "engine/actions/contact_change.h"
#include "engine/actions/edit_draft.h"
#include "engine/actions/entry_parts.h"
#include "engine/actions/interaction_change.h"
#include "engine/actions/seen_dots.h"
#include "engine/actions/shown_effect.h"
#include "engine/actions/typed_channel.h"
#include "engine/queries/hidden_work.h"
#include "engine/queries/missing_contacts.h"
#include "engine/queries/shown_consent.h"
#include "engine/schema/fields.h"
#include "engine/schema/typed_value.h"
#include "engine/schema/value_text.h"
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
std::expected<NamedField, ActionError> field_to_settle(FieldOwner owner, std::string_view name) {
    const auto field = find_named_field(owner, name);
    if (!field) return refused(ActionProblem::unknown_field, name);
    const bool is_set = field->known != nullptr && field->known->rule != MergeRule::single;
    if (is_set) return refused(ActionProblem::keeps_all, name);
    return *field;
}

bool has_conflict(const RecordState& state, std::uint32_t code) {
    return state.live(code).size() > 1;
}

// While it lives, what is appended becomes durable together: as part of the workspace's group, if
// there is one.
class Together {
  public:
    explicit Together(Workspace& workspace) : workspace_(workspace), alone_(!workspace.in_group()) {
        if (alone_) workspace_.begin_group();
    }
    void commit() {
        if (alone_) workspace_.commit_group();
    }

  private:
    Workspace& workspace_;
    bool alone_;
};

// What an entry that binds a record keeps from being written. It marks and does not forbid: visits,
// retractions and withdrawals of consent always pass.
bool is_kept_back(EventType type) {
    return type == EventType::edit || type == EventType::restore || type == EventType::consent_lift;
}

bool hides(EventType type) { return type == EventType::retract || type == EventType::restore; }

bool only_withdraws(const ContactChange& change) {
    return change.set.empty() && change.add.empty() && change.remove.empty() &&
           std::ranges::none_of(change.consents, &ConsentText::given);
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

LocalDot People::next_entry(TurfNumber turf) {
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), turf);
    return LocalDot::of(own, workspace_.projection().frontier().read_to(own).next());
}

People::Result People::append(TurfNumber turf, const std::vector<EntryDraft>& drafts) {
    if (!std::ranges::all_of(drafts, fits_an_entry)) return refused(ActionProblem::too_long);
    Written written{.entries = drafts.size()};
    Together together(workspace_);
    for (const EntryDraft& draft : drafts) written.entry = workspace_.append(turf, draft);
    together.commit();
    if (!effect_shows(workspace_, written.entry, drafts)) return refused(ActionProblem::no_effect);
    return written;
}

People::Result People::append_edit(
    TurfNumber turf, const EditDraft& edit, LocalDot parent,
    std::optional<std::string_view> source) {
    const auto parts = edit.entries(next_entry(turf), parent, source);
    if (!parts) return refused(ActionProblem::too_long);
    return append(turf, *parts);
}

std::unexpected<ActionError> People::refuse_bound(const RecordState& state) {
    std::vector<LocalDot> binding = state.dots({critical_slot, {}});
    const DotOrder& order = workspace_.projection().frontier();
    std::ranges::sort(binding, [&order](LocalDot a, LocalDot b) { return order.before(a, b); });
    return refused(ActionProblem::read_only, Queries(workspace_).author_of(binding.front()).member);
}

// What is left of a lost contact can be hidden as a whole, also where there are only visits.
std::optional<ContactRow> People::contact_to_write(LocalDot contact, EventType type) {
    std::optional<ContactRow> row = workspace_.projection().contacts().load(contact);
    if (row && row->kind) return row;
    EntryPages pages(workspace_);
    if (!hides(type) || !is_lost_contact(pages, contact)) return std::nullopt;
    const TurfNumber turf = workspace_.store().info(contact.log()).turf;
    if (!row) row = ContactRow{.root = contact, .id = contact, .turf = turf};
    return row;
}

std::expected<ContactRow, ActionError> People::writable_contact(
    LocalDot contact, EventType type, bool though_bound) {
    std::optional<ContactRow> row = contact_to_write(contact, type);
    if (!row) return refused(ActionProblem::no_such_contact);
    if (!may_write(row->turf, type)) return refused(ActionProblem::no_authority);
    if (row->state.is_bound() && is_kept_back(type) && !though_bound)
        return refuse_bound(row->state);
    return std::move(*row);
}

// An entry names both, and a block can only name what is here. Where a lost contact was stands a
// void entry: its visits can be hidden, once they are recorded again with another contact.
std::optional<ActionProblem> People::problem_with_contact_of(
    const InteractionRow& visit, EventType type) {
    const auto contact = workspace_.projection().contacts().load(visit.contact);
    if (contact && contact->kind && contact->turf == visit.turf) return std::nullopt;
    if (contact && contact->kind) return ActionProblem::contact_not_here;
    EntryPages pages(workspace_);
    if (!is_lost_contact(pages, visit.contact)) return ActionProblem::contact_not_here;
    return hides(type) ? std::nullopt : std::optional(ActionProblem::contact_lost);
}

std::expected<InteractionRow, ActionError> People::writable_interaction(
    LocalDot interaction, EventType type) {
    std::optional<InteractionRow> row = workspace_.projection().interactions().load(interaction);
    if (!row || row->contact.is_none()) return refused(ActionProblem::no_such_interaction);
    if (const auto problem = problem_with_contact_of(*row, type)) return refused(*problem);
    if (!may_write(row->turf, type)) return refused(ActionProblem::no_authority);
    if (row->state.is_bound() && is_kept_back(type)) return refuse_bound(row->state);
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
    const EntryDraft entry{.type = EventType::contact_create, .body = contact_body(*said)};
    const auto added = append(turf, {entry});
    if (!added) return std::unexpected(added.error());
    return AddedContact{.id = added->entry};
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
    AddedContact added{.id = row->id, .was_there = true, .changed = !edit.empty()};
    for (const std::uint32_t code : from_source.conflicts())
        added.conflicts.emplace_back(field_name(code));
    if (edit.empty()) return added;
    const auto written = append_edit(row->turf, edit, {}, said.key->source);
    if (!written) return std::unexpected(written.error());
    return added;
}

std::expected<SeenDots, ActionError> People::seen_of(
    FieldOwner owner, LocalDot contact, const Seen& seen) {
    Contacts& contacts = workspace_.projection().contacts();
    return SeenDots::read(owner, seen, Contacts::GroupDots(contacts, contacts.root_of(contact)));
}

People::Result People::write_contact(
    const ContactRow& row, LocalDot contact, const EditDraft& edit, const SeenDots& seen) {
    Result written = append_edit(row.turf, edit, {});
    if (!written || seen.empty()) return written;
    const auto now = workspace_.projection().contacts().load(contact);
    written->conflicts = seen.conflicts(now->state);
    return written;
}

People::Result People::write_interaction(
    const InteractionRow& row, const EditDraft& edit, const SeenDots& seen) {
    Result written = append_edit(row.turf, edit, row.contact);
    if (!written || seen.empty()) return written;
    const auto now = workspace_.projection().interactions().load(row.id);
    written->conflicts = seen.conflicts(now->state);
    return written;
}

People::Result People::edit_contact(LocalDot contact, const ContactChange& change) {
    const auto row = writable_contact(contact, EventType::edit, only_withdraws(change));
    if (!row) return std::unexpected(row.error());
    const auto seen = seen_of(FieldOwner::contact, contact, change.seen);
    if (!seen) return std::unexpected(seen.error());
    EditDraft edit(contact, workspace_.writer().own_log(workspace_.roster(), row->turf));
    const auto done = write_contact_change(edit, row->state, change, *seen, options_);
    if (!done) return std::unexpected(done.error());
    if (edit.empty()) return refused(ActionProblem::nothing_to_change);
    return write_contact(*row, contact, edit, *seen);
}

People::Result People::settle_conflict(
    LocalDot contact, std::string_view field_name, std::string_view value, const Seen& seen_there) {
    const auto row = writable_contact(contact, EventType::edit);
    if (!row) return std::unexpected(row.error());
    const auto field = field_to_settle(FieldOwner::contact, field_name);
    if (!field) return std::unexpected(field.error());
    const auto seen = seen_of(FieldOwner::contact, contact, seen_there);
    if (!seen) return std::unexpected(seen.error());
    const ContactChange anew{
        .set = {{std::string(field_name), std::string(value)}}, .seen = seen_there};
    EditDraft edit(contact, workspace_.writer().own_log(workspace_.roster(), row->turf));
    const RecordState::Item* shown = value_shown_as(row->state, field->code, value);
    if (shown == nullptr && field->known == nullptr)
        return refused(ActionProblem::not_among_values, field_name);
    if (!has_conflict(row->state, field->code)) {
        if (shown != nullptr) return refused(ActionProblem::nothing_to_change, field_name);
        const auto read = write_contact_change(edit, row->state, anew, *seen, options_);
        return refused(problem_of(read, edit), field_name);
    }
    if (shown == nullptr) return edit_contact(contact, anew);
    edit.set(field->code, as_bytes(shown->value), seen->of_value(row->state, field->code));
    return write_contact(*row, contact, edit, *seen);
}

People::Result People::retract_contact(LocalDot contact) {
    const auto row = writable_contact(contact, EventType::retract);
    if (!row) return std::unexpected(row.error());
    if (row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    Together together(workspace_);
    const EntryDraft entry{
        .type = EventType::retract, .record = contact, .body = protocol::encode_retract()};
    auto retracted = append(row->turf, {entry});
    // What is hidden by that was seen.
    if (retracted) HiddenWork(workspace_).note_told({.contacts = {contact}, .interactions = {}});
    together.commit();
    return retracted;
}

People::Result People::restore(
    LocalDot record, LocalDot parent, TurfNumber turf, const RecordState& state) {
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), turf);
    const auto parts =
        in_parts(state.dots({retracted_slot, {}}), [&](std::span<const LocalDot> retracts) {
            const protocol::Restore event{over_of(retracts, record, own)};
            return EntryDraft{
                .type = EventType::restore,
                .record = record,
                .parent = parent,
                .body = protocol::encode(event)};
        });
    if (!parts) return std::unexpected(parts.error());
    return append(turf, *parts);
}

People::Result People::release(
    LocalDot record, LocalDot parent, TurfNumber turf, const RecordState& state) {
    if (!state.is_bound()) return refused(ActionProblem::nothing_to_change);
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), turf);
    const auto parts =
        in_parts(state.dots({critical_slot, {}}), [&](std::span<const LocalDot> binding) {
            const protocol::CriticalLift event{over_of(binding, record, own)};
            return EntryDraft{
                .type = EventType::critical_lift,
                .record = record,
                .parent = parent,
                .body = protocol::encode(event)};
        });
    if (!parts) return std::unexpected(parts.error());
    return append(turf, *parts);
}

People::Result People::release_contact(LocalDot contact) {
    const auto row = writable_contact(contact, EventType::critical_lift);
    if (!row) return std::unexpected(row.error());
    return release(contact, {}, row->turf, row->state);
}

People::Result People::release_interaction(LocalDot interaction) {
    const auto row = writable_interaction(interaction, EventType::critical_lift);
    if (!row) return std::unexpected(row.error());
    return release(interaction, row->contact, row->turf, row->state);
}

People::Result People::restore_contact(LocalDot contact) {
    const auto row = writable_contact(contact, EventType::restore);
    if (!row) return std::unexpected(row.error());
    if (!row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    return restore(contact, {}, row->turf, row->state);
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

// Every spelling and purpose under which it was withdrawn: together they are what people see as one
// channel.
People::Result People::append_lifts(
    const ContactRow& row, LocalDot contact, const ShownConsent& consent,
    const std::string& evidence) {
    const LogOrdinal own = workspace_.writer().own_log(workspace_.roster(), row.turf);
    std::vector<EntryDraft> lifts;
    for (const Consent& spelling : consent.parts) {
        if (spelling.withdrawals.empty()) continue;
        auto parts = in_parts(spelling.withdrawals, [&](std::span<const LocalDot> withdrawals) {
            const protocol::ConsentLift event{
                .channel = spelling.term(),
                .purpose = spelling.purpose,
                .over = over_of(withdrawals, contact, own),
                .evidence = evidence};
            return EntryDraft{
                .type = EventType::consent_lift,
                .record = contact,
                .body = protocol::encode(event)};
        });
        if (!parts) return std::unexpected(parts.error());
        std::ranges::move(*parts, std::back_inserter(lifts));
    }
    return append(row.turf, lifts);
}

People::Result People::add_interaction(LocalDot contact, const InteractionDraft& draft) {
    const auto row = writable_contact(contact, EventType::interaction_create);
    if (!row) return std::unexpected(row.error());
    const protocol::Millis now = writing_time(workspace_.environment().clock.now());
    auto body = new_interaction_body(draft, now);
    if (!body) return std::unexpected(std::move(body.error()));
    const EntryDraft entry{
        .type = EventType::interaction_create,
        .parent = contact,
        .body = std::move(*body),
        .time = now};
    return append(row->turf, {entry});
}

People::Result People::correct_interaction(LocalDot interaction, const InteractionChange& change) {
    const auto row = writable_interaction(interaction, EventType::edit);
    if (!row) return std::unexpected(row.error());
    const auto seen = seen_of(FieldOwner::interaction, row->contact, change.seen);
    if (!seen) return std::unexpected(seen.error());
    EditDraft edit(interaction, workspace_.writer().own_log(workspace_.roster(), row->turf));
    const auto done = write_interaction_change(edit, row->state, change, *seen);
    if (!done) return std::unexpected(done.error());
    if (edit.empty()) return refused(ActionProblem::nothing_to_change);
    return write_interaction(*row, edit, *seen);
}

People::Result People::settle_interaction_conflict(
    LocalDot interaction, std::string_view field_name, std::string_view value,
    const Seen& seen_there) {
    const auto row = writable_interaction(interaction, EventType::edit);
    if (!row) return std::unexpected(row.error());
    const auto field = field_to_settle(FieldOwner::interaction, field_name);
    if (!field) return std::unexpected(field.error());
    const auto seen = seen_of(FieldOwner::interaction, row->contact, seen_there);
    if (!seen) return std::unexpected(seen.error());
    EditDraft edit(interaction, workspace_.writer().own_log(workspace_.roster(), row->turf));
    const RecordState::Item* shown = value_shown_as(row->state, field->code, value);
    const bool conflict = has_conflict(row->state, field->code);
    if (shown != nullptr && !conflict) return refused(ActionProblem::nothing_to_change, field_name);
    if (shown == nullptr && field->known == nullptr)
        return refused(ActionProblem::not_among_values, field_name);
    if (shown == nullptr) {
        auto change = interaction_change(field->code, value);
        if (!change) return std::unexpected(change.error());
        change->seen = seen_there;
        if (conflict) return correct_interaction(interaction, *change);
        const auto read = write_interaction_change(edit, row->state, *change, *seen);
        return refused(problem_of(read, edit), field_name);
    }
    edit.set(field->code, as_bytes(shown->value), seen->of_value(row->state, field->code));
    return write_interaction(*row, edit, *seen);
}

People::Result People::retract_interaction(LocalDot interaction) {
    const auto row = writable_interaction(interaction, EventType::retract);
    if (!row) return std::unexpected(row.error());
    if (row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    Together together(workspace_);
    const EntryDraft entry{
        .type = EventType::retract,
        .record = interaction,
        .parent = row->contact,
        .body = protocol::encode_retract()};
    auto retracted = append(row->turf, {entry});
    if (retracted)
        HiddenWork(workspace_).note_told({.contacts = {}, .interactions = {interaction}});
    together.commit();
    return retracted;
}

People::Result People::restore_interaction(LocalDot interaction) {
    const auto row = writable_interaction(interaction, EventType::restore);
    if (!row) return std::unexpected(row.error());
    if (!row->state.retracted()) return refused(ActionProblem::nothing_to_change);
    return restore(interaction, row->contact, row->turf, row->state);
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
    const auto shows = [&] {  // asked twice: the projection may be another one by then
        return workspace_.projection().profiles().name_of(kind, id) == text;
    };
    const std::vector<LocalDot> seen = workspace_.projection().profiles().seen(kind, id);
    if (seen.size() == 1 && shows()) return refused(ActionProblem::nothing_to_change);
    const LogOrdinal own = workspace_.writer().own_log(roster, common);
    const auto parts =
        in_chained_parts(seen, next_entry(common), [&](std::span<const LocalDot> names) {
            protocol::Profile event{.kind = code, .id = id, .name = text};
            for (const LocalDot dot : names) event.over.dots.push_back(open_reference(dot, own));
            return EntryDraft{.type = EventType::profile, .body = protocol::encode(event)};
        });
    if (!parts) return std::unexpected(parts.error());
    auto named = append(common, *parts);
    if (named && !shows()) return refused(ActionProblem::no_effect);
    return named;
}

}  // namespace vereda::engine
