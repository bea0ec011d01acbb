#include "client/api/openapi.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "client/api/shown_json.h"
#include "client/api/status_json.h"

using namespace vereda::client;

namespace {

const std::string path = std::string(VEREDA_SOURCE_DIR) + "/docs/openapi.json";

std::string kept() {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

const nlohmann::json& schema(const std::string& name) {
    static const auto document = nlohmann::json::parse(openapi_text());
    return document.at("components").at("schemas").at(name);
}

/// Members of an answer that its schema does not know, and those that the schema wants.
std::string faults(const std::string& name, const Json& answer) {
    std::string found;
    const auto value = nlohmann::json::parse(answer.text);
    for (const auto& [member, content] : value.items())
        if (!schema(name).at("properties").contains(member)) found += " +" + member;
    for (const auto& member : schema(name).at("required"))
        if (!value.contains(member)) found += " -" + member.get<std::string>();
    return found;
}

}  // namespace

TEST_CASE("docs/openapi.json is what the tables of members say", "[api]") {
    if (std::getenv("VEREDA_WRITE_OPENAPI") != nullptr) std::ofstream(path) << openapi_text();
    CHECK(kept() == openapi_text());
}

TEST_CASE("an answer has the members that its schema says, full or empty", "[api]") {
    CHECK(faults("written", json_of(Written{.id = "a"})).empty());
    const Written full{
        .id = "a",
        .changed = false,
        .entries = 2,
        .conflicts = {"phone"},
        .hidden_with = "b",
        .to_come = {}};
    CHECK(faults("written", json_of(full)).empty());
    CHECK(faults("contact", json_of(ContactShown{})).empty());
    CHECK(
        faults("contact", json_of(ContactShown{.presence = ContactShown::Presence::lost})).empty());
    CHECK(faults("status", json_of(StatusShown{})).empty());
    CHECK(faults("audit", json_of(AuditSaid{.report = {.has_counts = false}, .findings = {}}))
              .empty());
    CHECK(faults("replay", json_of(ReplayShown{.same_as_in_use = true})).empty());
}

TEST_CASE("a request's schema says its verb, and what it wants", "[api]") {
    CHECK(schema("contact.add").at("properties").at("do").at("const") == "contact.add");
    const auto wants = schema("interaction.add").at("required");
    CHECK(std::find(wants.begin(), wants.end(), "kind") != wants.end());
    CHECK(std::find(wants.begin(), wants.end(), "note") == wants.end());
}
