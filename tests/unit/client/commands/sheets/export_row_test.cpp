#include "client/commands/sheets/export_row.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "engine/schema/fields.h"
#include "engine/sheets/csv_reader.h"
#include "engine/sheets/encoding.h"
#include "engine/sheets/sheet_import.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::client;
using namespace vereda::tests;

namespace {

/// The exported cell of the only contact under `title`.
std::string exported(tests::Desk& desk, const std::string& title) {
    ContactsExport contacts(*desk, engine::Queries(*desk).contacts({}));
    REQUIRE(contacts.size() == 1);
    const auto channels = contacts.channels();
    const std::string text = csv_contact_header(channels) + csv_row(*contacts.next(), channels);
    engine::CsvReader reader(text);
    engine::CsvRow titles, cells;
    REQUIRE(reader.next(titles).value());
    REQUIRE(reader.next(cells).value());
    const auto column = std::ranges::find(titles.fields, title);
    REQUIRE(column != titles.fields.end());
    return cells.fields.at(static_cast<std::size_t>(column - titles.fields.begin()));
}

/// Everything that a contact shows, by its key.
using Shown = std::map<std::string, std::map<std::string, std::set<std::string>>>;

Shown shown_by_key(tests::Desk& desk) {
    Shown all;
    engine::Queries queries(*desk);
    for (const engine::ContactLine& line : queries.contacts({})) {
        const auto contact = queries.contact(line.id);
        REQUIRE(contact);
        auto& fields = all[contact->keys.front().key];
        fields["kind"] = {contact->kind};
        for (const engine::FieldView& field : contact->fields) {
            for (const engine::ValueView& value : field.values)
                fields[field.name].insert(value.text);
        }
        for (const engine::ConsentView& consent : contact->consents)
            fields["consent " + consent.channel] = {consent.given ? "given" : "withdrawn"};
    }
    return all;
}

std::string export_of(tests::Desk& desk) {
    ContactsExport contacts(*desk, engine::Queries(*desk).contacts({}));
    const auto channels = contacts.channels();
    std::string text = csv_contact_header(channels);
    while (const auto contact = contacts.next()) text += csv_row(*contact, channels);
    return text;
}

/// Contacts as nobody types them, except programs and by mistake.
class RandomContacts {
  public:
    explicit RandomContacts(unsigned seed) : random_(seed) {}

    engine::ContactDraft next() {
        engine::ContactDraft draft{.set = {{"given_name", "A"}}};
        draft.key = {"roll", "k" + std::to_string(++count_) + text()};
        for (const engine::Field& field : engine::fields()) {
            if (field.owner != engine::FieldOwner::contact || one_in(2)) continue;
            const bool set = field.rule == engine::MergeRule::set;
            for (std::size_t i = set ? number(4) : 1; i > 0; --i) {
                const std::string value = field.form == engine::ValueForm::date ? date() : text();
                (set ? draft.add : draft.set).push_back({std::string(field.name), value});
            }
        }
        if (one_in(3)) draft.consents = {{"sms", one_in(2)}, {"post", one_in(2)}};
        if (one_in(4)) draft.kind = "household";
        return draft;
    }

  private:
    std::size_t number(std::size_t below) { return random_() % below; }
    bool one_in(std::size_t times) { return number(times) == 0; }
    std::string date() { return one_in(2) ? "1990-02-03" : "1976"; }
    std::string text() {
        static const std::vector<std::string> pieces{
            "a",
            "Ruiz",
            "é",
            ";",
            "; ",
            ",",
            "|",
            "/",
            "\"",
            "\\",
            "'",
            "=",
            "+",
            "-",
            "@",
            " ",
            "x",
            "1",
            "600123",
            "none",
            "n/a",
            "\u00A0",
            "\n",
            "\r\n",
            "\t",
            "\v",
            "\f",
            "\x01",
            std::string(1, '\0'),
            "\u200B",
            "\uFEFF",
            "\\u0001",
            "correo",
            "+34600123456",
            "a@b.org",
            "\"a; b\""};
        std::string all;
        for (std::size_t i = number(6); i > 0; --i) all += pieces[number(pieces.size())];
        return all;
    }

    std::mt19937 random_;
    std::size_t count_ = 0;
};

/// Adds some hundred, of which many are refused for what they are made of.
void add_random_contacts(tests::Desk& desk, unsigned seed) {
    RandomContacts contacts(seed);
    engine::People people(*desk);
    desk->begin_group();
    std::size_t added = 0;
    while (added < 300) {
        if (people.add_contact(desk.north, contacts.next())) ++added;
    }
    desk->commit_group();
}

}  // namespace

TEST_CASE("what was exported comes back the same, whatever it is made of", "[export]") {
    const unsigned seed = GENERATE(1U, 2U, 3U);
    CAPTURE(seed);
    Office office;
    add_random_contacts(office.coordinator(), seed);
    const auto text = engine::decode_text(export_of(office.coordinator()));
    REQUIRE(text);
    auto sheet = engine::Sheet::open(text->text, {.key_column = "key", .this_year = 2026});
    REQUIRE(sheet);
    Office fresh;
    tests::Desk& there = fresh.coordinator();
    const auto result = engine::import_sheet(*there, there.north, *sheet, {.source = "roll"});
    REQUIRE(result);
    CHECK(result->rejected.empty());
    CHECK(result->added == 300);
    const Shown before = shown_by_key(office.coordinator());
    const Shown after = shown_by_key(there);
    for (const auto& [key, fields] : before) {
        CAPTURE(key);
        REQUIRE(after.contains(key));
        CHECK(after.at(key) == fields);
    }
}

TEST_CASE("consent on a channel that came from elsewhere has its column", "[export]") {
    Office office;
    tests::Desk& desk = office.coordinator();
    REQUIRE(engine::People(*desk, {.new_channels = true})
                .add_contact(
                    desk.north, {.set = {{"name", "Ana"}},
                                 .consents = {{"sms", true}, {"pigeon post", false}}}));
    CHECK(exported(desk, "consent_sms") == "given");
    CHECK(exported(desk, "consent_phone").empty());
    CHECK(exported(desk, "consent_pigeon post") == "withdrawn");
}
