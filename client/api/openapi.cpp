#include "client/api/openapi.h"

#include <nlohmann/json.hpp>

#include "client/api/exported_json.h"
#include "client/api/request_members.h"
#include "client/api/schema_form.h"
#include "client/api/shown_json.h"
#include "client/api/status_json.h"
#include "client/api/sync_json.h"
#include "client/api/vault_json.h"
#include "client/api/write_verbs.h"

namespace vereda::client {
namespace {

using nlohmann::ordered_json;

template <class Value>
ordered_json schema() {
    return ordered_json::parse(schema_of(Type<Value>{}).text);
}

// A line of a batch says what to do, and may say whose keys these are.
ordered_json request(const WriteVerb& verb) {
    ordered_json one =
        std::visit([]<class Request>(const Request&) { return schema<Request>(); }, verb.request);
    one["properties"]["do"] = {{"const", verb.name}};
    one["properties"]["source"] = {{"type", "string"}};
    one["required"].push_back("do");
    return one;
}

ordered_json requests() {
    ordered_json schemas;
    for (const WriteVerb& verb : write_verbs()) schemas[std::string(verb.name)] = request(verb);
    return schemas;
}

ordered_json answers() {
    return {
        {"problem", schema<ProblemSaid>()},
        {"written", schema<Written>()},
        {"contact", schema<ContactShown>()},
        {"contact_row", schema<ContactRow>()},
        {"conflict", schema<ConflictShown>()},
        {"history_entry", schema<EntryShown>()},
        {"turf", schema<TurfRow>()},
        {"status", schema<StatusShown>()},
        {"audit", schema<AuditSaid>()},
        {"replay", schema<ReplayShown>()},
        {"sync", schema<SyncDone>()},
        {"vault_made", schema<VaultMade>()},
        {"secret_changed", schema<SecretChanged>()},
        {"invite", schema<InviteShown>()},
        {"file_written", schema<FileWritten>()},
        {"exported_contact", schema<ContactExported>()},
        {"exported_interaction", schema<VisitExported>()}};
}

// A property a line, so that a change reads well.
std::string lines_of(const ordered_json& schema) {
    std::string text = "{\"type\": \"object\", \"required\": " + schema.at("required").dump() +
                       ", \"properties\": {";
    const char* comma = "\n";
    for (const auto& [name, property] : schema.at("properties").items()) {
        text += comma + ("        \"" + name) + "\": " + property.dump();
        comma = ",\n";
    }
    return text + "}}";
}

}  // namespace

std::string openapi_text() {
    ordered_json schemas = requests();
    schemas.update(answers());
    std::string text =
        "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\"title\": \"Vereda\", \"version\": \"1\"},\n"
        "  \"paths\": {},\n  \"components\": {\"schemas\": {";
    const char* comma = "\n";
    for (const auto& [name, schema] : schemas.items()) {
        text += comma + ("    \"" + name) + "\": " + lines_of(schema);
        comma = ",\n";
    }
    return text + "}}\n}\n";
}

}  // namespace vereda::client
