#pragma once

#include "client/api/json_writer.h"
#include "client/desk/requests.h"

/// What the requests of the desk are made of, as JSON: a table each (json_writer.h).
namespace vereda::client {

template <class Form, Is<AddContact> Value>
void members(Form& form, Value& request) {
    form.member("turf", request.turf)
        .if_any("kind", request.draft.kind)
        .if_any("set", request.draft.set)
        .if_any("add", request.draft.add)
        .if_any("consent", request.draft.consents)
        .if_any("key", request.draft.key);
}

template <class Form, Is<ChangeContact> Value>
void members(Form& form, Value& request) {
    form.member("contact", request.contact)
        .if_any("seen", request.seen)
        .if_any("set", request.change.set)
        .if_any("add", request.change.add)
        .if_any("remove", request.change.remove)
        .if_any("consent", request.change.consents);
}

template <class Form, Is<HideContact> Value>
void members(Form& form, Value& request) {
    form.member("contact", request.contact);
}

template <class Form, Is<ReleaseContact> Value>
void members(Form& form, Value& request) {
    form.member("contact", request.contact);
}

template <class Form, Is<LiftConsent> Value>
void members(Form& form, Value& request) {
    form.member("contact", request.contact)
        .member("channel", request.channel)
        .member("evidence", request.evidence);
}

template <class Form, Is<AddInteraction> Value>
void members(Form& form, Value& request) {
    form.member("contact", request.contact)
        .member("kind", request.draft.kind)
        .if_any("outcome", request.draft.outcome)
        .if_any("note", request.draft.note)
        .if_any("at", request.draft.at);
}

template <class Form, Is<CorrectInteraction> Value>
void members(Form& form, Value& request) {
    form.member("interaction", request.interaction)
        .if_any("seen", request.seen)
        .if_any("kind", request.change.kind)
        .if_any("outcome", request.change.outcome)
        .if_any("note", request.change.note)
        .if_any("at", request.change.at);
}

template <class Form, Is<HideInteraction> Value>
void members(Form& form, Value& request) {
    form.member("interaction", request.interaction);
}

template <class Form, Is<ReleaseInteraction> Value>
void members(Form& form, Value& request) {
    form.member("interaction", request.interaction);
}

template <class Form, Is<SettleConflict> Value>
void members(Form& form, Value& request) {
    form.record(request.record, request.kind)
        .member("field", request.field)
        .if_any("value", request.value)
        .if_any("seen", request.seen);
}

}  // namespace vereda::client
