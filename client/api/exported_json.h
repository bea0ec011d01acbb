#pragma once

#include "client/api/shown_json.h"
#include "client/desk/exported.h"

/// A line of `export --jsonl`.
namespace vereda::client {

/// {NAME: value, or values of a set}
[[nodiscard]] Json json_of(const std::vector<FieldExported>& fields);

template <class Form, Is<ContactExported> Value>
void members(Form& form, Value& contact) {
    form.member("id", contact.id)
        .member("turf", contact.turf)
        .member("kind", contact.kind)
        .member("name", contact.name)
        .member("created", contact.created)
        .member("fields", contact.fields)
        .member("consents", contact.consents)
        .member("keys", contact.keys)
        .member("conflicts", contact.conflicts);
}

template <class Form, Is<VisitExported> Value>
void members(Form& form, Value& visit) {
    form.member("id", visit.id)
        .member("contact", visit.contact)
        .member("name", visit.contact_name)
        .member("turf", visit.turf)
        .member("kind", visit.kind)
        .member("outcome", visit.outcome)
        .member("note", visit.note)
        .member("at", visit.at)
        .member("member", visit.member)
        .member("member_id", visit.member_id)
        .member("device", visit.device)
        .member("device_id", visit.device_id)
        .member("conflicts", visit.conflicts);
}

}  // namespace vereda::client
