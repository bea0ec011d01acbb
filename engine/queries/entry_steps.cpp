#include "engine/queries/entry_steps.h"

#include <algorithm>

#include "engine/projection/interactions.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::EventType;

EventType type_of(const LoggedEntry& logged) { return static_cast<EventType>(logged.entry.type); }

std::string channel_word(const protocol::CodeOrText& channel) {
    if (channel.is_text()) return std::string(channel.text);
    const std::string_view word = word_of(Vocabulary::channel, channel.code);
    return word.empty() ? "channel " + std::to_string(channel.code) : std::string(word);
}

std::string field_word(std::uint64_t code) {
    const auto known = find_field(static_cast<std::uint32_t>(code));
    return known == nullptr ? "field " + std::to_string(code) : std::string(known->name);
}

std::string text_of_value(std::uint64_t code, ByteView value) {
    return value_text(static_cast<std::uint32_t>(code), value);
}

Step consent_step(const protocol::ConsentMark& mark) {
    const bool given = mark.state == protocol::ConsentState::given;
    return {"consent " + channel_word(mark.channel), given ? "given" : "withdrawn", {}, {}};
}

// ---- what an entry wrote to a register, for those who wrote over it

std::optional<std::string> created_value(const LoggedEntry& logged, std::uint64_t code) {
    if (type_of(logged) == EventType::contact_create) {
        const auto event = protocol::parse_contact_create(logged.entry.body);
        if (!event) return std::nullopt;
        for (const protocol::InitialValue& value : event->values) {
            if (value.field == code && !value.element) return text_of_value(code, value.value);
        }
        return std::nullopt;
    }
    const auto event = protocol::parse_interaction_create(logged.entry.body);
    if (!event) return std::nullopt;
    if (code == field::kind) return text_of_value(code, protocol::term_value(event->kind));
    if (code == field::outcome) return text_of_value(code, protocol::term_value(event->outcome));
    if (code == field::note && event->note) return std::string(*event->note);
    if (code == field::at) return time_text({happened_ms(logged.time_ms, *event)});
    return std::nullopt;
}

std::optional<std::string> edited_value(const LoggedEntry& logged, std::uint64_t code) {
    const auto event = protocol::parse_edit(logged.entry.body);
    if (!event) return std::nullopt;
    for (const protocol::Write& write : event->writes) {
        if (write.kind == protocol::Write::Kind::set_register && write.field == code)
            return text_of_value(code, write.value);
    }
    return std::nullopt;
}

std::optional<std::string> value_written(const LoggedEntry& logged, std::uint64_t code) {
    switch (type_of(logged)) {
        case EventType::contact_create:
        case EventType::interaction_create:
            return created_value(logged, code);
        case EventType::edit:
            return edited_value(logged, code);
        default:
            return std::nullopt;
    }
}

// The entries that an over names, as far as they can be here.
std::vector<LocalDot> dots_of(const LoggedEntry& logged, const protocol::Over& over) {
    std::vector<LocalDot> dots;
    if (over.creating) dots.push_back(logged.record);
    for (const protocol::Reference& reference : over.dots)
        dots.push_back(logged.references->resolve(reference));
    std::erase(dots, LocalDot{});
    return dots;
}

std::vector<std::string> replaced_values(
    const LoggedEntry& logged, const protocol::Write& write, EntryPages& pages) {
    std::vector<std::string> values;
    for (const LocalDot dot : dots_of(logged, write.over)) {
        const auto before = pages.read(dot);
        if (!before) continue;
        if (auto value = value_written(*before, write.field)) values.push_back(std::move(*value));
    }
    return values;
}

// ---- steps, type by type

std::vector<Step> steps_of_contact(const LoggedEntry& logged) {
    const auto event = protocol::parse_contact_create(logged.entry.body);
    if (!event) return {};
    const std::string_view kind = word_of(Vocabulary::contact_kind, event->kind);
    std::vector<Step> steps{{"record", "create", std::string(kind), {}}};
    if (event->key) steps.push_back({"key", "set", std::string(event->key->key), {}});
    for (const protocol::InitialValue& value : event->values) {
        steps.push_back(
            {field_word(value.field),
             value.element ? "add" : "set",
             text_of_value(value.field, value.value),
             {}});
    }
    for (const protocol::ConsentMark& mark : event->consents) steps.push_back(consent_step(mark));
    return steps;
}

std::vector<Step> steps_of_interaction(const LoggedEntry& logged) {
    std::vector<Step> steps;
    if (!protocol::parse_interaction_create(logged.entry.body)) return steps;
    steps.push_back({"record", "create", created_value(logged, field::kind).value_or(""), {}});
    for (const std::uint32_t code : {field::outcome, field::note, field::at}) {
        auto value = created_value(logged, code);
        if (value && !value->empty())
            steps.push_back({std::string(field_name(code)), "set", std::move(*value), {}});
    }
    return steps;
}

Step step_of_write(const LoggedEntry& logged, const protocol::Write& write, EntryPages& pages) {
    switch (write.kind) {
        case protocol::Write::Kind::set_register:
            return {
                field_word(write.field), "set", text_of_value(write.field, write.value),
                replaced_values(logged, write, pages)};
        case protocol::Write::Kind::add_element:
            return {field_word(write.field), "add", text_of_value(write.field, write.value), {}};
        case protocol::Write::Kind::remove_element:
            return {field_word(write.field), "remove", text_of_value(write.field, write.value), {}};
        case protocol::Write::Kind::consent:
            break;
    }
    return consent_step(write.consent);
}

std::vector<Step> steps_of_edit(const LoggedEntry& logged, EntryPages& pages) {
    std::vector<Step> steps;
    const auto event = protocol::parse_edit(logged.entry.body);
    if (!event) return steps;
    for (const protocol::Write& write : event->writes)
        steps.push_back(step_of_write(logged, write, pages));
    return steps;
}

bool is_same(const protocol::CodeOrText& a, const protocol::CodeOrText& b) {
    return a.code == b.code && a.text == b.text;
}

// Whether an entry withdrew the consent that `lift` gives back.
bool withdrew(const LoggedEntry& logged, const protocol::ConsentLift& lift) {
    const auto is_it = [&](const protocol::ConsentMark& mark) {
        return mark.state == protocol::ConsentState::withdrawn && mark.purpose == lift.purpose &&
               is_same(mark.channel, lift.channel);
    };
    if (type_of(logged) == EventType::contact_create) {
        const auto event = protocol::parse_contact_create(logged.entry.body);
        return event && std::ranges::any_of(event->consents, is_it);
    }
    const auto event = protocol::parse_edit(logged.entry.body);
    return type_of(logged) == EventType::edit && event &&
           std::ranges::any_of(event->writes, [&](const protocol::Write& write) {
               return write.kind == protocol::Write::Kind::consent && is_it(write.consent);
           });
}

std::vector<Step> steps_of_lift(const LoggedEntry& logged, EntryPages& pages) {
    const auto event = protocol::parse_consent_lift(logged.entry.body);
    if (!event) return {};
    Step step{"consent " + channel_word(event->channel), "lifted", {}, {}};
    const auto named = dots_of(logged, event->over);
    const bool any = std::ranges::any_of(named, [&](LocalDot dot) {
        const auto before = pages.read(dot);
        return before && withdrew(*before, *event);
    });
    if (any) step.replaced.emplace_back("withdrawn");
    return {std::move(step)};
}

}  // namespace

std::string type_word(const LoggedEntry& logged) {
    const std::string on = logged.parent.is_none() ? "contact." : "interaction.";
    switch (type_of(logged)) {
        case EventType::contact_create:
            return "contact.create";
        case EventType::interaction_create:
            return "interaction.create";
        case EventType::edit:
            return on + "edit";
        case EventType::retract:
            return on + "retract";
        case EventType::restore:
            return on + "restore";
        case EventType::consent_lift:
            return "consent.lift";
        case EventType::critical_lift:
            return on + "release";
        case EventType::void_entry:
            return "void";
        case EventType::profile:
            return "name";
    }
    return "type " + std::to_string(logged.entry.type);
}

std::vector<Step> steps_of(const LoggedEntry& logged, EntryPages& pages) {
    if (logged.entry.version != 1) return {};
    switch (type_of(logged)) {
        case EventType::contact_create:
            return steps_of_contact(logged);
        case EventType::interaction_create:
            return steps_of_interaction(logged);
        case EventType::edit:
            return steps_of_edit(logged, pages);
        case EventType::consent_lift:
            return steps_of_lift(logged, pages);
        case EventType::retract:
            return {{"record", "retracted", {}, {}}};
        case EventType::restore:
            return {{"record", "restored", {}, {}}};
        case EventType::critical_lift:
            return {{"record", "released", {}, {}}};
        case EventType::void_entry:
        case EventType::profile:
            break;
    }
    return {};
}

std::string source_of(const LoggedEntry& logged) {
    if (type_of(logged) == EventType::contact_create) {
        const auto event = protocol::parse_contact_create(logged.entry.body);
        return event && event->key ? std::string(event->key->source) : std::string();
    }
    if (type_of(logged) != EventType::edit) return {};
    const auto event = protocol::parse_edit(logged.entry.body);
    return event && event->source ? std::string(*event->source) : std::string();
}

std::string evidence_of(const LoggedEntry& logged) {
    if (type_of(logged) != EventType::consent_lift) return {};
    const auto event = protocol::parse_consent_lift(logged.entry.body);
    return event ? std::string(event->evidence) : std::string();
}

}  // namespace vereda::engine
