#include "client/words/catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace vereda::client;

namespace {

constexpr LanguageFile files[] = {
    {"en", R"({
        "bye": "Goodbye.",
        "hidden": "{count, plural, one {# contact is hidden.} other {# contacts are hidden.}}",
        "place": "The file {file} isn't there, and '{file}' is its name.",
        "what": "{kind, select, contact {A contact.} other {An interaction.}}"
    })"},
    {"pt_BR", R"({"bye": "Tchau."})"},
    {"uk", R"({
        "hidden": "{count, plural, one {Приховано # запис.} few {Приховано # записи.} other {Приховано # записів.}}"
    })"}};

const Catalogue english(files, "en");
const Catalogue ukrainian(files, "uk");

}  // namespace

TEST_CASE("a sentence is said with its arguments, texts as they are", "[words]") {
    CHECK(english.say("bye") == "Goodbye.");
    const std::string odd = "{count} '' # {0, plural} %s";
    CHECK(
        english.say("place", {{"file", odd}}) ==
        "The file " + odd + " isn't there, and '" + odd + "' is its name.");
    CHECK(
        english.say("place", {{"file", "Ñandú"}}) ==
        "The file Ñandú isn't there, and 'Ñandú' is its name.");
}

TEST_CASE("a sentence has the plural and the digits of its language", "[words]") {
    CHECK(english.say("hidden", {{"count", 1}}) == "1 contact is hidden.");
    CHECK(english.say("hidden", {{"count", 11'540}}) == "11,540 contacts are hidden.");
    CHECK(ukrainian.say("hidden", {{"count", 1}}) == "Приховано 1 запис.");
    CHECK(ukrainian.say("hidden", {{"count", 22}}) == "Приховано 22 записи.");
    CHECK(ukrainian.say("hidden", {{"count", 5}}) == "Приховано 5 записів.");
}

TEST_CASE("a sentence chooses by a word", "[words]") {
    CHECK(english.say("what", {{"kind", "contact"}}) == "A contact.");
    CHECK(english.say("what", {{"kind", "interaction"}}) == "An interaction.");
}

TEST_CASE("what a language lacks is said in English, with English plurals", "[words]") {
    CHECK(ukrainian.say("bye") == "Goodbye.");
    CHECK(Catalogue(files, "pt_BR").say("bye") == "Tchau.");
    CHECK(Catalogue(files, "pt_BR").say("hidden", {{"count", 0}}) == "0 contacts are hidden.");
}

TEST_CASE("the language is the one that the environment names, else English", "[words]") {
    CHECK(choose_language(files, "uk_UA.UTF-8") == "uk");
    CHECK(choose_language(files, "uk") == "uk");
    CHECK(choose_language(files, "pt_BR.UTF-8") == "pt_BR");
    CHECK(choose_language(files, "pt_PT.UTF-8") == "en");
    CHECK(choose_language(files, "es_NI@euro") == "en");
    CHECK(choose_language(files, "C.UTF-8") == "en");
    CHECK(choose_language(files, "") == "en");
}

TEST_CASE("the program has its English sentences with it", "[words]") {
    const auto languages = language_files();
    const auto file = std::ranges::find(languages, "en", &LanguageFile::language);
    REQUIRE(file != languages.end());
    CHECK(file->json.starts_with("{"));
}
