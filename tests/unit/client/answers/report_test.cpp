#include "client/answers/report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace vereda::client;

TEST_CASE("JSON text survives quotes, line breaks and control characters", "[json]") {
    const std::string text = "a\"b\\c\nd\te\x01\x7f é 😀";
    CHECK(nlohmann::json::parse(json_quoted(text)) == text);
    CHECK(json_quoted(text).find('\n') == std::string::npos);
    CHECK(json_quoted("\x1b[31m").find('\x1b') == std::string::npos);
}

TEST_CASE("JSON text is UTF-8 whatever it was made from", "[json]") {
    CHECK(
        nlohmann::json::parse(json_quoted("a\xff"
                                          "b")) == "a\uFFFDb");
}

TEST_CASE("objects and arrays keep the order in which they were filled", "[json]") {
    JsonArray array;
    array.add(JsonObject().add("b", std::uint64_t{1}).add("a", true).done()).add(Json::null());
    CHECK(array.done().text == R"([{"b":1,"a":true},null])");
    CHECK(JsonObject().done().text == "{}");
    CHECK(JsonArray().done().text == "[]");
    CHECK(JsonObject().add("n", std::int64_t{-3}).done().text == R"({"n":-3})");
}

TEST_CASE("an answer is text for people and one line of JSON for machines", "[report]") {
    std::ostringstream out;
    std::ostringstream err;
    Report(out, err, {}).answer(Json::of("x"), "words");
    CHECK(out.str() == "words\n");
    out.str("");
    Report(out, err, {.json = true, .out = {}, .err = {}}).answer(Json::of("x"), "words");
    CHECK(out.str() == "\"x\"\n");
    CHECK(err.str().empty());
}

TEST_CASE("a problem is one JSON object with three parts and a name", "[report]") {
    std::ostringstream out;
    std::ostringstream err;
    Report(out, err, {.json = true, .out = {}, .err = {}})
        .problem(
            {Exit::usage,
             "usage",
             {{"error", "It is not here."}, {"why", "Because."}, {"advice", "Look elsewhere."}}});
    const auto said = nlohmann::json::parse(err.str());
    CHECK(
        said == nlohmann::json{
                    {"error", "It is not here."},
                    {"why", "Because."},
                    {"do", "Look elsewhere."},
                    {"code", "usage"}});
    CHECK(out.str().empty());
}

TEST_CASE("numbers are counted as people read them", "[report]") {
    CHECK(counted(0, "contact") == "0 contacts");
    CHECK(counted(1, "contact") == "1 contact");
    CHECK(counted(999, "entry", "entries") == "999 entries");
    CHECK(counted(1000, "entry", "entries") == "1,000 entries");
    CHECK(counted(1234567, "byte") == "1,234,567 bytes");
}
