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

}  // namespace vereda::client
