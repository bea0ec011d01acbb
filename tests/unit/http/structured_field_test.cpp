#include "protocol/http/structured_field.h"

#include <catch2/catch.hpp>

#include "tests/unit/http/vectors.h"

using namespace vereda;
using namespace vereda::http;
using nlohmann::json;

namespace {

/// RFC 4648 §6, as the published vectors write byte sequences.
Bytes from_base32(const std::string& text) {
    Bytes out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        if (c == '=') break;
        bits = bits << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
        count += 5;
        if (count >= 8) out.push_back(static_cast<std::uint8_t>(bits >> (count -= 8)));
    }
    return out;
}

/// False for the types that our part of the RFC leaves out.
bool read_bare(const json& value, BareItem& out) {
    if (value.is_boolean()) return out = value.get<bool>(), true;
    if (value.is_number_integer()) return out = value.get<std::int64_t>(), true;
    if (value.is_string()) return out = value.get<std::string>(), true;
    if (!value.is_object()) return false;
    const std::string type = value["__type"];
    if (type == "token") return out = Token{value["value"]}, true;
    if (type == "binary") return out = from_base32(value["value"]), true;
    return false;
}

bool read_parameters(const json& pairs, std::vector<Parameter>& out) {
    for (const json& pair : pairs) {
        if (!read_bare(pair[1], out.emplace_back().value)) return false;
        out.back().key = pair[0];
    }
    return true;
}

bool read_item(const json& pair, Item& out) {
    return read_bare(pair[0], out.value) && read_parameters(pair[1], out.parameters);
}

bool read_member(const json& pair, Member& out) {
    out.key = pair[0];
    const json& value = pair[1];
    if (!value[0].is_array()) return read_item(value, out.value.emplace<Item>());
    auto& list = out.value.emplace<InnerList>();
    for (const json& item : value[0]) {
        if (!read_item(item, list.items.emplace_back())) return false;
    }
    return read_parameters(value[1], list.parameters);
}

bool read_dictionary(const json& pairs, Dictionary& out) {
    for (const json& pair : pairs) {
        if (!read_member(pair, out.emplace_back())) return false;
    }
    return true;
}

std::string joined(const json& lines) {
    std::string out;
    for (const std::string line : lines) out += (out.empty() ? "" : ", ") + line;
    return out;
}

/// The published tests that a dictionary reads otherwise: two repeat a key, which we refuse on
/// purpose.
bool has_repeated_key(const std::string& name) {
    return name.find("duplicate") != std::string::npos || name == "0x2c in dictionary key";
}

/// "a,a" is no item, but two members of a dictionary.
bool is_no_member(const std::string& name) { return name == "0x2c in token"; }

/// An item alone is the member "x" of a dictionary; leading spaces go, as the RFC drops them.
std::string as_member(std::string raw) {
    return "x=" + raw.erase(0, std::min(raw.find_first_not_of(' '), raw.size()));
}

struct Tally {
    int accepted = 0;
    int refused = 0;
};

void check_case(
    const json& test, const std::string& raw, const json& expected_members, Tally& tally) {
    INFO(test["name"] << ": " << raw);
    const auto parsed = parse_dictionary(raw);
    Dictionary expected;
    const bool within_our_part =
        !test.value("must_fail", false) && read_dictionary(expected_members, expected);
    if (!within_our_part || has_repeated_key(test["name"])) {
        ++tally.refused;
        CHECK_FALSE(parsed.has_value());
    } else if (parsed.has_value() || !test.value("can_fail", false)) {
        ++tally.accepted;
        REQUIRE(parsed.has_value());
        CHECK(*parsed == expected);
        const auto again = parse_dictionary(serialize(*parsed));
        CHECK(again == parsed);
    }
}

Tally check_dictionaries(const std::string& file) {
    Tally tally;
    for (const json& test : load_vectors("structured-fields/" + file)) {
        if (test["header_type"] != "dictionary") continue;
        check_case(test, joined(test["raw"]), test.value("expected", json::array()), tally);
    }
    return tally;
}

Tally check_items(const std::string& file) {
    Tally tally;
    for (const json& test : load_vectors("structured-fields/" + file)) {
        if (test["header_type"] != "item") continue;
        if (test["raw"].size() != 1 || is_no_member(test["name"])) continue;
        const json expected =
            json::array({json::array({"x", test.value("expected", json::array())})});
        check_case(test, as_member(test["raw"][0]), expected, tally);
    }
    return tally;
}

}  // namespace

TEST_CASE("dictionaries agree with the published structured field tests", "[http]") {
    const auto file =
        GENERATE("dictionary.json", "param-dict.json", "key-generated.json", "examples.json");
    const Tally tally = check_dictionaries(file);
    CHECK(tally.accepted >= 5);
}

TEST_CASE("items agree with the published structured field tests", "[http]") {
    const auto file = GENERATE(
        "binary.json", "boolean.json", "string.json", "token.json", "number.json",
        "string-generated.json", "token-generated.json");
    const Tally tally = check_items(file);
    CHECK(tally.accepted >= 2);
}

TEST_CASE("a dictionary is written in the published canonical form", "[http]") {
    int compared = 0;
    for (const json& test : load_vectors("structured-fields/dictionary.json")) {
        const auto parsed = parse_dictionary(joined(test["raw"]));
        if (!parsed || parsed->empty()) continue;
        CHECK(serialize(*parsed) == joined(test.value("canonical", test["raw"])));
        ++compared;
    }
    CHECK(compared > 10);
}

TEST_CASE("a repeated key is refused, in a dictionary and in parameters", "[http]") {
    CHECK(parse_dictionary("a=1, a=1") == std::unexpected(FieldError::malformed));
    CHECK(parse_dictionary("a=1;b;b") == std::unexpected(FieldError::malformed));
    CHECK(parse_dictionary("a=(\"x\");b=1;b=2") == std::unexpected(FieldError::malformed));
}

TEST_CASE(
    "base64 with unused bits set, without padding or with a line break is refused", "[http]") {
    CHECK(parse_dictionary("a=:iZ==:") == std::unexpected(FieldError::malformed));
    CHECK(parse_dictionary("a=:iQ:") == std::unexpected(FieldError::malformed));
    CHECK(parse_dictionary("a=:iQ\n==:") == std::unexpected(FieldError::malformed));
    CHECK(parse_dictionary("a=:iQ==:").has_value());
}

TEST_CASE("a field beyond the size limit is refused before it is read", "[http]") {
    CHECK(
        parse_dictionary("a=" + std::string(field_size_max, '1')) ==
        std::unexpected(FieldError::too_long));
}
