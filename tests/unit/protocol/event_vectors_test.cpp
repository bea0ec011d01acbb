#include <catch2/catch.hpp>

#include "protocol/log/event.h"
#include "protocol/text_id.h"
#include "tests/unit/protocol/vectors.h"

/// Text ids and bodies of entries, made by the independent reader (tests/vectors/vereda-events).
using namespace vereda;
using namespace vereda::protocol;

namespace {

template <class Event>
std::optional<Bytes> again(const std::expected<Event, EventError>& event) {
    if (!event) return std::nullopt;
    return encode(*event);
}

/// What the program writes for the event that it read; nothing when it read none.
std::optional<Bytes> written_again(EventType type, ByteView body) {
    switch (type) {
        case EventType::contact_create:
            return again(parse_contact_create(body));
        case EventType::interaction_create:
            return again(parse_interaction_create(body));
        case EventType::edit:
            return again(parse_edit(body));
        case EventType::retract:
            return is_retract_body(body) ? std::optional(encode_retract()) : std::nullopt;
        case EventType::restore:
            return again(parse_restore(body));
        case EventType::consent_lift:
            return again(parse_consent_lift(body));
        case EventType::critical_lift:
            return again(parse_critical_lift(body));
        case EventType::profile:
            return again(parse_profile(body));
        case EventType::void_entry:
            break;
    }
    FAIL("no body of this type is published");
    return std::nullopt;
}

std::vector<Reference> references_at(const nlohmann::json& vector) {
    std::vector<Reference> found;
    for (const auto& each : vector.at("references"))
        found.push_back({each.at(0).get<std::uint64_t>(), {each.at(1).get<std::uint64_t>()}});
    return found;
}

EventType type_of(const nlohmann::json& vector) {
    return static_cast<EventType>(vector.at("type").get<std::uint64_t>());
}

TextIdError error_of(const std::string& why) {
    if (why == "length") return TextIdError::wrong_length;
    return why == "check" ? TextIdError::wrong_check : TextIdError::wrong_character;
}

}  // namespace

TEST_CASE("the published text ids are ours, and the old ones are read", "[text_id][vectors]") {
    const auto published = test::load_vectors("vereda-events/text_ids.json");
    for (const auto& vector : published.at("ids")) {
        const std::string text = vector.at("text");
        CHECK(text_id(test::hex_at(vector, "id")) == text);
        CHECK(parse_text_id(text) == text);
        CHECK(parse_text_id(vector.at("old_text").get<std::string>()) == text);
    }
    for (const auto& vector : published.at("typed"))
        CHECK(parse_text_id(vector.at("typed").get<std::string>()) == vector.at("read"));
    for (const auto& vector : published.at("refused")) {
        const std::string typed = vector.at("typed");
        CAPTURE(typed);
        const auto read = parse_text_id(typed);
        REQUIRE_FALSE(read);
        CHECK(read.error() == error_of(vector.at("why")));
    }
}

TEST_CASE("published bodies of entries are read and written byte for byte", "[event][vectors]") {
    const auto published = test::load_vectors("vereda-events/bodies.json");
    for (const auto& vector : published.at("good")) {
        CAPTURE(vector.at("type"), vector.at("says"));
        const Bytes body = test::hex_at(vector, "body");
        const auto written = written_again(type_of(vector), body);
        REQUIRE(written);
        CHECK(test::to_hex(*written) == test::to_hex(body));
        CHECK(references_of(type_of(vector), body) == references_at(vector));
    }
}

TEST_CASE("malformed bodies of entries are refused", "[event][vectors]") {
    const auto published = test::load_vectors("vereda-events/bodies.json");
    for (const auto& vector : published.at("malformed")) {
        CAPTURE(vector.at("type"), vector.at("why"));
        CHECK_FALSE(written_again(type_of(vector), test::hex_at(vector, "body")));
    }
}
