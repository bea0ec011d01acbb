#include "client/commands/export_row.h"

#include <catch2/catch.hpp>

#include "engine/import/csv_reader.h"
#include "tests/unit/engine/people/office.h"

using namespace vereda;
using namespace vereda::client;
using namespace vereda::tests;

namespace {

/// The exported cell of the only contact under `title`.
std::string exported(Desk& desk, const std::string& title) {
    engine::Queries queries(*desk);
    const auto contacts = queries.contacts({});
    REQUIRE(contacts.size() == 1);
    const auto channels = consent_columns(*desk, contacts);
    const std::string text = csv_contact_header(channels) +
                             csv_row(*desk, *queries.contact(contacts.front().id), channels);
    engine::CsvReader reader(text);
    engine::CsvRow titles, cells;
    REQUIRE(reader.next(titles).value());
    REQUIRE(reader.next(cells).value());
    const auto column = std::ranges::find(titles.fields, title);
    REQUIRE(column != titles.fields.end());
    return cells.fields.at(static_cast<std::size_t>(column - titles.fields.begin()));
}

}  // namespace

TEST_CASE("consent on a channel that came from elsewhere has its column", "[export]") {
    Office office;
    Desk& desk = office.coordinator();
    REQUIRE(engine::People(*desk, {.new_channels = true})
                .add_contact(
                    desk.north, {.set = {{"name", "Ana"}},
                                 .consents = {{"sms", true}, {"pigeon post", false}}}));
    CHECK(exported(desk, "consent_sms") == "given");
    CHECK(exported(desk, "consent_phone").empty());
    CHECK(exported(desk, "consent_pigeon post") == "withdrawn");
}
