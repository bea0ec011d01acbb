#pragma once

#include "client/api/json_writer.h"
#include "client/desk/problems/problem.h"
#include "client/desk/shown.h"
#include "client/desk/written.h"
#include "engine/schema/value_text.h"

/// What the desk answers about people, as JSON (docs/commands.md).
namespace vereda::client {

/// {NAME: value, or values of a set}; of a conflict the value that shows.
[[nodiscard]] Json json_of(const std::vector<FieldShown>& fields);
/// {NAME: [ENTRY…]}
[[nodiscard]] Json json_of(const std::vector<FieldSeen>& fields);
/// {CHANNEL: "given" or "withdrawn"}
[[nodiscard]] Json json_of(const std::vector<ConsentShown>& consents);

/// Programs rely on it: it never changes.
[[nodiscard]] std::string word_of(engine::EntryStatus status);

template <class Form, Is<AuthorShown> Value>
void author_members(Form& form, Value& author) {
    form.member("member", author.member)
        .member("member_id", author.member_id)
        .member("device", author.device)
        .member("device_id", author.device_id);
}

template <class Form, Is<Written> Value>
void members(Form& form, Value& written) {
    form.member("id", written.id)
        .if_any("changed", written.changed)
        .if_any("entries", when(written.entries > 1, std::uint64_t{written.entries}))
        .if_any("conflicts", written.conflicts)
        .if_any("retracted", written.hidden_with.has_value());
}

template <class Form, Is<Candidate> Value>
void members(Form& form, Value& candidate) {
    form.member("id", candidate.id)
        .member("name", candidate.name)
        .member("source", candidate.source)
        .member("turf", candidate.turf);
}

/// A problem in the words of a language.
struct ProblemSaid {
    std::string error, why, advice;
    std::string code;
    std::vector<Candidate> candidates;
};

template <class Form, Is<ProblemSaid> Value>
void members(Form& form, Value& problem) {
    form.member("error", problem.error)
        .member("why", problem.why)
        .member("do", problem.advice)
        .member("code", problem.code)
        .if_any("candidates", problem.candidates);
}

template <class Form, Is<ContactRow> Value>
void members(Form& form, Value& row) {
    form.member("id", row.id).member("name", row.name).member("turf", row.turf);
}

template <class Form, Is<engine::RowKey> Value>
void members(Form& form, Value& key) {
    form.member("source", key.source).member("key", key.key);
}

template <class Form, Is<engine::Step> Value>
void members(Form& form, Value& step) {
    form.member("field", step.field)
        .member("action", step.action)
        .member("value", step.value)
        .member("replaced", step.replaced);
}

template <class Form, Is<VisitShown> Value>
void members(Form& form, Value& visit) {
    form.member("id", visit.id)
        .member("contact", visit.contact)
        .member("kind", visit.kind)
        .member("outcome", visit.outcome)
        .member("note", visit.note)
        .member("at", visit.at);
    author_members(form, visit.author);
    form.member("retracted", visit.retracted)
        .member("conflicts", visit.conflicts)
        .member("seen", visit.seen);
}

/// "lost", "not_here", or nothing.
[[nodiscard]] std::optional<std::string> missing_word(ContactShown::Presence presence);

/// Those that show, then those that were retracted, as far as they were asked for.
[[nodiscard]] std::vector<VisitShown> listed_visits(const ContactShown& contact);

template <class Form, Is<ContactShown> Value>
void members(Form& form, Value& contact) {
    const bool is_here = contact.presence == ContactShown::Presence::here;
    form.member("id", contact.id)
        .member("turf", contact.turf)
        .member("kind", contact.kind)
        .member("name", contact.name)
        .member("retracted", contact.retracted)
        .member("created", is_here ? engine::time_text(contact.created) : std::string())
        .member("fields", contact.fields)
        .member("seen", contact.seen)
        .member("conflicts", conflicts_of(contact))
        .member("consents", contact.consents)
        .member("keys", contact.keys)
        .member("interactions", listed_visits(contact))
        .member("hidden_interactions", std::uint64_t{contact.hidden_visit_count})
        .if_any("missing", missing_word(contact.presence));
}

template <class Form, Is<ValueShown> Value>
void members(Form& form, Value& value) {
    form.member("value", value.text).member("entry", value.entry);
    author_members(form, value.author);
    form.member("at", value.at);
}

template <class Form, Is<ConflictShown> Value>
void members(Form& form, Value& conflict) {
    form.member("contact", conflict.contact)
        .member("name", conflict.contact_name)
        .member("field", conflict.field)
        .if_any("interaction", conflict.interaction)
        .if_any("waits", conflict.waits)
        .member("values", conflict.values);
}

template <class Form, Is<EntryShown> Value>
void members(Form& form, Value& entry) {
    form.member("entry", entry.entry)
        .member("record", entry.record)
        .member("type", entry.type)
        .member("at", entry.at);
    author_members(form, entry.author);
    form.member("status", word_of(entry.status))
        .if_any("source", entry.source)
        .if_any("evidence", entry.evidence)
        .if_any("waits_for", entry.waits_for)
        .member("steps", entry.steps);
}

}  // namespace vereda::client
