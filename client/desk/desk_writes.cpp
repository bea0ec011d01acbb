#include "client/desk/desk.h"
#include "client/desk/lookup.h"
#include "client/desk/problems/action_problem.h"
#include "client/desk/times/time_text.h"

namespace vereda::client {

Desk::Desk(engine::Workspace& workspace, const Options& options)
    : workspace_(workspace),
      people_(workspace, {options.phone_region}),
      queries_(workspace),
      ids_(workspace),
      authors_(workspace) {}

Or<Written> Desk::write(const WriteRequest& request) {
    return std::visit([this](const auto& one) { return write(one); }, request);
}

Or<Written> Desk::write(const AddContact& request) {
    const auto turf = turf_called(request.turf);
    if (!turf) return std::unexpected(turf.error());
    const auto added = people_.add_contact(*turf, request.draft);
    if (!added) return std::unexpected(problem_of(added.error()));
    Written written{.id = ids_.text_of(added->id), .added = true, .conflicts = added->conflicts};
    if (added->was_there) written.changed = added->changed;
    note_hiding(added->id, written);
    return written;
}

Or<Written> Desk::write(const ChangeContact& request) {
    const auto contact = contact_called(request.contact);
    if (!contact) return std::unexpected(contact.error());
    auto seen = find_seen(ids_, *contact, request.seen);
    if (!seen) return std::unexpected(seen.error());
    engine::ContactChange change = request.change;
    change.seen = std::move(*seen);
    auto written = changed(*contact, people_.edit_contact(*contact, change));
    if (written) note_hiding(*contact, *written);
    return written;
}

Or<Written> Desk::write(const HideContact& request) {
    const auto own = by_own_key(request.contact);
    const auto contact = own ? *own : find_contact_to_hide(ids_, request.contact.typed);
    if (!contact) return std::unexpected(contact.error());
    return changed(
        *contact,
        request.restore ? people_.restore_contact(*contact) : people_.retract_contact(*contact));
}

Or<Written> Desk::write(const ReleaseContact& request) {
    const auto contact = contact_called(request.contact);
    if (!contact) return std::unexpected(contact.error());
    return changed(*contact, people_.release_contact(*contact));
}

Or<Written> Desk::write(const LiftConsent& request) {
    const auto contact = contact_called(request.contact);
    if (!contact) return std::unexpected(contact.error());
    return changed(*contact, people_.lift_consent(*contact, request.channel, request.evidence));
}

Or<Written> Desk::write(const AddInteraction& request) {
    const auto contact = contact_called(request.contact);
    if (!contact) return std::unexpected(contact.error());
    const auto added = people_.add_interaction(*contact, request.draft);
    if (!added) return std::unexpected(problem_of(added.error()));
    Written written{.id = ids_.text_of(added->entry), .added = true};
    note_hiding(*contact, written);
    note_time(request.draft.at, written);
    return written;
}

Or<Written> Desk::write(const CorrectInteraction& request) {
    const auto interaction = find_interaction(ids_, request.interaction);
    if (!interaction) return std::unexpected(interaction.error());
    auto seen = find_seen_of_interaction(ids_, *interaction, request.seen);
    if (!seen) return std::unexpected(seen.error());
    engine::InteractionChange change = request.change;
    change.seen = std::move(*seen);
    auto written = changed(*interaction, people_.correct_interaction(*interaction, change));
    if (written) note_time(change.at, *written);
    return written;
}

Or<Written> Desk::write(const HideInteraction& request) {
    const auto interaction = find_interaction(ids_, request.interaction);
    if (!interaction) return std::unexpected(interaction.error());
    return changed(
        *interaction, request.restore ? people_.restore_interaction(*interaction)
                                      : people_.retract_interaction(*interaction));
}

Or<Written> Desk::write(const ReleaseInteraction& request) {
    const auto interaction = find_interaction(ids_, request.interaction);
    if (!interaction) return std::unexpected(interaction.error());
    return changed(*interaction, people_.release_interaction(*interaction));
}

Or<void> Desk::expect_turf(const std::string& name) {
    const auto turf = turf_called(name);
    if (!turf) return std::unexpected(turf.error());
    return {};
}

Or<void> Desk::expect_contact(const ContactName& name) {
    const auto contact = contact_called(name);
    if (!contact) return std::unexpected(contact.error());
    return {};
}

Or<void> Desk::expect_interaction(const std::string& id) {
    const auto interaction = find_interaction(ids_, id);
    if (!interaction) return std::unexpected(interaction.error());
    return {};
}

Or<engine::TurfNumber> Desk::turf_called(const std::string& name) {
    const auto known = turfs_.find(name);
    if (known != turfs_.end()) return known->second;
    auto turf = find_turf(workspace_, name);
    if (turf) turfs_.emplace(name, *turf);
    return turf;
}

Or<std::optional<engine::TurfNumber>> Desk::only_turf(const std::string& name) {
    if (name.empty()) return std::nullopt;
    const auto turf = turf_called(name);
    if (!turf) return std::unexpected(turf.error());
    return *turf;
}

Or<engine::LocalDot> Desk::contact_called(const ContactName& name) {
    if (const auto own = by_own_key(name)) return *own;
    return find_contact(ids_, name.typed);
}

// Nothing where the key is none of the source's, or where several turfs have it: then the lookup
// among all says so.
std::optional<engine::LocalDot> Desk::by_own_key(const ContactName& name) {
    constexpr std::string_view prefix = "key:";
    if (name.source.empty() || !name.typed.starts_with(prefix)) return std::nullopt;
    return find_own_key(workspace_, name.source, name.typed.substr(prefix.size()));
}

Or<Written> Desk::changed(engine::LocalDot record, const engine::People::Result& result) const {
    const bool stood =
        !result && result.error().problem == engine::ActionProblem::nothing_to_change;
    if (!result && !stood) return std::unexpected(problem_of(result.error()));
    Written written{.id = ids_.text_of(record), .changed = !stood};
    if (result) {
        written.entries = result->entries;
        written.conflicts = result->conflicts;
    }
    return written;
}

void Desk::note_hiding(engine::LocalDot contact, Written& written) {
    if (queries_.is_retracted(contact)) written.hidden_with = ids_.text_of(contact);
}

void Desk::note_time(std::optional<protocol::Millis> when, Written& written) const {
    if (when && is_far_ahead(*when, workspace_.environment().clock.now())) written.to_come = when;
}

}  // namespace vereda::client
