#include "engine/sheets/csv_reader.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace vereda::engine;

namespace {

using Fields = std::vector<std::string>;

std::string content(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

std::vector<CsvRow> rows(std::string_view text, char delimiter = ',') {
    CsvReader reader(text, delimiter);
    std::vector<CsvRow> found;
    for (CsvRow row; reader.next(row).value();) found.push_back(row);
    return found;
}

CsvError first_error(std::string_view text, CsvLimits limits = {}) {
    CsvReader reader(text, ',', limits);
    for (CsvRow row;;) {
        const auto more = reader.next(row);
        if (!more) return more.error();
        REQUIRE(*more);
    }
}

}  // namespace

TEST_CASE("every sheet of csv-spectrum reads as its JSON says", "[csv]") {
    const std::filesystem::path folder = VEREDA_TEST_DATA "/data/csv-spectrum";
    std::size_t sheets = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder / "csvs")) {
        CAPTURE(file.path().string());
        const std::vector<CsvRow> all = rows(content(file.path()));
        auto expected =
            nlohmann::json::parse(content(folder / "json" / file.path().stem().concat(".json")));
        if (expected.is_object()) {  // location_coordinates.json: no array, and another number
            expected["Contact Phone Number"] = "2095257564";
            expected = nlohmann::json::array({nlohmann::json(expected)});
        }
        REQUIRE(all.size() == expected.size() + 1);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            nlohmann::json row = nlohmann::json::object();
            for (std::size_t column = 0; column < all[0].fields.size(); ++column) {
                row[all[0].fields[column]] = all[i + 1].fields.at(column);
            }
            CHECK(row == expected[i]);
        }
        ++sheets;
    }
    CHECK(sheets == 12);
}

TEST_CASE("lines may end with CRLF, LF or CR, and the last with nothing", "[csv]") {
    for (const char* text :
         {"a,b\r\nc,d\r\n", "a,b\nc,d\n", "a,b\rc,d\r", "a,b\nc,d", "a,b\r\nc,d"}) {
        CAPTURE(text);
        const std::vector<CsvRow> all = rows(text);
        REQUIRE(all.size() == 2);
        CHECK(all[0].fields == Fields{"a", "b"});
        CHECK(all[1].fields == Fields{"c", "d"});
    }
}

TEST_CASE("a byte order mark is no part of the first field", "[csv]") {
    CHECK(
        rows("\xEF\xBB\xBF"
             "a,b")[0]
            .fields == Fields{"a", "b"});
}

TEST_CASE("a row knows the line it begins on, also behind line breaks in quotes", "[csv]") {
    const std::vector<CsvRow> all = rows("a\n\"b\r\nb\rb\nb\"\n\nc\n");
    REQUIRE(all.size() == 4);
    CHECK(all[1].line == 2);
    CHECK(all[1].fields[0] == "b\r\nb\rb\nb");
    CHECK(all[2].line == 6);
    CHECK(all[2].is_blank());
    CHECK(all[3].line == 7);
}

TEST_CASE("empty fields count, quoted or not, at the end of a row too", "[csv]") {
    CHECK(rows("a,,\"\",")[0].fields == Fields{"a", "", "", ""});
    CHECK(rows(",")[0].fields == Fields{"", ""});
    CHECK(rows(",")[0].is_blank());
    CHECK_FALSE(rows(",x")[0].is_blank());
}

TEST_CASE("a quote inside an unquoted field is a letter", "[csv]") {
    CHECK(rows("5\" pipe,b")[0].fields == Fields{"5\" pipe", "b"});
}

TEST_CASE("text without anything has no rows", "[csv]") {
    CHECK(rows("").empty());
    CHECK(rows("\xEF\xBB\xBF").empty());
}

TEST_CASE("a quoted field that never ends is an error at the line it began", "[csv]") {
    CHECK(first_error("a,b\nc,\"d\ne,f\n") == CsvError{CsvProblem::unterminated_quote, 2});
    CHECK(first_error("a,\"") == CsvError{CsvProblem::unterminated_quote, 1});
    CHECK(first_error("\"a\"\"") == CsvError{CsvProblem::unterminated_quote, 1});
    CHECK(first_error("\"a\"x,\"b") == CsvError{CsvProblem::unterminated_quote, 1});
}

TEST_CASE("after an unterminated quote there is nothing more", "[csv]") {
    CsvReader reader("a\n\"b\nc");
    CsvRow row;
    CHECK(reader.next(row).value());
    CHECK_FALSE(reader.next(row).has_value());
    CHECK(reader.next(row) == false);
}

TEST_CASE("text behind a closing quote spoils its row and no other", "[csv]") {
    CsvReader reader("\"a\"b,c\nd,e\n");
    CsvRow row;
    CHECK(reader.next(row).error() == CsvError{CsvProblem::text_after_quote, 1});
    REQUIRE(reader.next(row).value());
    CHECK(row.fields == Fields{"d", "e"});
}

TEST_CASE("a field or row beyond the limits is refused, and the next row is read", "[csv]") {
    const CsvLimits limits{.field_size_max = 3, .columns_max = 2};
    CHECK(first_error("a\nbbbb\n", limits) == CsvError{CsvProblem::field_too_long, 2});
    CHECK(first_error("\"bb\"\"b\"\n", limits) == CsvError{CsvProblem::field_too_long, 1});
    CsvReader reader("a,b,c,d,e\nf,g\n", ',', limits);
    CsvRow row;
    CHECK(reader.next(row).error() == CsvError{CsvProblem::too_many_columns, 1});
    REQUIRE(reader.next(row).value());
    CHECK(row.fields == Fields{"f", "g"});
    CHECK(row.line == 2);
}

TEST_CASE("the reader holds no more than the widest row allowed", "[csv]") {
    const std::string commas(100'000, ',');
    CsvReader reader(commas, ',', {.columns_max = 10});
    CsvRow row;
    CHECK(reader.next(row).error().problem == CsvProblem::too_many_columns);
    CHECK(row.fields.size() <= 10);
}

TEST_CASE("the delimiter is the one that makes even columns", "[csv]") {
    CHECK(detect_delimiter("First,Last\nAna,Ruiz\n") == ',');
    CHECK(detect_delimiter("First;Last\nAna;Ruiz, de\n") == ';');
    CHECK(detect_delimiter("First\tLast\nAna\tRuiz\n") == '\t');
    CHECK(detect_delimiter("First|Last\nAna|Ruiz\n") == '|');
    CHECK(detect_delimiter("Name;Amount\nAna;1,5\nEva;2,5\n") == ';');
    CHECK(detect_delimiter("Name\nAna\n") == ',');
    CHECK(detect_delimiter("\"a;b;c\",d\n\"a;b\",d\n") == ',');
    CHECK(detect_delimiter("") == ',');
}
