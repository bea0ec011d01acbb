#include "client/desk/lookup.h"

#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/record_problem.h"
#include "client/desk/times/time_text.h"
#include "engine/queries/missing_contacts.h"
#include "engine/schema/value_text.h"
#include "engine/text/compose.h"

namespace vereda::client {
namespace {

Candidate candidate_of(
    const engine::RecordIds& ids, engine::LocalDot record, engine::RecordKind kind) {
    engine::Queries queries(ids.workspace());
    engine::LocalDot contact = record;
    if (kind == engine::RecordKind::interaction) {
        const auto visit = queries.interaction(record);
        if (visit) contact = visit->what.contact;
    }
    Candidate candidate{.id = ids.text_of(record)};
    if (const auto view = queries.contact(contact)) {
        candidate.name = view->name;
        candidate.turf = queries.turf_name(view->turf);
        if (!view->keys.empty()) candidate.source = view->keys.front().source;
    }
    return candidate;
}

Problem candidates_problem(
    const engine::RecordIds& ids, const engine::LookupError& error, std::string_view typed,
    engine::RecordKind kind) {
    Problem problem = problem_of(error, typed, kind);
    for (const engine::LocalDot record : error.candidates)
        problem.candidates.push_back(candidate_of(ids, record, kind));
    return problem;
}

}  // namespace

bool is_lost(engine::Workspace& workspace, engine::LocalDot contact) {
    engine::EntryPages pages(workspace);
    return engine::is_lost_contact(pages, contact);
}

Or<engine::TurfNumber> find_turf(engine::Workspace& workspace, std::string_view name) {
    if (workspace.beginnings().joining) {
        return std::unexpected(problem_of(ClientProblem::not_joined_yet));
    }
    std::vector<engine::TurfNumber> found = engine::Queries(workspace).find_turfs(name);
    std::erase(found, engine::TurfNumber{0});
    if (found.size() == 1) return found.front();
    return std::unexpected(problem_of(
        found.empty() ? ClientProblem::unknown_turf : ClientProblem::ambiguous_turf, name));
}

Or<engine::LocalDot> find_contact(engine::RecordIds& ids, std::string_view typed) {
    const auto found = find_contact_to_read(ids, typed);
    if (!found) return std::unexpected(found.error());
    if (found->here) return found->id;
    return std::unexpected(
        missing_contact_problem(ids.text_of(found->id), is_lost(ids.workspace(), found->id)));
}

Or<FoundContact> find_contact_to_read(engine::RecordIds& ids, std::string_view typed) {
    constexpr auto kind = engine::RecordKind::contact;
    const auto contact = ids.find(typed, kind);
    if (contact) return FoundContact{*contact};
    if (contact.error().problem == engine::LookupProblem::not_found) {
        if (const auto missing = ids.find_missing(typed)) return FoundContact{*missing, false};
    }
    return std::unexpected(candidates_problem(ids, contact.error(), typed, kind));
}

Or<engine::LocalDot> find_contact_to_hide(engine::RecordIds& ids, std::string_view typed) {
    const auto found = find_contact_to_read(ids, typed);
    if (!found) return std::unexpected(found.error());
    if (found->here || is_lost(ids.workspace(), found->id)) return found->id;
    return std::unexpected(missing_contact_problem(ids.text_of(found->id), false));
}

Or<engine::LocalDot> find_interaction(engine::RecordIds& ids, std::string_view typed) {
    constexpr auto kind = engine::RecordKind::interaction;
    const auto found = ids.find(typed, kind);
    if (found) return *found;
    return std::unexpected(candidates_problem(ids, found.error(), typed, kind));
}

std::optional<engine::LocalDot> find_own_key(
    engine::Workspace& workspace, std::string_view source, std::string_view key) {
    const std::string own = engine::composed(source);
    const std::string composed_key = engine::composed(key);
    std::optional<engine::LocalDot> only;
    for (const engine::TurfNumber turf : engine::Queries(workspace).turfs()) {
        const auto found = workspace.projection().contacts().find_key(turf, own, composed_key);
        if (found && only) return std::nullopt;
        if (found) only = found;
    }
    return only;
}

Or<engine::Seen> find_seen(
    const engine::RecordIds& ids, engine::LocalDot contact, const SeenTexts& seen) {
    engine::Seen found;
    for (const auto& [field, typed] : seen) {
        auto entries = ids.find_entries(typed, contact);
        if (!entries) return std::unexpected(problem_of(entries.error()));
        found[field] = std::move(*entries);
    }
    return found;
}

Or<engine::Seen> find_seen_of_interaction(
    const engine::RecordIds& ids, engine::LocalDot interaction, const SeenTexts& seen) {
    if (seen.empty()) return engine::Seen{};
    const auto visit = engine::Queries(ids.workspace()).interaction(interaction);
    return find_seen(ids, visit ? visit->what.contact : engine::LocalDot{}, seen);
}

SeenTexts seen_texts(const std::vector<std::pair<std::string, std::string>>& pairs) {
    SeenTexts seen;
    for (const auto& [field, entry] : pairs) {
        std::vector<std::string>& of_field = seen[field];
        if (!entry.empty()) of_field.push_back(entry);
    }
    return seen;
}

Or<protocol::Millis> find_time(std::string_view typed, engine::Clock& clock) {
    const auto time = parse_moment(typed, clock.now());
    if (time) return *time;
    return std::unexpected(problem_of(
        time.error() == MomentError::maybe_seconds ? ClientProblem::maybe_seconds
                                                   : ClientProblem::bad_time,
        typed));
}

std::vector<engine::FieldText> field_texts(
    const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::vector<engine::FieldText> texts;
    for (const auto& [field, value] : pairs) texts.push_back({field, value});
    return texts;
}

Or<std::vector<engine::ConsentText>> consent_texts(
    const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::vector<engine::ConsentText> consents;
    for (const auto& [channel, state] : pairs) {
        if (state != "given" && state != "withdrawn") {
            return std::unexpected(problem_of(ClientProblem::bad_consent, state));
        }
        consents.push_back({channel, state == "given"});
    }
    return consents;
}

}  // namespace vereda::client
