#include "client/api/shown_json.h"

namespace vereda::client {

Json json_of(const std::vector<FieldShown>& fields) {
    JsonObject object;
    for (const FieldShown& field : fields) {
        if (field.values.empty()) continue;
        if (!field.set) {
            object.add(field.name, field.values.front().text);
            continue;
        }
        JsonArray elements;
        for (const ValueShown& value : field.values) elements.add(Json::of(value.text));
        object.add(field.name, elements.done());
    }
    return object.done();
}

Json json_of(const std::vector<FieldSeen>& fields) {
    JsonObject object;
    for (const FieldSeen& field : fields) object.add(field.name, json_texts(field.entries));
    return object.done();
}

Json json_of(const std::vector<ConsentShown>& consents) {
    JsonObject object;
    for (const ConsentShown& consent : consents)
        object.add(consent.channel, consent.given ? "given" : "withdrawn");
    return object.done();
}

std::optional<std::string> missing_word(ContactShown::Presence presence) {
    if (presence == ContactShown::Presence::here) return std::nullopt;
    return presence == ContactShown::Presence::lost ? "lost" : "not_here";
}

std::vector<VisitShown> listed_visits(const ContactShown& contact) {
    std::vector<VisitShown> visits = contact.visits;
    visits.insert(visits.end(), contact.hidden_visits.begin(), contact.hidden_visits.end());
    return visits;
}

std::string word_of(engine::EntryStatus status) {
    using enum engine::EntryStatus;
    switch (status) {
        case applied:
            return "applied";
        case pending:
            return "pending";
        case withheld:
            return "withheld";
        case no_authority:
            return "no authority";
        case unknown:
            return "of a later version";
        case unknown_critical:
            return "of a later version, record is read-only";
        case malformed:
            return "malformed";
        case foreign:
            return "names a record of another turf";
        case erased:
            break;
    }
    return "erased";
}

}  // namespace vereda::client
